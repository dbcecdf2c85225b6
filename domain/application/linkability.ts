import type { JapanDate } from '../kernel/decider.ts'
import type { PublishedDatabase, LinkableRow } from './context.ts'

export type Linkability =
  | { readonly allowed: true; readonly from: JapanDate; readonly ids: readonly string[]; readonly basis: string }
  | { readonly allowed: false; readonly requirement: string; readonly reason: string; readonly remedy: string }

const separately = 'ask for these databases without linking them, or in separate applications'

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
  const no = (requirement: string, reason: string, remedy = separately): Linkability => ({
    allowed: false,
    requirement,
    reason,
    remedy,
  })
  const unlinked = [a, b].find(
    ({ linkRoute, kind }) => linkRoute === 'none' || (kind === 'private' && linkRoute !== 'accredited-producer'),
  )
  if (unlinked)
    return no(
      'LNK-3',
      `${unlinked.id} has no approved route by which its persons may be linked`,
      `use ${unlinked.id} unlinked`,
    )
  if (a.dataKind !== b.dataKind)
    return no(
      'PUB-2',
      `${a.id} is ${a.dataKind} and ${b.id} is ${b.dataKind}; the two kinds are never mixed in one dataset`,
    )
  const row = matrix.find(({ pair }) => samePair(pair, [matrixId(a), matrixId(b)]))
  if (!row) return no('PUB-4', `no law in the linkability matrix lets ${a.id} and ${b.id} be linked`)
  if (on < row.from)
    return no('PUB-4', `${a.id} and ${b.id} may be linked from ${row.from} (${row.basis}), and the day is ${on}`)
  return { allowed: true, from: row.from, ids: row.ids, basis: row.basis }
}

/** Public databases stand in the matrix by id, accredited producers' as one kind. */
const matrixId = ({ id, kind }: PublishedDatabase) => (kind === 'private' ? 'ACCREDITED' : id)

const samePair = ([a, b]: readonly string[], [c, d]: readonly string[]) => (a === c && b === d) || (a === d && b === c)
