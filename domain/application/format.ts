import type { Refusal } from '../kernel/refusal.ts'
import { counted } from '../kernel/shown.ts'
import type { ApplicationContext } from './context.ts'
import type { ApplicationForm, SoundSections } from './form.ts'
import { applicantEvidence, consent, contactPerson } from './format/applicant.ts'
import type { Check } from './format/check.ts'
import { extracts } from './format/extracts.ts'
import { handlers } from './format/handlers.ts'
import { period } from './format/period.ts'
import { placesOfHandling } from './format/places.ts'
import { legalChecks } from './legal.ts'

/** What the format check (形式審査) finds in a form; empty where it may go to review. */
export const checkFormat = (form: ApplicationForm, context: ApplicationContext): readonly Refusal[] =>
  bounded(checkSections(form, context))

/** The same of a form of which only some sections have the right shape: every rule that needs no other section. */
export const checkSections = (sound: SoundSections, context: ApplicationContext): readonly Refusal[] =>
  checks
    .filter(({ reads }) => reads.every((section) => sound[section] !== undefined))
    .flatMap(({ find }) => find(sound as ApplicationForm, context))

const checks: readonly Check[] = [
  consent,
  contactPerson,
  applicantEvidence,
  handlers,
  placesOfHandling,
  extracts,
  period,
  ...legalChecks,
]

/** What an event may hold of problems, in bytes of JSON: the ledger takes events of 350 000 bytes. */
const MAX_PROBLEM_BYTES = 250_000

/** As many problems as one event holds; of the rest their number. */
function bounded(problems: readonly Refusal[]): readonly Refusal[] {
  const held: Refusal[] = []
  let bytes = 0
  for (const each of problems) {
    bytes += new TextEncoder().encode(JSON.stringify(each)).length
    if (bytes > MAX_PROBLEM_BYTES) return [...held, unlisted(problems.length - held.length)]
    held.push(each)
  }
  return held
}

const unlisted = (count: number): Refusal => ({
  code: 'form.rule',
  what: { en: `${counted(count, 'problem is', 'problems are')} not listed`, ja: `ほかに${count}件の指摘があります。` },
  why: {
    en: 'one record of the ledger holds no more problems than those above',
    ja: '台帳の一つの記録に収まる指摘は、以上までです。',
  },
  next: {
    en: 'correct the problems above and submit again; what is left is then listed',
    ja: '以上の指摘を修正して再度提出してください。残りの指摘は、そのときに示します。',
  },
  requirement: 'APP-1',
  path: 'form',
})
