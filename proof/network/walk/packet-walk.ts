import type {
  AclEntry,
  AddressTerm,
  Attachment,
  FirewallRule,
  GroupRule,
  Id,
  Interface,
  Network,
  PortTerm,
  Route,
  Subnet,
  TransitRoute,
} from '../model/network.ts'

/** One packet, addresses as numbers. */
export interface OnePacket {
  readonly source: number
  readonly destination: number
  readonly protocol: number
  readonly sourcePort: number
  readonly destinationPort: number
}

/** Where a packet begins and ends: the index of an interface in the network, an attachment, or outside. */
export type PlainLocation = { readonly interface: number } | { readonly attachment: Id } | 'outside'

/** A location that the packet got to, with the firewalls that it crossed. */
interface Receipt {
  readonly at: PlainLocation
  readonly firewalls: ReadonlySet<Id>
}

type Direction = 'ingress' | 'egress'

function ip(text: string): number {
  let value = 0
  for (const part of text.split('.')) value = value * 256 + parseInt(part, 10)
  return value
}

function inNetwork(address: number, cidr: string): boolean {
  const slash = cidr.indexOf('/')
  const size = Math.pow(2, 32 - parseInt(cidr.slice(slash + 1), 10))
  return Math.floor(address / size) === Math.floor(ip(cidr.slice(0, slash)) / size)
}

const prefixOf = (cidr: string) => parseInt(cidr.slice(cidr.indexOf('/') + 1), 10)

function hasAddress({ addresses }: Interface, address: number): boolean {
  for (let at = 0; at < addresses.length; at += 2)
    if (addresses[at]! <= address && address <= addresses[at + 1]!) return true
  return false
}

/** Every location that receives a packet. */
export const receipts = (network: Network, from: PlainLocation, packet: OnePacket): readonly Receipt[] =>
  new PacketWalk(network, packet, undefined).send(from)

/** Whether an answer to a packet that was received gets back to where the packet came from. */
export function answers(network: Network, from: PlainLocation, packet: OnePacket, receipt: Receipt): boolean {
  const { at, firewalls } = receipt
  if (at === 'outside') return true
  return new PacketWalk(network, answerTo(packet), firewalls)
    .send(at)
    .some((back) => same(back.at, from) && [...firewalls].every((id) => back.firewalls.has(id)))
}

const answerTo = ({ source, destination, protocol, sourcePort, destinationPort }: OnePacket): OnePacket => ({
  source: destination,
  destination: source,
  protocol,
  sourcePort: destinationPort,
  destinationPort: sourcePort,
})

const same = (a: PlainLocation, b: PlainLocation) => JSON.stringify(a) === JSON.stringify(b)

/**
 * Walks one packet through the plain network, by reading rules one after another as AWS documents them.
 *
 * It exists to disagree with `SetWalk` when one of the two is wrong, so it shares nothing with it but the data: no
 * interval, no box, no compiled list, no order of rules made beforehand. Where the one cuts sets along rules, the other
 * asks each rule "does this packet match?":
 *
 *  - a security group lets on what any of its rules matches;
 *  - of a network ACL the entry with the lowest number that matches decides, whatever order they are listed in;
 *  - of a route table the longest prefix decides, and the local route is one of its routes;
 *  - of a Transit Gateway table the longest prefix, and of two alike the static one; beside it, any connection that may
 *    announce what it likes may get the packet too, so a packet can be received at several locations;
 *  - of a firewall the first stateless rule that matches; where it forwards, the first stateful one that decides.
 *
 * The way is that of `SetWalk`: interface, subnet, gateway, firewall, gateway, connection or subnet, interface. An
 * attachment that the packet entered before ends it, because it would go round for ever.
 *
 * An answer belongs to a connection: groups let it on, and so does a firewall that the question crossed, while one that
 * it did not cross drops it. Network ACLs know no connections.
 *
 * It is slow on purpose. Whoever changes what the network means changes it here and in `SetWalk`, each by its
 * own reading of AWS's documents; `agreement.test.ts` compares the two over random networks.
 */
class PacketWalk {
  readonly #network: Network
  readonly #packet: OnePacket
  /** of an answer: the firewalls that its question crossed */
  readonly #asked: ReadonlySet<Id> | undefined
  readonly #receipts: Receipt[] = []

  constructor(network: Network, packet: OnePacket, asked: ReadonlySet<Id> | undefined) {
    this.#network = network
    this.#packet = packet
    this.#asked = asked
  }

