import {
  through,
  type Compiled,
  type CompiledSubnet,
  type InterfaceLocation,
  type Match,
} from '../compiled/compiled.ts'
import { judged } from '../compiled/firewalls.ts'
import type { Layer, Stop } from '../trace.ts'
import type { Box } from '../headers.ts'
import type { Id } from '../model/network.ts'
import { hop, remainder, traceOf, type Moving } from './moving.ts'

/** What a walk does other than to let on what rules allow. `evaluate.ts` has one function for each use. */
export interface WalkMode {
  /** this layer is not there: nobody asks it */
  readonly removed?: 'source group' | 'routes'
  /** what one of these layers stops goes on, marked with it */
  readonly ignorable?: readonly Layer[]
  /** the packets are answers: groups let them on, and so do these firewalls, which saw the connection begin */
  readonly answersThrough?: readonly Id[]
  /** where to write down what was stopped */
  readonly stops?: Stop[]
}

/** A filter or table: which layer it is, where, and what it says of packets that no rule of it lets on. */
export interface Filter {
  readonly layer: Layer
  readonly at: string
  readonly refusal: string
}

const SENDER: Filter = {
  layer: 'source group',
  at: 'security groups of the sender',
  refusal: 'no rule lets it out',
}
const RECEIVER: Filter = {
  layer: 'destination group',
  at: 'security groups of the receiver',
  refusal: 'no rule lets it in',
}

/** Security groups, network ACLs and firewalls, as one mode of a walk has them: each gives the parts that go on. */
export class Filters {
  readonly #compiled: Compiled
  readonly #mode: WalkMode

  constructor(compiled: Compiled, mode: WalkMode) {
    this.#compiled = compiled
    this.#mode = mode
  }

  /** The security groups of an interface, one way. */
  groups(moving: Moving, location: InterfaceLocation, side: 'egress' | 'ingress'): Moving[] {
    const filter = side === 'egress' ? SENDER : RECEIVER
    if (this.#mode.answersThrough) return [hop(moving, filter.at, 'answers of a connection they let through')]
    if (this.#mode.removed === filter.layer) return [hop(moving, filter.at, 'taken away')]
    return this.#passed(filter, moving, through(moving.box, location[side]))
  }

  /** The network ACL of a subnet, one way. */
  acl(moving: Moving, subnet: CompiledSubnet, side: 'egress' | 'ingress'): Moving[] {
    const filter: Filter = { layer: 'network ACL', at: subnet.labels[side], refusal: 'no entry allows it' }
    return this.#passed(filter, moving, through(moving.box, subnet[side]))
  }

  firewall(moving: Moving, id: Id): Moving[] {
    const at = `firewall ${id}`
    const crossing = { ...moving, firewalls: [...moving.firewalls, id] }
    const { answersThrough } = this.#mode
    if (answersThrough?.includes(id)) return [hop(crossing, at, 'answers of a connection it let through')]
    if (answersThrough) {
      this.stopped({ layer: 'firewall', at, refusal: 'it never saw the connection begin' }, moving)
      return []
    }
    const firewall = this.#compiled.firewalls.get(id)
    if (!firewall) return []
    const parts = judged(moving.box, firewall)
    if (this.#mode.stops)
      for (const { box, rule, action } of parts)
        if (action === 'drop') this.stopped({ layer: 'firewall', at, refusal: rule }, { ...moving, box })
    const passed = parts.filter(({ action }) => action === 'pass')
    return [
      ...passed.map(({ box, rule }) => hop(crossing, at, rule, box)),
      ...this.#ignoring('firewall', crossing, passed, at),
    ]
  }

  #passed(filter: Filter, moving: Moving, parts: readonly Match[]): Moving[] {
    const { layer, at } = filter
    this.stopped(filter, moving, parts)
    const passed = parts.map(({ box, rule }) => hop(moving, at, rule, box))
    return this.#mode.ignorable ? [...passed, ...this.#ignoring(layer, moving, parts, at)] : passed
  }

  /** Writes down what a filter or table did not let on. */
  stopped({ layer, at, refusal }: Filter, moving: Moving, passed: readonly { readonly box: Box }[] = []): void {
    if (!this.#mode.stops) return
    for (const box of remainder(moving.box, passed))
      this.#mode.stops.push({ layer, at, why: refusal, box, trace: traceOf(moving.last) })
  }

  /** What a filter does not let on, and goes on all the same because its layer is ignorable; a second layer ends it. */
  #ignoring(layer: Layer, moving: Moving, passed: readonly Match[], at: string): Moving[] {
    if (!this.#mode.ignorable?.includes(layer)) return []
    if (moving.ignored !== undefined && moving.ignored !== layer) return []
    return remainder(moving.box, passed).map((box) => ({ ...hop(moving, at, 'would stop here', box), ignored: layer }))
  }
}
