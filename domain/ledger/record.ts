import type { Actor, Instant } from '../kernel/decider.ts'
import { digestOf } from './canonical.ts'

/** One event as it stands in the ledger. `hash` covers every other field, so that one changed byte is found (C-5). */
export interface LedgerRecord<Event = unknown> {
  /** `<aggregate>/<id>`, e.g. `project/A-2026-0001` */
  readonly stream: string
  /** 1 for the first event of a stream, then without a gap */
  readonly sequence: number
  readonly at: Instant
  readonly actor: Actor
  readonly event: Event
  /** the hash of the record before, `GENESIS` for the first */
  readonly previousHash: string
  /** SHA-256 over RFC 8785 canonical JSON of the six fields above, hexadecimal */
  readonly hash: string
}

/** The last record of a stream, in short: what an append continues and what a receipt signs. */
export interface StreamHead {
  readonly sequence: number
  readonly hash: string
}

export const GENESIS = '0'.repeat(64)

/** The head of a stream that has no record yet. */
export const emptyHead: StreamHead = { sequence: 0, hash: GENESIS }

/** The hash a record must carry. */
export function recordHash({ stream, sequence, at, actor, event, previousHash }: Omit<LedgerRecord, 'hash'>): string {
  return digestOf({ stream, sequence, at, actor, event, previousHash })
}

/** Chains new events onto a stream's head. The append itself then demands that the head is still this one. */
export function sealEvents<Event>(
  stream: string,
  head: StreamHead,
  events: readonly Event[],
  { at, actor }: { readonly at: Instant; readonly actor: Actor },
): readonly LedgerRecord<Event>[] {
  const records: LedgerRecord<Event>[] = []
  let { sequence, hash: previousHash } = head
  for (const event of events) {
    sequence += 1
    const content = { stream, sequence, at, actor, event, previousHash }
    const hash = recordHash(content)
    records.push({ ...content, hash })
    previousHash = hash
  }
  return records
}
