import { INTERVAL_MS, type CallLane, type CallQueue, type Turn } from '#lambda/project/provisioning/api-tokens.ts'

/** The account's queues as the table keeps them, in memory, with the operations that were made on them. */
export class MemoryCallQueue implements CallQueue {
  readonly writes: CallLane[] = []
  reads = 0
  #reconcileEnd = -Infinity
  #suspendEnd = -Infinity
  #urgentCalls = 0

  async begin(lane: CallLane, now: number): Promise<Turn | undefined> {
    if ((lane === 'reconcile' ? this.#reconcileEnd : this.#suspendEnd) <= now) return this.follow(lane, now)
    this.writes.push(lane)
    return undefined
  }

  async follow(lane: CallLane, now: number): Promise<Turn> {
    this.writes.push(lane)
    this.#reconcileEnd = Math.max(this.#reconcileEnd, now) + INTERVAL_MS
    if (lane === 'reconcile') return { at: this.#reconcileEnd - INTERVAL_MS, urgentCalls: this.#urgentCalls }
    this.#suspendEnd = Math.max(this.#suspendEnd, now) + INTERVAL_MS
    this.#urgentCalls += 1
    return { at: this.#suspendEnd - INTERVAL_MS, urgentCalls: this.#urgentCalls }
  }

  async urgentCalls(): Promise<number> {
    this.reads += 1
    return this.#urgentCalls
  }
}
