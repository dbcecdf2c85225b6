/** A seeded source of numbers in [0, 1): mulberry32, so that a fault run can be repeated from its seed. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }

  /**
   * True with probability `rate`; draws only where it can matter, so that a rate of 0 leaves the sequence as it was.
   */
  chance(rate: number | undefined): boolean {
    return rate !== undefined && rate > 0 && this.next() < rate
  }

  /** `length` characters of `alphabet`. */
  text(length: number, alphabet: string): string {
    let text = ''
    for (let i = 0; i < length; i++) text += alphabet[Math.floor(this.next() * alphabet.length)]
    return text
  }

  hex(length: number): string {
    return this.text(length, '0123456789abcdef')
  }
}
