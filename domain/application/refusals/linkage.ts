import type { Refusal } from '../../kernel/refusal.ts'
import { problem } from '../format/problem.ts'
import type { Unlinkable } from '../linkability.ts'

export const notRequested = (databases: readonly string[]): Refusal =>
  problem({
    requirement: 'LNK-2',
    path: 'plan.linkage.databases',
    what: {
      en: `${databases.join(', ')} are named, but no linkage is requested`,
      ja: `${databases.join('、')} が記載されていますが、連結は求められていません（requested: false）。`,
    },
    why: {
      en: 'this list names the databases that are linked with one another',
      ja: 'ここには、互いに連結するデータベースを記載します。',
    },
    next: {
      en: 'write requested: true, or an empty list []',
      ja: 'requested: true とするか、空の一覧（[]）としてください。',
    },
  })

export const tooFewDatabases = (set: readonly string[]): Refusal =>
  problem({
    requirement: 'LNK-2',
    path: 'plan.linkage.databases',
    what: {
      en: `linkage is requested, and ${set.length === 0 ? 'no database' : `only ${set.join()}`} is named`,
      ja: `連結が求められていますが、データベースの記載が${set.length}件です。`,
    },
    why: { en: 'a linkage joins at least two databases', ja: '連結には、二つ以上のデータベースが必要です。' },
    next: {
      en: 'name the databases to be linked with one another, e.g. ["NDB", "DPC"]',
      ja: '互いに連結するデータベースを記載してください（例：["NDB", "DPC"]）。',
    },
  })

export const noReason: Refusal = problem({
  requirement: 'REV-1',
  path: 'plan.linkage.reason',
  what: { en: 'the reason for the linkage is missing', ja: '連結の理由がありません。' },
  why: {
    en: 'linkage raises the risk of identification, so the committee judges its necessity',
    ja: '連結は識別のリスクを高めるため、審査委員会がその必要性を審査します。',
  },
  next: {
    en: 'say in reason why the purpose needs the linkage, in 1 to 4000 characters',
    ja: '利用目的に連結が必要な理由を、reasonに1〜4000文字で記載してください。',
  },
})

export const notExtracted = (id: string): Refusal =>
  problem({
    requirement: 'LNK-2',
    path: 'plan.linkage.databases',
    what: {
      en: `${id} is to be linked, but section extracts does not ask for it`,
      ja: `${id} を連結するとされていますが、抽出（extracts）に記載がありません。`,
    },
    why: {
      en: 'only data that are asked for in extracts can be linked',
      ja: '連結できるのは、抽出（extracts）で求めたデータだけです。',
    },
    next: {
      en: `add an extract of ${id}, or leave it out here`,
      ja: `extractsに ${id} を追加するか、ここから除いてください。`,
    },
  })

export const unlinkable = ({ what, why, next, requirement }: Unlinkable): Refusal =>
  problem({ requirement, path: 'plan.linkage.databases', what, why, next })

export const id4Undeclared = (weak: readonly string[]): Refusal =>
  problem({
    requirement: 'LNK-1',
    path: 'plan.linkage.id4',
    what: {
      en: `${weak.join(', ')} can be linked by ID4 only, and its use is not declared`,
      ja: `${weak.join('、')} はID4でのみ連結できますが、その利用が記載されていません。`,
    },
    why: {
      en: 'ID4 is made of name, sex and birth date and joins less surely, so its use is declared with a reason',
      ja: 'ID4は氏名、性別、生年月日から作られ、連結の確実性が劣るため、理由を付けて利用を明示します。',
    },
    next: {
      en: 'declare the use of ID4 with its reason: "id4": {"reason": "…"}',
      ja: '理由を付けてID4の利用を記載してください（"id4": {"reason": "…"}）。',
    },
  })
