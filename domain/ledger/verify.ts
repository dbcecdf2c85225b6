import { emptyHead, recordHash, type LedgerRecord, type StreamHead } from './record.ts'

export type Verification =
  | { readonly ok: true; readonly head: StreamHead }
  /** `sequence` is the place at which the chain first fails */
  | { readonly ok: false; readonly sequence: number; readonly reason: string }

/**
 * Walks a stream in the order given, which must be its own. Finds any changed, missing, inserted, repeated or reordered
 * record (C-5). A tail that was cut off leaves a chain that is right in itself: only `expected`, the head of a signed
 * receipt, finds it.
 */
export function verifyStream(stream: string, records: readonly LedgerRecord[], expected?: StreamHead): Verification {
  let head = emptyHead
  for (const record of records) {
    const sequence = head.sequence + 1
    const broken = (reason: string): Verification => ({ ok: false, sequence, reason })
    if (record.stream !== stream) return broken(`the record belongs to ${record.stream}, not to ${stream}`)
    if (record.sequence !== sequence)
      return broken(`record ${sequence} is missing or out of order; found ${record.sequence}`)
    if (record.previousHash !== head.hash) return broken(`record ${sequence} does not continue record ${head.sequence}`)
    if (hashOf(record) !== record.hash) return broken(`the content of record ${sequence} is not what was hashed`)
    head = { sequence, hash: record.hash }
  }
  if (expected !== undefined) {
    if (head.sequence < expected.sequence)
      return {
        ok: false,
        sequence: head.sequence + 1,
        reason: `the stream ends at ${head.sequence}; a receipt exists for ${expected.sequence}`,
      }
    const receipted = expected.sequence === 0 ? emptyHead.hash : records[expected.sequence - 1]?.hash
    if (receipted !== expected.hash)
      return {
        ok: false,
        sequence: expected.sequence,
        reason: `record ${expected.sequence} is not the one its receipt was given for`,
      }
  }
  return { ok: true, head }
}

/** A record that has no canonical form any more has been changed. */
function hashOf(record: LedgerRecord): string | undefined {
  try {
    return recordHash(record)
  } catch {
    return undefined
  }
}
