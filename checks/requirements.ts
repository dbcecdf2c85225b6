import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'

const bilingual = z.strictObject({ en: z.string(), ja: z.string() })
const described = { title: bilingual, context: z.string().regex(/^[a-z]+$/), ...bilingual.shape }
const requirement = z.discriminatedUnion('state', [
  z.strictObject({ ...described, state: z.enum(['built', 'planned']) }),
  z.strictObject({ ...described, state: z.literal('partly'), missing: bilingual }),
])
const register = z
  .record(z.string().regex(/^[A-Z]+-\d+$/), z.union([bilingual, requirement]))
  .refine((entries) => Object.entries(entries).every(([id, entry]) => id.startsWith('C-') !== 'state' in entry), {
    error: 'a requirement has a state, an invariant (C-…) has none: docs/architecture.md says what shows it',
  })

/** A requirement of `policies/evidence/requirements.yaml`: what is asked for, and how much of it is built. */
export type Requirement = z.infer<typeof requirement> & { readonly id: string }

/** The register: requirements and invariants by id, in the order of the file. */
export type Register = z.infer<typeof register>

/** Reads the register; throws where an entry has not the shape above. */
export const loadRegister = (root: string): Register =>
  register.parse(parse(readFileSync(join(root, 'policies', 'evidence', 'requirements.yaml'), 'utf8')))

/** The requirements of the register, without the invariants. */
export const requirementsOf = (entries: Register): readonly Requirement[] =>
  Object.entries(entries).flatMap(([id, entry]) => ('state' in entry ? [{ ...entry, id }] : []))

const states = [
  {
    state: 'built',
    ja: '完成',
    means: 'From end to end, and a test fails without it.',
    meansJa: '端から端まで動き、試験が守ります。',
  },
  {
    state: 'partly',
    ja: '一部',
    means: 'The last columns say what is missing.',
    meansJa: '足りないものを右の列に示します。',
  },
  { state: 'planned', ja: '計画', means: 'Nothing of it runs.', meansJa: 'まだ何もありません。' },
] as const

/** `docs/requirements.md`: what is built, what is not, and what is missing, in both languages. */
export function requirementDocument(entries: Register): string {
  const requirements = requirementsOf(entries)
  return [
    '# Requirements and their state (要件と状態)',
    '',
    'Made from `policies/evidence/requirements.yaml` by `npm run docs`; a test holds it to that file, which has the',
    'full text of each requirement. Contexts and invariants (C-…) are explained in the',
    '[architecture](architecture.md).',
    '',
    '`npm run docs` が `policies/evidence/requirements.yaml` から作ります。要件の全文はそのファイルに、',
    '文脈と不変条件（C-…）は[構成](architecture.ja.md)にあります。',
    '',
    '| state | 状態 | means | 意味 | requirements |',
    '|---|---|---|---|---|',
    ...states.map(({ state, ja, means, meansJa }) =>
      row(`\`${state}\``, ja, means, meansJa, String(requirements.filter((each) => each.state === state).length)),
    ),
    '',
    '| id | requirement | 要件 | context | state | what is missing | 足りないもの |',
    '|---|---|---|---|---|---|---|',
    ...requirements.map((each) => {
      const missing = each.state === 'partly' ? each.missing : { en: '', ja: '' }
      return row(each.id, each.title.en, each.title.ja, each.context, each.state, missing.en, missing.ja)
    }),
    '',
  ].join('\n')
}

const row = (...cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
