/** Something that happens by itself later, such as a desktop that becomes AVAILABLE. */
interface Scheduled {
  readonly at: number
  readonly order: number
  readonly run: () => void
}

export interface VirtualClockOptions {
  /** first instant, milliseconds since 1970 (default: 2026-11-22T00:00:00Z) */
  readonly start?: number
  /** virtual seconds that pass per real second; 0 (default): time stands still until `advance` */
  readonly scale?: number
}

/**
 * The time of one simulated region. It moves by `advance(ms)`, and with a `scale` also along with real time, so that
 * WorkSpaces' 20 minutes pass in seconds. What is due runs in order of time, each with `now()` at its own instant.
 */
export class VirtualClock {
  #virtual: number
  #real = performance.now()
  #frozen: number | undefined
  #order = 0
  #queue: Scheduled[] = []
  readonly scale: number

  constructor(options: VirtualClockOptions = {}) {
    this.#virtual = options.start ?? Date.UTC(2026, 10, 22)
    this.scale = options.scale ?? 0
  }

  /** Milliseconds since 1970. */
  now(): number {
    if (this.#frozen !== undefined) return this.#frozen
    return this.#virtual + (performance.now() - this.#real) * this.scale
  }

  /** Lets `ms` virtual milliseconds pass, with everything that falls due in them. */
  advance(ms: number): void {
    if (!(ms >= 0)) throw new RangeError(`time cannot move by ${ms} ms: give 0 or more`)
    this.#virtual += ms
    this.settle()
  }

  /** Runs `run` after `ms` virtual milliseconds. */
  after(ms: number, run: () => void): void {
    const entry = { at: this.now() + ms, order: this.#order++, run }
    let index = this.#queue.length
    while (index > 0 && this.#queue[index - 1]!.at > entry.at) index--
    this.#queue.splice(index, 0, entry)
  }

  /** Runs everything that is due. */
  settle(): void {
    if (this.#frozen !== undefined) return
    const until = this.now()
    while (this.#queue.length > 0 && this.#queue[0]!.at <= until) {
      const due = this.#queue.shift()!
      this.#frozen = due.at
      try {
        due.run()
      } finally {
        this.#frozen = undefined
      }
    }
  }

  /** How much is still to happen by itself, and when the next of it is due. */
  get pending(): { readonly count: number; readonly next: number | undefined } {
    return { count: this.#queue.length, next: this.#queue[0]?.at }
  }
}
