import { refusalLines, type Bilingual, type Language, type Refusal } from '#domain/kernel/refusal.ts'
import { escaped, excerpt, shown } from '#domain/kernel/shown.ts'

/** One fault in a configuration: where, what was found, why it cannot stand, what to write instead. */
export interface Problem extends Refusal {
  /** e.g. `databases[2].peer.address`; empty for the file as a whole */
  readonly path: string
}

/** What a rule knows of a fault. */
interface Fault {
  /** the second word of the code, e.g. `overlapping-ranges` */
  readonly reason: string
  readonly path: string
  /** what stands there */
  readonly value: unknown
  readonly why: Bilingual
  readonly next: Bilingual
  readonly requirement?: string
}

/** A value that may not stand where it stands. */
export const problem = ({ reason, value, ...fault }: Fault): Problem => ({
  code: `config.${reason}`,
  what: valueInWords(value),
  ...fault,
})

/** A fault of the file as a whole, of which no part can be judged. */
export const fileProblem = (reason: string, what: Bilingual, why: Bilingual, next: Bilingual): Problem => ({
  code: `config.${reason}`,
  path: '',
  what,
  why,
  next,
})

/** What stands at a place, said in both languages. */
export function valueInWords(value: unknown): Bilingual {
  if (value === undefined) return { en: 'found nothing', ja: '何も記載されていません。' }
  // a list is short here, and its entries are what the rule judges
  const { en, ja } = Array.isArray(value) ? sameInBoth(excerpt(JSON.stringify(value))) : shown(value)
  return { en: `found ${en}`, ja: `${ja}と記載されています。` }
}

const sameInBoth = (text: string): Bilingual => ({ en: text, ja: text })

/** A refused configuration. Its message is what a person reads: every problem, in English. */
export class ConfigRefused extends Error {
  readonly file: string
  readonly problems: readonly Problem[]

  constructor(file: string, problems: readonly Problem[]) {
    super(refusedInWords(file, problems, 'en'))
    this.file = file
    this.problems = problems
  }

  inWords(language: Language): string {
    return refusedInWords(this.file, this.problems, language)
  }
}

function refusedInWords(file: string, problems: readonly Problem[], language: Language): string {
  const head = {
    en: `${excerpt(file, 300)}: refused, ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`,
    ja: `${excerpt(file, 300)}：受け付けられません（問題 ${problems.length} 件）`,
  }
  return [
    `✗ ${head[language]}`,
    ...problems.flatMap((each) => refusalLines(each, language).map((line) => `  ${escaped(line)}`)),
  ].join('\n')
}
