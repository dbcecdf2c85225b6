import { canonicalJson } from './canonical.ts'
import type { LedgerRecord } from './record.ts'

/**
 * Where the write-once copy of a record stands. Twelve digits, so that the order of keys is the order of the stream.
 */
export const archiveKey = (stream: string, sequence: number) =>
  `${archivePrefix(stream)}${String(sequence).padStart(12, '0')}.json`

/** What the copies of one stream have in common. */
export const archivePrefix = (stream: string) => `ledger/${stream}/`

/** One object of the archive with all that its bucket holds under its key. */
export interface ArchivedObject {
  readonly key: string
  /** versions and delete markers; a copy that nobody touched has one */
  readonly versions: number
  /** the content of the first version, which is the copy; undefined where it is no JSON */
  readonly first: unknown
}

/** Time within which a record is copied (C-5). A younger one may still lack its copy. */
const COPIED_WITHIN_MS = 60_000

/**
 * Compares a stream with its write-once copies (C-5) and names every difference. A bucket's lock keeps each version,
 * but not a second one from being put over it, nor a delete marker from hiding it: both are found here. So is a tail
 * cut off the ledger, by the copies beyond its end.
 */
export function compareCopies(
  stream: string,
  records: readonly LedgerRecord[],
  objects: readonly ArchivedObject[],
  now: Date,
): string[] {
  const found = new Map(objects.map((object) => [object.key, object]))
  const differences: string[] = []
  for (const record of records) {
    const key = archiveKey(stream, record.sequence)
    const object = found.get(key)
    found.delete(key)
    if (object === undefined) {
      if (now.getTime() - Date.parse(record.at) > COPIED_WITHIN_MS)
        differences.push(`record ${record.sequence} has no copy in the archive`)
      continue
    }
    if (object.versions > 1)
      differences.push(
        `the copy of record ${record.sequence} was overwritten or deleted afterwards: ${object.versions} versions`,
      )
    if (!same(record, object.first)) differences.push(`record ${record.sequence} is not what was archived`)
  }
  for (const key of found.keys()) differences.push(`the archive holds ${key}, the ledger does not`)
  return differences
}

/** The copy carries the record's receipt too; only what the hash covers, and the hash, are compared. */
function same({ stream, sequence, at, actor, event, previousHash, hash }: LedgerRecord, copy: unknown): boolean {
  if (typeof copy !== 'object' || copy === null) return false
  const other = copy as Partial<LedgerRecord>
  try {
    return (
      canonicalJson({ stream, sequence, at, actor, event, previousHash, hash }) ===
      canonicalJson({
        stream: other.stream,
        sequence: other.sequence,
        at: other.at,
        actor: other.actor,
        event: other.event,
        previousHash: other.previousHash,
        hash: other.hash,
      })
    )
  } catch {
    return false
  }
}
