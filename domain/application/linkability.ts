import type { JapanDate } from '../kernel/decider.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { PublishedDatabase, LinkableRow } from './context.ts'

export type Linkability =
  | { readonly allowed: true; readonly from: JapanDate; readonly ids: readonly string[]; readonly basis: string }
  | ({ readonly allowed: false } & Unlinkable)

/** Why two databases may not be linked; as much of a refusal as does not depend on where the wish stands. */
export type Unlinkable = Required<Pick<Refusal, 'what' | 'why' | 'next' | 'requirement'>>

const separately = {
  en: 'ask for these databases without linking them, or in separate applications',
  ja: 'これらのデータベースを連結せずに利用するか、別々の申出としてください。',
}

/**
 * Whether two databases may be linked on a day (CAT-3, PUB-4): symmetric, by the law then in force.
 * A private database links by an approved route only (LNK-3); anonymised and pseudonymised data never mix (PUB-2).
 */
export function linkable(
  a: PublishedDatabase,
  b: PublishedDatabase,
  on: JapanDate,
  matrix: readonly LinkableRow[],
): Linkability {
  const no = (unlinkable: Unlinkable): Linkability => ({ allowed: false, ...unlinkable })
  const unlinked = [a, b].find(
    ({ linkRoute, kind }) => linkRoute === 'none' || (kind === 'private' && linkRoute !== 'accredited-producer'),
  )
  if (unlinked)
    return no({
      what: {
        en: `${unlinked.id} has no approved route by which its persons may be linked`,
        ja: `${unlinked.id} には、個人単位の連結について認められた経路がありません。`,
      },
      why: {
        en: 'records are linked by ids that the law provides; of a private database by an accredited producer only',
        ja: 'レコードの連結は、法令と保有者が定める連結IDによります。民間のデータベースは、認定作成事業者の経路に限ります。',
      },
      next: { en: `use ${unlinked.id} unlinked`, ja: `${unlinked.id} は連結せずに利用してください。` },
      requirement: 'LNK-3',
    })
  if (a.dataKind !== b.dataKind)
    return no({
      what: {
        en: `${a.id} is ${a.dataKind} and ${b.id} is ${b.dataKind}`,
        ja: `${a.id} は${kindInJapanese[a.dataKind]}、${b.id} は${kindInJapanese[b.dataKind]}です。`,
      },
      why: {
        en: 'anonymised and pseudonymised data are never mixed in one dataset',
        ja: '匿名化データと仮名化データを、一つのデータセットに混ぜることはできません。',
      },
      next: separately,
      requirement: 'PUB-2',
    })
  const row = matrix.find(({ pair }) => samePair(pair, [matrixId(a), matrixId(b)]))
  if (!row)
    return no({
      what: {
        en: `no law in the linkability matrix lets ${a.id} and ${b.id} be linked`,
        ja: `連結可否の表に、${a.id} と ${b.id} の連結を認める法令がありません。`,
      },
      why: {
        en: 'two databases are linked only where a law in force says so',
        ja: 'データベースの連結は、施行済みの法令に定めがある組合せに限ります。',
      },
      next: separately,
      requirement: 'PUB-4',
    })
  if (on < row.from)
    return no({
      what: {
        en: `${a.id} and ${b.id} may be linked from ${row.from}, and the day is ${on}`,
        ja: `${a.id} と ${b.id} を連結できるのは${row.from}からです（基準日は${on}）。`,
      },
      why: {
        en: `two databases are linked only under a law in force; this one begins on ${row.from} (${row.basis})`,
        ja: `連結は施行済みの法令によります。根拠は${row.basis}、施行は${row.from}です。`,
      },
      next: {
        en: `submit on ${row.from} or later, or ask for these databases without linking them`,
        ja: `${row.from}以降に申し出るか、これらのデータベースを連結せずに利用してください。`,
      },
      requirement: 'PUB-4',
    })
  return { allowed: true, from: row.from, ids: row.ids, basis: row.basis }
}

const kindInJapanese: Readonly<Record<PublishedDatabase['dataKind'], string>> = {
  anonymised: '匿名化データ',
  pseudonymised: '仮名化データ',
}

/** Public databases stand in the matrix by id, accredited producers' as one kind. */
const matrixId = ({ id, kind }: PublishedDatabase) => (kind === 'private' ? 'ACCREDITED' : id)

const samePair = ([a, b]: readonly string[], [c, d]: readonly string[]) => (a === c && b === d) || (a === d && b === c)
