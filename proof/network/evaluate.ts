import { led, through, type Compiled, type CompiledSubnet, type Machine } from './compile.ts'
import { ALL, boxWithout, commonBox, reversed, type Box, type Headers } from './headers.ts'
import { intersect, interval, isEmpty, subtract, type Intervals } from './intervals.ts'
import type { Id, Who } from './model/network.ts'

/** What can stop a packet, each by itself. */
export type Layer = 'source group' | 'network ACL' | 'routes' | 'firewall' | 'destination group'

/** One hop and what let the packet through it. */
export interface Step {
  readonly at: string
  readonly rule: string
}
interface Trail {
  readonly step: Step
  readonly before?: Trail
}

/** Where packets begin: at alike machines, at the far end of a connection, or outside. */
export type Origin =
  | { readonly kind: 'machine'; readonly machine: Machine }
  | { readonly kind: 'far end'; readonly attachment: Id; readonly who: Who }
  | { readonly kind: 'internet' }

/** Packets that got somewhere, with the way they took. */
export interface Arrival {
  readonly who: Who
  /** what they reached: a machine, or the attachment behind which it is; undefined: the Internet */
  readonly at?: Machine | Id
  readonly box: Box
  readonly path: readonly Step[]
  readonly firewalls: readonly Id[]
  readonly tunnels: readonly Id[]
  /** the one layer that would have stopped them; only where the walk was asked for it */
  readonly failed?: Layer
}

/** Packets that something stopped. */
export interface Stop {
  readonly layer: Layer
  readonly at: string
  readonly why: string
  readonly box: Box
  readonly path: readonly Step[]
}

interface Going {
  readonly box: Box
  readonly trail?: Trail
  readonly firewalls: readonly Id[]
  readonly tunnels: readonly Id[]
  readonly entered: readonly Id[]
  readonly failed?: Layer
}

export interface WalkOptions {
  /** a layer that is taken away, to see whether another holds */
  readonly open?: 'source group' | 'routes'
  /** let packets go on past any one of the other layers, and say which */
  readonly single?: boolean
  /** where to write down what was stopped */
  readonly stops?: Stop[]
  /** these are answers to packets that crossed these firewalls; groups and firewalls know the connection */
  readonly answers?: readonly Id[]
}

/** Loopback addresses never leave a machine (RFC 1122, 3.2.1.3); groups that let nothing out name one. */
const LEAVING = subtract(ALL.destination, interval(127 * 2 ** 24, 128 * 2 ** 24 - 1))

/** What a machine of an origin may write into a packet: EC2 checks the source of its own machines; of others nobody does. */
export function emitted(compiled: Compiled, origin: Origin): Box {
  const box = { ...ALL, destination: LEAVING }
  if (origin.kind === 'machine') return { ...box, source: origin.machine.addresses }
  return origin.kind === 'internet' ? { ...box, source: compiled.outside } : box
}

/** Sends a set of packets on its way and gives everything that arrives. */
export function send(compiled: Compiled, origin: Origin, box: Box, options: WalkOptions = {}): Arrival[] {
  const walk = new Walk(compiled, origin, options)
  walk.start(origin, { box, firewalls: [], tunnels: [], entered: [] })
  return walk.arrivals
}

/** The part of what arrived whose answers find their way back, through the same firewalls. */
export function answered(compiled: Compiled, origin: Origin, arrival: Arrival): Headers {
  if (arrival.at === undefined) return [arrival.box]
  const back: Origin =
    typeof arrival.at === 'string'
      ? { kind: 'far end', attachment: arrival.at, who: arrival.who }
      : { kind: 'machine', machine: arrival.at }
  const target = origin.kind === 'machine' ? origin.machine : origin.kind === 'far end' ? origin.attachment : undefined
  return send(compiled, back, reversed([arrival.box])[0]!, { answers: arrival.firewalls })
    .filter(({ at, firewalls }) => at === target && arrival.firewalls.every((id) => firewalls.includes(id)))
    .flatMap((found) => reversed([found.box]))
}

