import {
  INTERNET,
  led,
  type Compiled,
  type CompiledSubnet,
  type InterfaceLocation,
  type Location,
} from '../compiled/compiled.ts'
import { occupying } from '../compiled/interfaces.ts'
import type { Arrival } from '../trace.ts'
import type { Box } from '../headers.ts'
import type { Intervals } from '../intervals.ts'
import type { Id } from '../model/network.ts'
import { Filters, type WalkMode } from './filters.ts'
import { hop, starting, toward, traceOf, type Moving } from './moving.ts'

/**
 * Sends a whole set of packets through a compiled network at once.
 *
 * What moves is a box: a product of sets of sources, destinations, protocols and ports. It starts at a location with
 * all that the location can write, and goes from filter to table to filter, as AWS has them:
 *
 *     interface: groups out → ACL out of the subnet → route table → ACL into the door's subnet → Transit Gateway table
 *       → firewall → Transit Gateway table → far end of a connection, or a door into a VPC → ACL out of the door's
 *       subnet → route table → ACL into the subnet → groups in: interface
 *
 * A filter is a list of disjoint matches (`through`), a table one of disjoint leads (`led`). Each cuts the box into the
 * parts that one rule lets on; each part walks on by itself, so that its trace names exactly one rule a hop. What no
 * rule lets on ends there. Nothing is kept of where a part has been but its hops, the firewalls it crossed, which
 * answers must cross too, and the attachments by which it entered a gateway: a gateway decides by attachment and
 * destination alone, so who enters by the same one twice goes round for ever, and ends. Everything else leads on to a
 * later kind of place, so a walk ends.
 *
 * A part that reaches an interface's groups, the far end of a connection or the Internet is an arrival. The box of an
 * arrival holds exactly the packets that get there by the hops of its trace; two arrivals may overlap.
 *
 * A mode changes single steps: a layer that is removed is not asked; what an ignorable layer stops goes on, marked,
 * until another layer stops it; answers pass groups and firewalls by connection. See `evaluate.ts` for who needs which.
 */
export class SetWalk {
  readonly #arrivals: Arrival[] = []
  readonly #compiled: Compiled
  readonly #from: Location
  readonly #mode: WalkMode
  readonly #filters: Filters

  constructor(compiled: Compiled, from: Location, mode: WalkMode) {
    this.#compiled = compiled
    this.#from = from
    this.#mode = mode
    this.#filters = new Filters(compiled, mode)
  }

