import type { Refusal } from '#domain/kernel/refusal.ts'
import type { Trace } from './trace.ts'
import type { Packet } from './headers.ts'
import { VERDICTS, type VerdictId } from './verdicts.ts'

/** Why a verdict is not reached: from whom to whom, a packet, its hops, what is wrong and what to look at. */
export interface Counterexample extends Refusal<string> {
  readonly verdict: VerdictId
  readonly from: string
  /** empty where the matter is one thing, not a flow */
  readonly to: string
  readonly packet?: Packet
  readonly trace: Trace
}

/** What a check says; the rest of a counterexample follows from its verdict. */
interface Found extends Pick<Counterexample, 'verdict' | 'from' | 'what'> {
  readonly to?: string
  readonly packet?: Packet
  readonly trace?: Trace
  readonly next?: string
}

/** Counterexamples of one verdict that are kept, and of these of one kind; one is enough to fail. */
const KEPT = 60
const KEPT_ALIKE = 2

const NEXT = './renkei network explain shows the way hop by hop; docs/network-proof.md says what each verdict means'

/** Counts what was found against each verdict, and keeps some of it to show. */
export class Counterexamples {
  readonly kept: Counterexample[] = []
  readonly found = new Map<VerdictId, number>()
  readonly #alike = new Map<string, number>()
  readonly #keptOf = new Map<VerdictId, number>()

  add({ verdict, from, to = '', what, packet, trace = [], next = NEXT }: Found): void {
    counted(this.found, verdict)
    if (counted(this.#alike, [verdict, from, to, what].join('|')) > KEPT_ALIKE) return
    if (counted(this.#keptOf, verdict) > KEPT) return
    const { title, requirement } = VERDICTS[verdict]
    this.kept.push({
      code: `network.${verdict}`,
      path: to === '' ? from : `${from} → ${to}`,
      what,
      why: title.en,
      next,
      requirement,
      verdict,
      from,
      to,
      ...(packet ? { packet } : {}),
      trace,
    })
  }
}

/** Counts one more, and gives how many there are now. */
function counted<Key>(counts: Map<Key, number>, key: Key): number {
  const count = (counts.get(key) ?? 0) + 1
  counts.set(key, count)
  return count
}