class Walk {
  readonly arrivals: Arrival[] = []
  readonly #compiled: Compiled
  readonly #origin: Origin
  readonly #options: WalkOptions

  constructor(compiled: Compiled, origin: Origin, options: WalkOptions) {
    this.#compiled = compiled
    this.#origin = origin
    this.#options = options
  }

  start(origin: Origin, going: Going): void {
    const routesOpen = this.#options.open === 'routes'
    if (origin.kind === 'machine') {
      const { subnet } = origin.machine
      for (const next of this.#group(going, origin.machine, 'egress')) this.#leaveSubnet(subnet, next)
    } else if (routesOpen) this.#anywhere(going)
    else if (origin.kind === 'far end')
      this.#atGateway(
        origin.attachment,
        this.#step(going, `connection of ${origin.attachment}`, 'what comes through the tunnel'),
      )
    else {
      for (const [vpc, { door }] of Object.entries(this.#compiled.network.vpcs))
        if (door !== undefined) this.#toSubnets(vpc, this.#step(going, vpc, door))
    }
  }

  #step(going: Going, at: string, rule: string, box = going.box): Going {
    const { firewalls, tunnels, entered, failed } = going
    return { box, trail: { step: { at, rule }, before: going.trail }, firewalls, tunnels, entered, failed }
  }

  #narrow(going: Going, destination: Intervals): Going | undefined {
    const part = intersect(going.box.destination, destination)
    if (isEmpty(part)) return undefined
    const { box, trail, firewalls, tunnels, entered, failed } = going
    return {
      box: {
        source: box.source,
        destination: part,
        protocol: box.protocol,
        sourcePort: box.sourcePort,
        destinationPort: box.destinationPort,
      },
      trail,
      firewalls,
      tunnels,
      entered,
      failed,
    }
  }

  /** Writes down what a filter did not let through. */
  #stopped(layer: Layer, going: Going, passed: readonly Box[], at: string, why: string): void {
    if (!this.#options.stops) return
    let rest: readonly Box[] = [going.box]
    for (const box of passed) rest = rest.flatMap((part) => boxWithout(part, box))
    for (const box of rest) this.#options.stops.push({ layer, at, why, box, path: steps(going.trail) })
  }

