import type { VirtualClock } from './clock.ts'
import type { Rate } from './operation.ts'

interface Bucket {
  tokens: number
  at: number
}

/**
 * Token buckets in virtual time.
 * Source: "Request throttling for the Amazon EC2 API",
 * https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
 */
export class Throttle {
  readonly #buckets = new Map<string, Bucket>()
  readonly #clock: VirtualClock

  constructor(clock: VirtualClock) {
    this.#clock = clock
  }

  /** Takes a token of `name`'s bucket, if there is one. */
  admits(name: string, rate: Rate): boolean {
    const now = this.#clock.now()
    const bucket = this.#buckets.get(name) ?? { tokens: rate.burst, at: now }
    bucket.tokens = Math.min(rate.burst, bucket.tokens + ((now - bucket.at) / 1000) * rate.refill)
    bucket.at = now
    this.#buckets.set(name, bucket)
    // A hair of tolerance: 0.1 s + 0.2 s at 2/s must be as good as 0.3 s.
    if (bucket.tokens < 1 - 1e-9) return false
    bucket.tokens -= 1
    return true
  }
}
