import type { Random } from './random.ts'

/** Probabilities in [0, 1] with which calls, items and resources go wrong by themselves. */
export interface FaultRates {
  /** the call is throttled, nothing happened */
  readonly throttle?: number
  /** a 5xx, nothing happened */
  readonly serverError?: number
  /** the effect happened, the client sees a broken connection */
  readonly lostAnswer?: number
  /** one item of a batch fails inside a successful answer */
  readonly itemFailure?: number
  /** a resource that was asked for never leaves its transitional state */
  readonly stuck?: number
  /** a new desktop ends in ERROR */
  readonly failedDesktop?: number
  /** a new desktop ends in UNHEALTHY */
  readonly unhealthy?: number
  /** a describe looks back a random part of the lag instead of all of it: answers may go back in time */
  readonly unsteadyReads?: boolean
}

export type FaultKind =
  | 'throttle'
  | 'serverError'
  | 'lostAnswer'
  | 'lostRequest'
  | 'itemFailure'
  | 'stuck'
  | 'failedDesktop'
  | 'unhealthy'
  | 'refuse'

/** One planned fault, for tests that need it at an exact place. */
export interface PlannedFault {
  readonly kind: FaultKind
  /** operation name, such as `CreateWorkspaces`; `*` for any */
  readonly operation: string
  /** how often (default 1) */
  readonly times?: number
  /** matching calls (or items) to let through first (default 0) */
  readonly skip?: number
  /** only for such an input (or item) */
  readonly when?: (input: Readonly<Record<string, unknown>>) => boolean
  /** with `refuse`: the error answered */
  readonly error?: { readonly code: string; readonly message: string; readonly status?: number }
}

interface Plan {
  readonly fault: PlannedFault
  skip: number
  left: number
}

/** Decides, seeded and by plan, what goes wrong. */
export class Faults {
  #plans: Plan[] = []
  readonly #random: Random
  rates: FaultRates

  constructor(random: Random, rates: FaultRates = {}) {
    this.#random = random
    this.rates = rates
  }

  plan(fault: PlannedFault): void {
    this.#plans.push({ fault, skip: fault.skip ?? 0, left: fault.times ?? 1 })
  }

  clear(): void {
    this.#plans = []
    this.rates = {}
  }

  /** Whether a fault of this kind strikes here; a planned one is used up by the answer. */
  strikes(kind: FaultKind, operation: string, input: object): PlannedFault | undefined {
    for (const plan of this.#plans) {
      const { fault } = plan
      if (fault.kind !== kind || plan.left === 0) continue
      if (fault.operation !== '*' && fault.operation !== operation) continue
      if (fault.when && !fault.when(input as Readonly<Record<string, unknown>>)) continue
      if (plan.skip > 0) {
        plan.skip--
        continue
      }
      plan.left--
      return fault
    }
    if (kind === 'lostRequest' || kind === 'refuse') return undefined
    return this.#random.chance(this.rates[kind]) ? { kind, operation } : undefined
  }
}