  send(from: PlainLocation): readonly Receipt[] {
    const none: ReadonlySet<Id> = new Set()
    if (from === 'outside') {
      for (const [vpc, { door }] of Object.entries(this.#network.vpcs))
        if (door !== undefined) this.#enterSubnets(vpc, undefined, none)
    } else if ('attachment' in from) this.#enterGateway(from.attachment, none, [])
    else this.#leaveInterface(this.#network.interfaces[from.interface]!, none)
    return this.#receipts
  }

  #leaveInterface(from: Interface, firewalls: ReadonlySet<Id>): void {
    const { source, destination } = this.#packet
    if (!hasAddress(from, source)) return
    if (!this.#asked && !this.#groupsAllow(from, 'egress')) return
    const subnet = this.#network.subnets[from.subnet]!
    if (inNetwork(destination, subnet.cidr)) this.#deliver(from.subnet, firewalls)
    else if (this.#aclAllows(subnet, 'egress')) this.#route(from.subnet, firewalls, [])
  }

  #groupsAllow({ groups }: Interface, direction: Direction): boolean {
    const other = direction === 'egress' ? this.#packet.destination : this.#packet.source
    return groups.some((id) =>
      (this.#network.groups[id]?.[direction] ?? []).some((rule) => this.#groupRuleMatches(rule, other)),
    )
  }

  #groupRuleMatches({ protocol, ports, peer }: GroupRule, other: number): boolean {
    if (!this.#protocolAndPortsMatch(protocol, ports)) return false
    if ('cidr' in peer) return inNetwork(other, peer.cidr)
    if ('prefixList' in peer)
      return (this.#network.prefixLists[peer.prefixList] ?? []).some((cidr) => inNetwork(other, cidr))
    return this.#network.interfaces.some((each) => each.groups.includes(peer.group) && hasAddress(each, other))
  }

  #protocolAndPortsMatch(protocol: number, ports: readonly [number, number] | undefined): boolean {
    if (protocol !== -1 && protocol !== this.#packet.protocol) return false
    const { destinationPort } = this.#packet
    return ports === undefined || (ports[0] <= destinationPort && destinationPort <= ports[1])
  }

  #aclAllows(subnet: Subnet, direction: Direction): boolean {
    const other = direction === 'egress' ? this.#packet.destination : this.#packet.source
    let lowest: AclEntry | undefined
    for (const entry of this.#network.acls[subnet.acl]?.entries ?? []) {
      if (entry.direction !== direction || !inNetwork(other, entry.cidr)) continue
      if (!this.#protocolAndPortsMatch(entry.protocol, entry.ports)) continue
      if (lowest === undefined || entry.number < lowest.number) lowest = entry
    }
    return lowest?.allow === true
  }

  #route(subnetId: Id, firewalls: ReadonlySet<Id>, entered: readonly Id[]): void {
    const { vpc, routeTable } = this.#network.subnets[subnetId]!
    const longest = this.#longest(this.#network.routeTables[routeTable]?.routes ?? [])
    const own = this.#longest((this.#network.vpcs[vpc]?.cidrs ?? []).map((cidr) => ({ cidr })))
    // The local route wins over another of the same network.
    if (own && prefixOf(own.cidr) >= (longest === undefined ? -1 : prefixOf(longest.cidr)))
      this.#enterSubnets(vpc, subnetId, firewalls)
    else if (longest?.target.kind === 'internet') this.#receipts.push({ at: 'outside', firewalls })
    else if (longest?.target.kind === 'vpc') this.#enterSubnets(longest.target.vpc, undefined, firewalls)
    else if (longest?.target.kind === 'transit')
      this.#leaveVpc({ subnetId, gateway: longest.target.gateway, firewalls, entered })
  }

  /** Of the routes that match, the first with the longest prefix. */
  #longest<R extends Pick<Route, 'cidr'>>(routes: readonly R[]): R | undefined {
    let longest: R | undefined
    for (const route of routes) {
      if (!inNetwork(this.#packet.destination, route.cidr)) continue
      if (longest === undefined || prefixOf(route.cidr) > prefixOf(longest.cidr)) longest = route
    }
    return longest
  }

  /** To a Transit Gateway by the subnets of its attachment that are in the subnet's own zone. */
  #leaveVpc(way: {
    readonly subnetId: Id
    readonly gateway: Id
    readonly firewalls: ReadonlySet<Id>
    readonly entered: readonly Id[]
  }): void {
    const { attachments, subnets } = this.#network
    const from = subnets[way.subnetId]!
    for (const [id, attachment] of Object.entries(attachments)) {
      if (attachment.kind !== 'vpc' || attachment.vpc !== from.vpc || attachment.gateway !== way.gateway) continue
      for (const doorId of attachment.subnets) {
        const door = subnets[doorId]
        if (door?.zone !== from.zone) continue
        if (doorId === way.subnetId || this.#aclAllows(door, 'ingress'))
          this.#enterGateway(id, way.firewalls, way.entered)
      }
    }
  }

  #enterSubnets(vpc: Id, except: Id | undefined, firewalls: ReadonlySet<Id>): void {
    for (const [id, subnet] of Object.entries(this.#network.subnets)) {
      if (subnet.vpc !== vpc || id === except || !inNetwork(this.#packet.destination, subnet.cidr)) continue
      if (this.#aclAllows(subnet, 'ingress')) this.#deliver(id, firewalls)
    }
  }

  #deliver(subnet: Id, firewalls: ReadonlySet<Id>): void {
    this.#network.interfaces.forEach((each, index) => {
      if (each.subnet !== subnet || !hasAddress(each, this.#packet.destination)) return
      if (this.#asked || this.#groupsAllow(each, 'ingress'))
        this.#receipts.push({ at: { interface: index }, firewalls })
    })
  }

  #enterGateway(attachment: Id, firewalls: ReadonlySet<Id>, entered: readonly Id[]): void {
    if (entered.includes(attachment)) return
    const table = this.#network.transitTables[this.#network.associations[attachment] ?? '']
    if (table === undefined) return
    const nexts = [this.#transitRoute(table.routes)?.attachment, ...table.wild.filter((id) => id !== attachment)]
    for (const next of nexts) if (next !== undefined) this.#leaveGateway(next, firewalls, [...entered, attachment])
  }

  #transitRoute(routes: readonly TransitRoute[]): TransitRoute | undefined {
    let best: TransitRoute | undefined
    for (const route of routes) {
      if (!inNetwork(this.#packet.destination, route.cidr)) continue
      const longer = best === undefined ? 1 : prefixOf(route.cidr) - prefixOf(best.cidr)
      if (longer > 0 || (longer === 0 && best?.propagated && !route.propagated)) best = route
    }
    return best
  }

  #leaveGateway(id: Id, firewalls: ReadonlySet<Id>, entered: readonly Id[]): void {
    const attachment = this.#network.attachments[id]
    if (attachment?.kind === 'vpn') this.#receipts.push({ at: { attachment: id }, firewalls })
    else if (attachment?.kind === 'vpc') this.#enterVpc(attachment, firewalls, entered)
    else if (attachment?.kind === 'firewall') {
      const { firewall } = attachment
      const allowed = this.#asked ? this.#asked.has(firewall) : this.#firewallPasses(firewall)
      if (allowed) this.#enterGateway(id, new Set([...firewalls, firewall]), entered)
    }
  }

  #enterVpc(
    { subnets }: Extract<Attachment, { readonly kind: 'vpc' }>,
    firewalls: ReadonlySet<Id>,
    entered: readonly Id[],
  ): void {
    for (const id of subnets) {
      const door = this.#network.subnets[id]
      if (door === undefined) continue
      if (inNetwork(this.#packet.destination, door.cidr)) this.#deliver(id, firewalls)
      else if (this.#aclAllows(door, 'egress')) this.#route(id, firewalls, entered)
    }
  }

  #firewallPasses(id: Id): boolean {
    const firewall = this.#network.firewalls[id]
    if (firewall === undefined) return false
    const first = firewall.stateless.find((rule) => this.#sidesMatch(rule, false))?.action ?? firewall.statelessDefault
    if (first !== 'forward') return first === 'pass'
    for (const rule of firewall.stateful) {
      if (rule.action === 'alert') continue
      if (this.#sidesMatch(rule, false) || (rule.bothWays && this.#sidesMatch(rule, true)))
        return rule.action === 'pass'
    }
    return firewall.statefulDefault === 'pass'
  }

  #sidesMatch(rule: Omit<FirewallRule, 'action' | 'bothWays' | 'rule'>, turned: boolean): boolean {
    const { source, destination, sourcePort, destinationPort, protocol } = this.#packet
    if (rule.protocol !== -1 && rule.protocol !== protocol) return false
    const [from, fromPort, to, toPort] = turned
      ? [destination, destinationPort, source, sourcePort]
      : [source, sourcePort, destination, destinationPort]
    return (
      this.#anyTerm(rule.source, (term) => this.#isAddress(term, from)) &&
      this.#anyTerm(rule.destination, (term) => this.#isAddress(term, to)) &&
      this.#anyTerm(rule.sourcePorts, ({ ports }: PortTerm) => ports[0] <= fromPort && fromPort <= ports[1]) &&
      this.#anyTerm(rule.destinationPorts, ({ ports }: PortTerm) => ports[0] <= toPort && toPort <= ports[1])
    )
  }

  #anyTerm<Term extends { readonly not: boolean }>(terms: readonly Term[], matches: (term: Term) => boolean): boolean {
    const wanted = terms.filter(({ not }) => !not)
    return (wanted.length === 0 || wanted.some(matches)) && !terms.some((term) => term.not && matches(term))
  }

  #isAddress({ cidr, set }: AddressTerm, address: number): boolean {
    if (cidr !== undefined) return inNetwork(address, cidr)
    const members = this.#network.interfaces.filter((each) => each.sets.includes(set!))
    return members.length > 0
      ? members.some((each) => hasAddress(each, address))
      : (this.#network.prefixLists[set!] ?? []).some((list) => inNetwork(address, list))
  }
}
