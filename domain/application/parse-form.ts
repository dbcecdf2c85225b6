import { parse, type Parsed } from '../kernel/parse.ts'
import { canonicalJson } from '../ledger/canonical.ts'
import { formSchema, sections, type ApplicationForm, type SoundSections } from './form.ts'

const requirementOfSection: Readonly<Record<string, string>> = {
  applicant: 'APP-8',
  handlers: 'APP-2',
  extracts: 'APP-4',
}

function requirementOf([section, part]: readonly PropertyKey[]): string {
  if (section === 'plan' && part === 'places') return 'APP-3'
  if (section === 'plan' && part === 'period') return 'APP-5'
  if (section === 'plan' && part === 'purpose') return 'APP-6'
  return requirementOfSection[String(section)] ?? 'APP-1'
}

/**
 * Largest form, in bytes of canonical JSON: it must fit into one ledger item with room for the rest (DynamoDB: 400 KB).
 */
const MAX_BYTES = 300_000

/** Parses an untrusted form. Faults have code `form.shape` or `form.too-large`. */
export function parseForm(value: unknown): Parsed<ApplicationForm> {
  const parsed = parse(formSchema, value, { code: 'form.shape', root: 'form', requirementOf })
  if (!parsed.ok || new TextEncoder().encode(canonicalJson(parsed.value)).length <= MAX_BYTES) return parsed
  return {
    ok: false,
    refusals: [
      {
        code: 'form.too-large',
        path: 'form',
        what: { en: `the form is larger than ${MAX_BYTES} bytes`, ja: `申出書が${MAX_BYTES}バイトを超えています。` },
        why: {
          en: 'a form is recorded whole, in one record of the ledger, which takes no more',
          ja: '申出書は台帳の一つの記録に全体を保存し、それより大きいものは記録できません。',
        },
        next: {
          en: 'move long annexes into documents and give their hashes',
          ja: '長い別紙は別の文書とし、申出書にはそのハッシュを記載してください。',
        },
        requirement: 'APP-1',
      },
    ],
  }
}

/** The sections of an untrusted form that have the right shape, each on its own. */
export function soundSections(value: unknown): SoundSections {
  const found: Record<string, unknown> = {}
  for (const section of sections) {
    const given = typeof value === 'object' && value !== null && Object.hasOwn(value, section)
    const parsed = given
      ? formSchema.shape[section].safeParse((value as Readonly<Record<string, unknown>>)[section])
      : undefined
    if (parsed?.success) found[section] = parsed.data
  }
  return found
}
