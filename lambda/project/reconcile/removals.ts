import { sharedRecord, type SharedRecord } from '#lambda/ledger/shared-record.ts'
import type { ViewPort } from '#lambda/ledger/view.ts'

/** For how long a removal counts towards the bound of every later pass: two operators can be found within a day (C-11). */
const WINDOW_MS = 24 * 60 * 60 * 1000

/** One desktop that a pass of any project removed without approvals. */
export interface Removal {
  readonly desktopId: string
  /** milliseconds since 1970 */
  readonly at: number
}

/** The account's removals without approvals, as of one reading. */
export interface RemovalRecord {
  readonly version: number
  readonly removals: readonly Removal[]
}

/** Where the one record of the account is kept. */
export type RemovalStore = SharedRecord<RemovalRecord>

/** What counts today. */
export const lately = (record: RemovalRecord | undefined, now: number): readonly Removal[] =>
  (record?.removals ?? []).filter(({ at }) => now - at < WINDOW_MS)

/**
 * Writes down what a pass is about to remove, before it does: many projects that end together, each within the bound, are together bound by
 * it too (C-11). False where another pass wrote first: then this one must count again.
 */
export function announce(
  store: RemovalStore,
  record: RemovalRecord | undefined,
  desktopIds: readonly string[],
  now: number,
): Promise<boolean> {
  const kept = lately(record, now)
  const fresh = desktopIds.filter((id) => !kept.some(({ desktopId }) => desktopId === id))
  if (fresh.length === 0) return Promise.resolve(true)
  return store.write(
    { version: (record?.version ?? 0) + 1, removals: [...kept, ...fresh.map((desktopId) => ({ desktopId, at: now }))] },
    record,
  )
}

/** The record beside the views, shared by every pass. */
export const tableRemovals = (port: ViewPort): RemovalStore => sharedRecord(port, 'removals')
