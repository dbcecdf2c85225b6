import { INTERVAL_MS, type CallLane, type CallQueue, type Place } from '#lambda/project/provisioning/api-tokens.ts'

/** The account's queues as the table keeps them, in memory, with the operations that were made on them. */
export class MemoryCallQueue implements CallQueue {
  readonly writes: CallLane[] = []
  reads = 0
  readonly #next: Partial<Record<CallLane, number>> = {}
  #urgentCalls = 0

  async begin(lane: CallLane, now: number): Promise<Place | undefined> {
    if ((this.#next[lane] ?? -Infinity) > now) {
      this.writes.push(lane)
      return undefined
    }
    this.#next[lane] = now
    return this.follow(lane, now)
  }

  async follow(lane: CallLane, now: number): Promise<Place> {
    this.writes.push(lane)
    const at = this.#next[lane] ?? now
    this.#next[lane] = at + INTERVAL_MS
    if (lane === 'suspend') {
      this.#next.reconcile = (this.#next.reconcile ?? now) + INTERVAL_MS
      this.#urgentCalls += 1
    }
    return { at, urgentCalls: this.#urgentCalls }
  }

  async urgentCalls(): Promise<number> {
    this.reads += 1
    return this.#urgentCalls
  }
}