  send(box: Box): Arrival[] {
    const from = this.#from
    const start = starting(box)
    if (from.kind === 'interface') {
      for (const next of this.#filters.groups(start, from, 'egress')) this.#leaveSubnet(from.subnet, next)
    } else if (this.#mode.removed === 'routes') this.#withoutRoutes(start)
    else if (from.kind === 'connection') {
      const at = `connection of ${from.attachment}`
      this.#enterGateway(from.attachment, hop(start, at, 'what comes through the tunnel'))
    } else this.#comeIn(start)
    return this.#arrivals
  }

  /** From the Internet: through the doors of VPCs, where there are any. */
  #comeIn(start: Moving): void {
    for (const [vpc, { door }] of Object.entries(this.#compiled.network.vpcs))
      if (door !== undefined) this.#enterSubnets(vpc, hop(start, vpc, door))
  }

  /** From an interface: to its neighbours, and out of the subnet. */
  #leaveSubnet(subnet: CompiledSubnet, moving: Moving): void {
    // Inside a subnet no network ACL is asked (VPC user guide).
    const inner = toward(moving, subnet.range)
    if (inner) this.#deliver(subnet, inner)
    const outer = toward(moving, subnet.beyond)
    if (!outer) return
    for (const next of this.#filters.acl(outer, subnet, 'egress')) {
      if (this.#mode.removed === 'routes') this.#withoutRoutes(next, subnet)
      else this.#route(subnet, next)
    }
  }

  /** The route table of a subnet. */
  #route(subnet: CompiledSubnet, moving: Moving): void {
    const at = subnet.labels.routes
    const parts = led(moving.box, subnet.routes)
    this.#noRoute(at, 'no route', moving, parts)
    for (const { box, target, rule } of parts) {
      const next = hop(moving, at, rule, box)
      if (target.kind === 'local') this.#enterSubnets(subnet.vpc, next, subnet.id)
      else if (target.kind === 'vpc') this.#enterSubnets(target.vpc, next)
      else if (target.kind === 'internet') this.#arrive(INTERNET, next)
      else this.#toGateway(subnet, target.gateway, next)
    }
  }

  /** Into the subnets of a VPC that the packets are for. */
  #enterSubnets(vpc: Id, moving: Moving, except?: Id): void {
    for (const subnet of this.#compiled.subnetsOf.get(vpc) ?? []) {
      const part = subnet.id === except ? undefined : toward(moving, subnet.range)
      if (part) for (const next of this.#filters.acl(part, subnet, 'ingress')) this.#deliver(subnet, next)
    }
  }

  /** To a Transit Gateway by the door of the VPC in the subnet's own zone. */
  #toGateway(subnet: CompiledSubnet, gateway: Id, moving: Moving): void {
    const doors = (this.#compiled.doorsOf.get(subnet.vpc) ?? [])
      .filter((door) => door.gateway === gateway)
      .flatMap(({ attachment, subnets }) =>
        subnets.filter(({ zone }) => zone === subnet.zone).map((door) => ({ attachment, door })),
      )
    if (doors.length === 0) this.#noRoute(gateway, `the VPC is not attached in zone ${subnet.zone}`, moving)
    for (const { attachment, door } of doors)
      for (const next of door.id === subnet.id ? [moving] : this.#filters.acl(moving, door, 'ingress'))
        this.#enterGateway(attachment, next)
  }

  /** The route table that an attachment is associated with. */
  #enterGateway(attachment: Id, moving: Moving): void {
    const id = this.#compiled.network.associations[attachment]
    const table = id === undefined ? undefined : this.#compiled.transitTables.get(id)
    if (table === undefined)
      return this.#noRoute(attachment, 'the attachment is associated with no route table', moving)
    if (moving.entered.includes(attachment)) return this.#noRoute(id!, 'it goes round in a circle', moving)
    const parts = led(moving.box, table.leads)
    this.#noRoute(table.label, 'no route', moving, parts)
    const inside = { ...moving, entered: [...moving.entered, attachment] }
    for (const { box, target, rule } of parts) {
      const next = hop(inside, table.label, rule, box)
      if (target === undefined) this.#noRoute(table.label, `blackhole ${rule}`, next)
      else this.#leaveGateway(target, next)
    }
    for (const wild of table.wild)
      if (wild !== attachment) this.#leaveGateway(wild, hop(inside, table.label, `whatever ${wild} announces`))
  }

  /** Out of a Transit Gateway by an attachment. */
  #leaveGateway(id: Id, moving: Moving): void {
    const attachment = this.#compiled.network.attachments[id]
    if (attachment === undefined) return
    if (attachment.kind === 'firewall') {
      for (const next of this.#filters.firewall(moving, attachment.firewall)) this.#enterGateway(id, next)
    } else if (attachment.kind === 'vpn') {
      const strong = attachment.weaknesses.length === 0
      const rule = strong ? 'both tunnels offer strong proposals only' : attachment.weaknesses.join('; ')
      this.#arrive(this.#compiled.connections.get(id)!, hop(moving, `IPsec connection ${attachment.connection}`, rule))
    } else
      this.#enterVpc(
        attachment.subnets.flatMap((subnet) => this.#compiled.subnets.get(subnet) ?? []),
        moving,
      )
  }

  /** From a Transit Gateway into a VPC, by the subnets of its door. */
  #enterVpc(doors: readonly CompiledSubnet[], moving: Moving): void {
    for (const door of doors) {
      const own = toward(moving, door.range)
      if (own) this.#deliver(door, own)
    }
    // Zones in which the attachment has the same rules, and nothing but the local route, need one walk.
    const alike = ({ acl, routes, vpc, id }: CompiledSubnet) =>
      `${acl} ${routes.every(({ target }) => target.kind === 'local') ? vpc : id}`
    for (const door of new Map(doors.map((each) => [alike(each), each])).values()) {
      const others = toward(moving, door.beyond)
      if (others) for (const next of this.#filters.acl(others, door, 'egress')) this.#route(door, next)
    }
  }

  /** With the routes removed: straight to where the packets are for, past everything else that is on such a way. */
  #withoutRoutes(moving: Moving, subnet?: CompiledSubnet): void {
    const free = hop(moving, 'routes', 'taken away')
    if (subnet) this.#enterSubnets(subnet.vpc, free, subnet.id)
    const crossed = this.#acrossFirewalls(free, subnet)
    for (const each of crossed) this.#arriveAtConnections(each)
    if (this.#from.kind === 'internet') {
      // The Internet is beside a VPC; other VPCs are behind the gateway and its firewall.
      for (const vpc of this.#compiled.subnetsOf.keys()) this.#enterSubnets(vpc, free)
      return
    }
    for (const vpc of this.#compiled.subnetsOf.keys())
      if (vpc !== subnet?.vpc) for (const each of crossed) this.#enterVpcWithoutRoutes(vpc, each)
    for (const each of subnet ? [free] : crossed) {
      const part = toward(each, this.#compiled.outside)
      if (part) this.#arrive(INTERNET, part)
    }
  }

  #arriveAtConnections(moving: Moving): void {
    for (const connection of this.#compiled.connections.values()) {
      const part = connection === this.#from ? undefined : toward(moving, connection.home)
      if (part) this.#arrive(connection, part)
    }
  }

  /** Through the door of the sender's zone, if it has one, and every firewall. */
  #acrossFirewalls(moving: Moving, subnet: CompiledSubnet | undefined): readonly Moving[] {
    const doors = this.#doorsInto(subnet?.vpc).filter(({ zone }) => zone === subnet?.zone)
    const inside = doors.length === 0 ? [moving] : doors.flatMap((door) => this.#filters.acl(moving, door, 'ingress'))
    return Object.keys(this.#compiled.network.firewalls).reduce<readonly Moving[]>(
      (all, id) => all.flatMap((each) => this.#filters.firewall(each, id)),
      inside,
    )
  }

  #enterVpcWithoutRoutes(vpc: Id, moving: Moving): void {
    const doors = this.#doorsInto(vpc)
    const inside = doors.length === 0 ? [moving] : doors.flatMap((door) => this.#filters.acl(moving, door, 'egress'))
    for (const next of inside) this.#enterSubnets(vpc, next)
  }

  #doorsInto(vpc: Id | undefined): readonly CompiledSubnet[] {
    const doors = vpc === undefined ? undefined : this.#compiled.doorsOf.get(vpc)
    return (doors ?? []).flatMap(({ subnets }) => subnets)
  }

  #noRoute(at: string, refusal: string, moving: Moving, passed?: readonly { readonly box: Box }[]): void {
    this.#filters.stopped({ layer: 'routes', at, refusal }, moving, passed)
  }

  #deliver(subnet: CompiledSubnet, moving: Moving): void {
    for (const location of this.#receivers(subnet, moving.box.destination)) {
      const part = toward(moving, location.addresses)
      if (part) for (const next of this.#filters.groups(part, location, 'ingress')) this.#arrive(location, next)
    }
  }

  /**
   * Interfaces that could take a packet: those whose groups admit the sender; all at the addresses, where groups are
   * not all.
   */
  #receivers(subnet: CompiledSubnet, destination: Intervals): Iterable<InterfaceLocation> {
    const { ignorable, answersThrough, stops } = this.#mode
    if (this.#from.kind !== 'interface' || ignorable || answersThrough || stops)
      return occupying(destination, this.#compiled.inSubnet.get(subnet.id) ?? [])
    const admitting = new Set(this.#compiled.admitAnyone.get(subnet.id))
    for (const group of this.#from.groups)
      for (const location of this.#compiled.admitGroup.get(group) ?? [])
        if (location.subnet === subnet) admitting.add(location)
    return admitting
  }

  #arrive(at: Location, moving: Moving): void {
    const { box, last, firewalls, ignored = this.#mode.removed } = moving
    this.#arrivals.push({
      at,
      box,
      firewalls,
      ignored,
      // Few traces of many are ever looked at.
      get trace() {
        return traceOf(last)
      },
    })
  }
}