  /** What one filter alone stops goes on with its name on it, where that is asked for; a second filter of another layer ends it. */
  #past(layer: Layer, going: Going, passed: readonly Box[], at: string): Going[] {
    if (!this.#options.single || (going.failed !== undefined && going.failed !== layer)) return []
    let rest: readonly Box[] = [going.box]
    for (const box of passed) rest = rest.flatMap((part) => boxWithout(part, box))
    return rest.map((box) => ({ ...this.#step(going, at, 'would stop here', box), failed: layer }))
  }

  #group(going: Going, machine: Machine, side: 'egress' | 'ingress'): Going[] {
    const layer = side === 'egress' ? 'source group' : 'destination group'
    const at = side === 'egress' ? 'security groups of the sender' : 'security groups of the receiver'
    if (this.#options.answers) return [this.#step(going, at, 'answers of a connection they let through')]
    if (this.#options.open === layer) return [this.#step(going, at, 'taken away')]
    const parts = through(going.box, machine[side])
    this.#stopped(
      layer,
      going,
      parts.map(({ box }) => box),
      at,
      `no rule lets it ${side === 'egress' ? 'out' : 'in'}`,
    )
    const passed = parts.map(({ box, rule }) => this.#step(going, at, rule, box))
    return side === 'egress'
      ? passed
      : [
          ...passed,
          ...this.#past(
            layer,
            going,
            parts.map(({ box }) => box),
            at,
          ),
        ]
  }

  #acl(going: Going, subnet: CompiledSubnet, side: 'egress' | 'ingress'): Going[] {
    const at = subnet.words[side]
    const parts = through(going.box, subnet[side])
    const boxes = parts.map(({ box }) => box)
    this.#stopped('network ACL', going, boxes, at, 'no entry allows it')
    return [
      ...parts.map(({ box, rule }) => this.#step(going, at, rule, box)),
      ...this.#past('network ACL', going, boxes, at),
    ]
  }

  #leaveSubnet(subnet: CompiledSubnet, going: Going): void {
    // Inside a subnet no network ACL is asked (VPC user guide).
    const inner = this.#narrow(going, subnet.range)
    if (inner) this.#deliver(subnet, inner)
    const outer = this.#narrow(going, subnet.beyond)
    if (!outer) return
    for (const next of this.#acl(outer, subnet, 'egress')) {
      if (this.#options.open === 'routes') this.#anywhere(next, subnet)
      else this.#route(subnet, next)
    }
  }

  #route(subnet: CompiledSubnet, going: Going): void {
    const at = subnet.words.routes
    const parts = led(going.box, subnet.routes)
    this.#stopped(
      'routes',
      going,
      parts.map(({ box }) => box),
      at,
      'no route',
    )
    for (const { box, target, rule } of parts) {
      const next = this.#step(going, at, rule, box)
      switch (target.kind) {
        case 'local':
          this.#toSubnets(subnet.vpc, next, subnet.id)
          break
        case 'vpc':
          this.#toSubnets(target.vpc, next)
          break
        case 'internet':
          this.#arrive({ kind: 'internet' }, undefined, next)
          break
        case 'transit':
          this.#toGateway(subnet, target.gateway, next)
          break
      }
    }
  }

  #toSubnets(vpc: Id, going: Going, except?: Id): void {
    for (const subnet of this.#compiled.subnetsOf.get(vpc) ?? []) {
      const part = subnet.id === except ? undefined : this.#narrow(going, subnet.range)
      if (part) for (const next of this.#acl(part, subnet, 'ingress')) this.#deliver(subnet, next)
    }
  }

  #toGateway(subnet: CompiledSubnet, gateway: Id, going: Going): void {
    const doors = (this.#compiled.doorsOf.get(subnet.vpc) ?? [])
      .filter((door) => door.gateway === gateway)
      .flatMap(({ id, subnets }) => subnets.filter(({ zone }) => zone === subnet.zone).map((door) => ({ id, door })))
    if (doors.length === 0)
      this.#stopped('routes', going, [], gateway, `the VPC is not attached in zone ${subnet.zone}`)
    for (const { id, door } of doors) {
      for (const next of door.id === subnet.id ? [going] : this.#acl(going, door, 'ingress')) this.#atGateway(id, next)
    }
  }

  #atGateway(attachment: Id, going: Going): void {
    const id = this.#compiled.network.associations[attachment]
    const table = id === undefined ? undefined : this.#compiled.tables.get(id)
    if (table === undefined)
      return this.#stopped('routes', going, [], attachment, 'the attachment is associated with no route table')
    // A gateway decides by attachment and destination alone: who comes back to where they were goes round for ever.
    if (going.entered.includes(attachment)) return this.#stopped('routes', going, [], id!, 'it goes round in a circle')
    const parts = led(going.box, table.leads)
    this.#stopped(
      'routes',
      going,
      parts.map(({ box }) => box),
      table.words,
      'no route',
    )
    for (const { box, target, rule } of parts) {
      const next = this.#step({ ...going, entered: [...going.entered, attachment] }, table.words, rule, box)
      if (target === undefined) this.#stopped('routes', next, [], table.words, `blackhole ${rule}`)
      else this.#leaveGateway(target, next)
    }
    for (const wild of table.wild)
      if (wild !== attachment)
        this.#leaveGateway(
          wild,
          this.#step({ ...going, entered: [...going.entered, attachment] }, table.words, `whatever ${wild} announces`),
        )
  }

  #leaveGateway(id: Id, going: Going): void {
    const attachment = this.#compiled.network.attachments[id]
    if (attachment === undefined) return
    if (attachment.kind === 'firewall') {
      for (const next of this.#firewall(attachment.firewall, going)) this.#atGateway(id, next)
      return
    }
    if (attachment.kind === 'vpn') {
      const through = this.#step(
        going,
        `IPsec connection ${attachment.connection}`,
        attachment.weaknesses.length === 0
          ? 'both tunnels offer strong proposals only'
          : attachment.weaknesses.join('; '),
      )
      return this.#arrive(attachment.who, id, { ...through, tunnels: [...going.tunnels, id] })
    }
    const doors = attachment.subnets.flatMap((name) => this.#compiled.subnets.get(name) ?? [])
    for (const door of doors) {
      const own = this.#narrow(going, door.range)
      if (own) this.#deliver(door, own)
    }
    // Zones in which the attachment has the same rules, and nothing but the local route, need one walk.
    const alike = (door: CompiledSubnet) =>
      `${door.acl} ${door.routes.every(({ target }) => target.kind === 'local') ? door.vpc : door.id}`
    for (const door of new Map(doors.map((each) => [alike(each), each])).values()) this.#fromGateway(door, going)
  }

  #fromGateway(door: CompiledSubnet, going: Going): void {
    const others = this.#narrow(going, door.beyond)
    if (others) for (const next of this.#acl(others, door, 'egress')) this.#route(door, next)
  }

  #firewall(id: Id, going: Going): Going[] {
    const next = { ...going, firewalls: [...going.firewalls, id] }
    if (this.#options.answers) {
      if (this.#options.answers.includes(id))
        return [this.#step(next, `firewall ${id}`, 'answers of a connection it let through')]
      this.#stopped('firewall', going, [], `firewall ${id}`, 'it never saw the connection begin')
      return []
    }
    const firewall = this.#compiled.firewalls.get(id)
    if (!firewall) return []
    const passed: Going[] = []
    const judge = <Action extends string>(
      start: Headers,
      rules: readonly { box: Box; rule: string; action: Action }[],
      byDefault: Action,
      act: (box: Box, action: Action, rule: string) => void,
    ) => {
      let rest = start
      for (const { box, rule, action } of rules) {
        const hits = rest.flatMap((part) => commonBox(part, box) ?? [])
        if (hits.length === 0) continue
        for (const hit of hits) act(hit, action, rule)
        rest = rest.flatMap((part) => boxWithout(part, box))
      }
      for (const part of rest) act(part, byDefault, 'default action')
    }
    const forwarded: Box[] = []
    judge([going.box], firewall.stateless, firewall.statelessDefault, (box, action, rule) => {
      if (action === 'pass') passed.push(this.#step(next, `firewall ${id}`, `stateless ${rule}`, box))
      if (action === 'forward') forwarded.push(box)
    })
    judge(forwarded, firewall.stateful, firewall.statefulDefault, (box, action, rule) => {
      if (action === 'pass') passed.push(this.#step(next, `firewall ${id}`, rule, box))
      else if (this.#options.stops)
        this.#stopped(
          'firewall',
          { ...going, box },
          [],
          `firewall ${id}`,
          rule === 'default action' ? 'no rule passes it, and the default action drops it' : rule,
        )
    })
    return [
      ...passed,
      ...this.#past(
        'firewall',
        next,
        passed.map(({ box }) => box),
        `firewall ${id}`,
      ),
    ]
  }

  /** With routes taken away as a layer: straight to where the packet would go, past everything else that is on such a way. */
  #anywhere(going: Going, from?: CompiledSubnet): void {
    const { network, outside: outsideAddresses, subnetsOf, doorsOf, farEnds } = this.#compiled
    const open = this.#step(going, 'routes', 'taken away')
    const outside = this.#origin.kind === 'internet'
    if (from) this.#toSubnets(from.vpc, open, from.id)
    // The Internet is beside a VPC; databases and other VPCs are behind the gateway and its firewall.
    const firewalls = (starts: readonly Going[]) =>
      Object.keys(network.firewalls).reduce<readonly Going[]>(
        (all, id) => all.flatMap((each) => this.#firewall(id, each)),
        starts,
      )
    const doorsIn = from
      ? (doorsOf.get(from.vpc) ?? []).flatMap(({ subnets }) => subnets).filter(({ zone }) => zone === from.zone)
      : []
    const crossed = firewalls(
      doorsIn.length === 0 ? [open] : doorsIn.flatMap((door) => this.#acl(open, door, 'ingress')),
    )
    const own = this.#origin.kind === 'far end' ? this.#origin.attachment : undefined
    for (const each of crossed) {
      for (const { id, who, home } of farEnds) {
        const part = id === own ? undefined : this.#narrow(each, home)
        if (part) this.#arrive(who, id, { ...part, tunnels: [id] })
      }
    }
    for (const vpc of subnetsOf.keys()) {
      if (vpc === from?.vpc) continue
      const doors = (doorsOf.get(vpc) ?? []).flatMap(({ subnets }) => subnets)
      if (outside) this.#toSubnets(vpc, open)
      else
        for (const each of crossed)
          for (const next of doors.length === 0 ? [each] : doors.flatMap((door) => this.#acl(each, door, 'egress')))
            this.#toSubnets(vpc, next)
    }
    if (outside) return
    for (const each of from ? [open] : crossed) {
      const part = this.#narrow(each, outsideAddresses)
      if (part) this.#arrive({ kind: 'internet' }, undefined, part)
    }
  }

  #deliver(subnet: CompiledSubnet, going: Going): void {
    for (const machine of this.#receivers(subnet, going.box.destination)) {
      const part = this.#narrow(going, machine.addresses)
      if (part) for (const next of this.#group(part, machine, 'ingress')) this.#arrive(machine.who, machine, next)
    }
  }

  /** Machines that could take a packet: those whose groups admit the sender; all at the addresses, where that is not the question. */
  #receivers(subnet: CompiledSubnet, destination: Intervals): Iterable<Machine> {
    const { single, answers, stops } = this.#options
    if (this.#origin.kind === 'machine' && !single && !answers && !stops) {
      const groups = this.#compiled.groupsOf.get(this.#origin.machine) ?? []
      const admitting = new Set(this.#compiled.admitAnyone.get(subnet.id))
      for (const group of groups)
        for (const machine of this.#compiled.admitGroup.get(group) ?? [])
          if (machine.subnet === subnet) admitting.add(machine)
      return admitting
    }
    const there = this.#compiled.inSubnet.get(subnet.id) ?? []
    const found = new Set<Machine>()
    for (let at = 0; at < destination.length; at += 2) {
      let low = 0
      let high = there.length
      while (low < high) {
        const middle = (low + high) >> 1
        if (there[middle]!.last < destination[at]!) low = middle + 1
        else high = middle
      }
      for (; low < there.length && there[low]!.first <= destination[at + 1]!; low += 1) found.add(there[low]!.machine)
    }
    return found
  }

  #arrive(who: Who, at: Machine | Id | undefined, { box, trail, firewalls, tunnels, failed }: Going): void {
    const all = this.arrivals
    all.push({
      who,
      at,
      box,
      firewalls,
      tunnels,
      failed,
      get path() {
        return steps(trail)
      },
    })
  }
}

function steps(trail: Trail | undefined): Step[] {
  const result: Step[] = []
  for (let at = trail; at; at = at.before) result.push(at.step)
  return result.reverse()
}

/** Every origin that a network has. */
export function origins({ machines, network }: Compiled): Origin[] {
  return [
    ...machines.map((machine): Origin => ({ kind: 'machine', machine })),
    ...Object.entries(network.attachments).flatMap(([attachment, each]): Origin[] =>
      each.kind === 'vpn' ? [{ kind: 'far end', attachment, who: each.who }] : [],
    ),
    { kind: 'internet' },
  ]
}
