import type { VirtualClock } from './clock.ts'
import type { ServiceId } from './service-id.ts'

interface Version<T> {
  readonly at: number
  readonly value: T | undefined
}

/** How far behind the truth a describe may look, in virtual milliseconds, at this call. */
export type Lag = () => number

/**
 * One kind of resource, with its recent past: a mutation sees the truth (`get`, `all`), a describe sees the world as it
 * was `lag` ago (`seen`, `allSeen`): a new id is unknown at first, a deleted one is still listed.
 * Source: "Eventual consistency in the Amazon EC2 API",
 * https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html
 */
export class Collection<T extends object> {
  readonly #versions = new Map<string, Version<T>[]>()
  readonly #clock: VirtualClock
  readonly #lag: Lag
  readonly #maxLag: number

  constructor(clock: VirtualClock, lag: Lag, maxLag: number) {
    this.#clock = clock
    this.#lag = lag
    this.#maxLag = maxLag
  }

  get(id: string): T | undefined {
    return this.#versions.get(id)?.at(-1)?.value
  }

  all(): T[] {
    return [...this.#versions.values()].flatMap((versions) => versions.at(-1)?.value ?? [])
  }

  /** `lag` in virtual milliseconds: by default that of the describe at hand. */
  seen(id: string, lag = this.#lag()): T | undefined {
    return at(this.#versions.get(id), this.#clock.now() - lag)
  }

  allSeen(): T[] {
    const instant = this.#clock.now() - this.#lag()
    return [...this.#versions.values()].flatMap((versions) => at(versions, instant) ?? [])
  }

  put(id: string, value: T): T {
    this.#write(id, value)
    return value
  }

  /** Changes some members of what exists; a no-op on what does not. */
  update(id: string, change: Partial<T>): T | undefined {
    const before = this.get(id)
    return before && this.put(id, { ...before, ...change })
  }

  remove(id: string): void {
    if (this.get(id)) this.#write(id, undefined)
  }

  #write(id: string, value: T | undefined): void {
    const now = this.#clock.now()
    const past = this.#versions.get(id) ?? []
    const horizon = now - this.#maxLag
    const firstNeeded = past.findLastIndex((version) => version.at <= horizon)
    const kept = firstNeeded > 0 ? past.slice(firstNeeded) : past
    if (value === undefined && this.#maxLag === 0) this.#versions.delete(id)
    else {
      this.#versions.set(id, [...kept, { at: now, value }])
      if (value === undefined) this.#clock.after(this.#maxLag, () => this.#forget(id))
    }
  }

  #forget(id: string): void {
    if (this.get(id) === undefined) this.#versions.delete(id)
  }
}

/** Makes a collection that describes see with the lag of its service. */
export type MakeTable = <T extends object>(service: ServiceId) => Collection<T>

function at<T>(versions: readonly Version<T>[] | undefined, instant: number): T | undefined {
  return versions?.findLast((version) => version.at <= instant)?.value
}
