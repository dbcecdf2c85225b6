import type { Clock } from '#domain/kernel/clock.ts'

/** Time that passes only when everybody sleeps. */
export class VirtualTime implements Clock {
  #now = Date.parse('2026-11-22T03:00:00.000Z')
  #sleepers: { readonly at: number; readonly wake: () => void }[] = []

  now(): number {
    return this.#now
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((wake) => {
      this.#sleepers.push({ at: this.#now + milliseconds, wake })
    })
  }

  /** Lets time pass until the work is done. */
  async pass(work: Promise<unknown>): Promise<void> {
    let over = false
    const end = work.finally(() => {
      over = true
    })
    for (;;) {
      // Whatever can go on without time passing goes on first.
      await new Promise((resolve) => {
        setImmediate(resolve)
      })
      if (over) break
      const due = Math.min(...this.#sleepers.map(({ at }) => at))
      if (due === Infinity) continue
      this.#now = Math.max(this.#now, due)
      const woken = this.#sleepers.filter(({ at }) => at <= this.#now)
      this.#sleepers = this.#sleepers.filter(({ at }) => at > this.#now)
      for (const { wake } of woken) wake()
    }
    await end
  }
}
