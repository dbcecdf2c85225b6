import type { Layer } from './trace.ts'
import { packetsOf, partyKindOf, type Exception, type PartyKind } from './exceptions.ts'
import { commonBox, subtract, type Headers } from './headers.ts'
import type { Party } from './model/network.ts'

/** Exceptions at work: what they take out of the judgement, and which of them were needed. */
export class Excepted {
  readonly used = new Set<string>()
  readonly #exceptions: readonly { readonly exception: Exception; readonly packets: Headers }[]

  constructor(exceptions: readonly Exception[]) {
    this.#exceptions = exceptions.map((exception) => ({ exception, packets: packetsOf(exception) }))
  }

  /** The packets between two parties, blocked by one layer alone, for which no exception speaks. */
  remainder(from: Party, to: Party, layer: Layer, blocked: Headers): Headers {
    let rest = blocked
    for (const { exception, packets } of this.#exceptions) {
      if (rest.length === 0) break
      if (!concerns(exception, from, to, layer)) continue
      if (rest.some((box) => packets.some((other) => commonBox(box, other)))) this.used.add(exception.id)
      rest = subtract(rest, packets)
    }
    return rest
  }

  /** Whether an exception speaks for names that the DNS firewall alone holds back. */
  speaksForNames(): boolean {
    const found = this.#exceptions.find(({ exception: { layer } }) => layer === 'DNS firewall')?.exception
    if (found) this.used.add(found.id)
    return found !== undefined
  }

  /** Those that were not needed, though parties of both their sides are there. */
  unneeded(there: ReadonlySet<PartyKind>): Exception[] {
    return this.#exceptions
      .map(({ exception }) => exception)
      .filter(
        ({ id, from, to }) => !this.used.has(id) && [from, to].every((side) => side.some((kind) => there.has(kind))),
      )
  }

  /** Those whose last day was before today. */
  expired(today: string): Exception[] {
    return this.#exceptions.map(({ exception }) => exception).filter(({ expires }) => expires < today)
  }
}

const concerns = (exception: Exception, from: Party, to: Party, layer: Layer) =>
  exception.layer === layer && exception.from.includes(partyKindOf(from)) && exception.to.includes(partyKindOf(to))
