import { addressesOf, type Compiled } from './compiled/compiled.ts'
import { ALL, type Box, type Headers } from './headers.ts'
import type { Flow } from './intent.ts'
import { EMPTY, interval, isEmpty, union, type Intervals } from './intervals.ts'
import { nameOf } from './model/network.ts'

const PROTOCOLS = { all: ALL.protocol, tcp: interval(6, 6), udp: interval(17, 17) } as const

type Fields = Omit<Box, 'source'>

/** Intended flows as sets of packets. */
export class FlowPackets {
  /** where each party is */
  readonly #addresses = new Map<string, Intervals>()
  readonly #fields = new Map<Flow, Fields>()

  constructor({ interfaces }: Compiled) {
    for (const { party, addresses } of interfaces) {
      const name = nameOf(party)
      this.#addresses.set(name, union(this.#addresses.get(name) ?? EMPTY, addresses))
    }
  }

  /** A flow from the given addresses, with the source ports that connections of it come from. */
  of(flow: Flow, source: Intervals): Headers {
    return this.#box(flow, source, this.#fieldsOf(flow).sourcePort)
  }

  /** The same, whatever the source port. */
  fromAnyPort(flow: Flow, source: Intervals): Headers {
    return this.#box(flow, source, ALL.sourcePort)
  }

  #box(flow: Flow, source: Intervals, sourcePort: Intervals): Headers {
    const { destination, protocol, destinationPort } = this.#fieldsOf(flow)
    if (isEmpty(destination) || isEmpty(source)) return []
    return [{ source, destination, protocol, sourcePort, destinationPort }]
  }

  #fieldsOf(flow: Flow): Fields {
    const known = this.#fields.get(flow)
    if (known) return known
    const { network, to, protocol, ports, sourcePorts } = flow
    const fields = {
      destination: network === undefined ? (this.#addresses.get(nameOf(to)) ?? EMPTY) : addressesOf(network),
      protocol: PROTOCOLS[protocol],
      sourcePort: interval(...sourcePorts),
      destinationPort: interval(...ports),
    }
    this.#fields.set(flow, fields)
    return fields
  }
}
