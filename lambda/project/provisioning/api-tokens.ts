import type { Clock } from '#domain/kernel/clock.ts'
import { realClock } from '#lambda/kernel/clock.ts'
import { sharedRecord, type SharedRecord } from '#lambda/ledger/shared-record.ts'
import type { ViewPort } from '#lambda/ledger/view.ts'

/** WorkSpaces admits 2 calls a second, 5 in a burst, to a whole account (docs/aws-behaviour.md, WorkSpaces). */
const WORKSPACES_RATE = { refillPerSecond: 2, burst: 5 } as const
/** What the reconciler leaves in the bucket, so that a suspension never waits behind it (VIS-7). */
export const RESERVED_FOR_SUSPEND = 2

export interface Bucket {
  readonly tokens: number
  /** milliseconds since 1970 */
  readonly at: number
  readonly version: number
}

/** Where the one bucket of the account is kept. */
export type BucketStore = SharedRecord<Bucket>

/** Waits until a call may be made. */
export interface Tokens {
  take(): Promise<void>
}

/** Tokens that leave `reserve` in the bucket. */
export function workSpacesTokens(store: BucketStore, reserve: number, clock: Clock = realClock): Tokens {
  const { refillPerSecond, burst } = WORKSPACES_RATE
  return {
    async take() {
      for (;;) {
        const bucket = await store.read()
        const now = clock.now()
        // A clock that is behind another function's must not drain the bucket.
        const elapsed = bucket === undefined ? 0 : Math.max(0, now - bucket.at) / 1000
        const tokens = bucket === undefined ? burst : Math.min(burst, bucket.tokens + elapsed * refillPerSecond)
        const missing = 1 + reserve - tokens
        if (missing > 0) {
          await clock.sleep(Math.ceil((missing / refillPerSecond) * 1000))
        } else if (
          await store.write(
            { tokens: tokens - 1, at: Math.max(now, bucket?.at ?? 0), version: (bucket?.version ?? 0) + 1 },
            bucket,
          )
        ) {
          return
        }
      }
    },
  }
}

/** The bucket beside the views, shared by every function. */
export const sharedBucket = (port: ViewPort): BucketStore => sharedRecord(port, 'workspaces')
