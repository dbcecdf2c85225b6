import type { AclEntry, AddressTerm, GroupRule, Id, Interface, Network, PortTerm, Subnet } from './model/network.ts'

/**
 * Walks one packet through the plain network, by reading rules one after another as AWS documents them. It shares no code with the set
 * algebra: no interval, no box, no compiled list. Its only use is to disagree with `evaluate.ts` when one of them is wrong.
 */

/** One packet, addresses as numbers. */
export interface OnePacket {
  readonly source: number
  readonly destination: number
  readonly protocol: number
  readonly sourcePort: number
  readonly destinationPort: number
}

/** Who sends it: the index of an interface in the network, an attachment, or somebody outside. */
export type Sender = { readonly interface: number } | { readonly attachment: Id } | 'outside'
/** Where it got to: the index of an interface, an attachment, or outside. */
export type Receiver = { readonly interface: number } | { readonly attachment: Id } | 'outside'

interface Connection {
  readonly firewallsSeen: Set<Id>
}
/** Where a packet may go on from somewhere; several where a far end decides what it announces. */
type Places = Receiver[]

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

/** Everything that receives a packet, each with whether it crossed which firewalls. */
export function receivers(
  network: Network,
  sender: Sender,
  packet: OnePacket,
): { readonly receiver: Receiver; readonly firewalls: ReadonlySet<Id> }[] {
  return new Trip(network, packet, undefined).from(sender)
}

/** Whether an answer from a receiver gets back to who sent the packet. */
export function answers(
  network: Network,
  sender: Sender,
  packet: OnePacket,
  receiver: Receiver,
  firewalls: ReadonlySet<Id>,
): boolean {
  if (receiver === 'outside') return true
  const answer = {
    source: packet.destination,
    destination: packet.source,
    protocol: packet.protocol,
    sourcePort: packet.destinationPort,
    destinationPort: packet.sourcePort,
  }
  const back = new Trip(network, answer, { firewallsSeen: new Set(firewalls) }).from(receiver)
  return back.some((found) => same(found.receiver, sender) && [...firewalls].every((id) => found.firewalls.has(id)))
}

const same = (a: Receiver, b: Sender) => JSON.stringify(a) === JSON.stringify(b)

class Trip {
  readonly #network: Network
  readonly #packet: OnePacket
  readonly #answering: Connection | undefined
  readonly #found: { receiver: Receiver; firewalls: Set<Id> }[] = []

  constructor(network: Network, packet: OnePacket, answering: Connection | undefined) {
    this.#network = network
    this.#packet = packet
    this.#answering = answering
  }

  from(sender: Sender): { receiver: Receiver; firewalls: Set<Id> }[] {
    const { vpcs, subnets, interfaces } = this.#network
    if (sender === 'outside') {
      for (const [vpc, { door }] of Object.entries(vpcs))
        if (door !== undefined) this.#intoVpc(vpc, undefined, new Set())
      return this.#found
    }
    if ('attachment' in sender) {
      this.#gateway(sender.attachment, new Set(), [])
      return this.#found
    }
    const from = interfaces[sender.interface]!
    if (!hasAddress(from, this.#packet.source)) return []
    if (!this.#answering && !this.#groupsAllow(from, 'egress')) return []
    const subnet = subnets[from.subnet]!
    if (inNetwork(this.#packet.destination, subnet.cidr)) this.#atSubnet(from.subnet, new Set())
    else if (this.#aclAllows(subnet, 'egress')) this.#vpcRoute(from.subnet, subnet, new Set(), [])
    return this.#found
  }

  #groupsAllow({ groups }: Interface, side: 'egress' | 'ingress'): boolean {
    return groups.some((id) =>
      (this.#network.groups[id]?.[side] ?? []).some((rule) =>
        this.#groupRuleMatches(rule, side === 'egress' ? this.#packet.destination : this.#packet.source),
      ),
    )
  }

  #groupRuleMatches({ protocol, ports, peer }: GroupRule, other: number): boolean {
    if (protocol !== -1 && protocol !== this.#packet.protocol) return false
    if (ports !== undefined && (this.#packet.destinationPort < ports[0] || this.#packet.destinationPort > ports[1]))
      return false
    if ('cidr' in peer) return inNetwork(other, peer.cidr)
    if ('prefixList' in peer)
      return (this.#network.prefixLists[peer.prefixList] ?? []).some((cidr) => inNetwork(other, cidr))
    return this.#network.interfaces.some((each) => each.groups.includes(peer.group) && hasAddress(each, other))
  }

  /** The entry with the lowest number that matches decides. */
  #aclAllows(subnet: Subnet, side: 'egress' | 'ingress'): boolean {
    const other = side === 'egress' ? this.#packet.destination : this.#packet.source
    let best: AclEntry | undefined
    for (const entry of this.#network.acls[subnet.acl]?.entries ?? []) {
      if (entry.direction !== side || !inNetwork(other, entry.cidr)) continue
      if (entry.protocol !== -1 && entry.protocol !== this.#packet.protocol) continue
      if (
        entry.ports !== undefined &&
        (this.#packet.destinationPort < entry.ports[0] || this.#packet.destinationPort > entry.ports[1])
      )
        continue
      if (best === undefined || entry.number < best.number) best = entry
    }
    return best?.allow === true
  }

  #vpcRoute(name: Id, subnet: Subnet, firewalls: Set<Id>, visited: readonly Id[]): void {
    const { vpcs, routeTables, attachments, subnets } = this.#network
    let longest = -1
    let go: () => void = () => undefined
    for (const cidr of vpcs[subnet.vpc]?.cidrs ?? []) {
      if (!inNetwork(this.#packet.destination, cidr) || prefixOf(cidr) <= longest) continue
      longest = prefixOf(cidr)
      go = () => this.#intoVpc(subnet.vpc, name, firewalls)
    }
    for (const { cidr, target } of routeTables[subnet.routeTable]?.routes ?? []) {
      if (!inNetwork(this.#packet.destination, cidr) || prefixOf(cidr) <= longest) continue
      longest = prefixOf(cidr)
      go = () => {
        if (target.kind === 'internet') this.#found.push({ receiver: 'outside', firewalls })
        else if (target.kind === 'vpc') this.#intoVpc(target.vpc, undefined, firewalls)
        else {
          for (const [id, attachment] of Object.entries(attachments)) {
            if (attachment.kind !== 'vpc' || attachment.vpc !== subnet.vpc || attachment.gateway !== target.gateway)
              continue
            for (const doorName of attachment.subnets) {
              const door = subnets[doorName]
              if (door?.zone !== subnet.zone) continue
              if (doorName === name || this.#aclAllows(door, 'ingress')) this.#gateway(id, firewalls, visited)
            }
          }
        }
      }
    }
    go()
  }

  #intoVpc(vpc: Id, except: Id | undefined, firewalls: Set<Id>): void {
    for (const [name, subnet] of Object.entries(this.#network.subnets)) {
      if (
        subnet.vpc === vpc &&
        name !== except &&
        inNetwork(this.#packet.destination, subnet.cidr) &&
        this.#aclAllows(subnet, 'ingress')
      )
        this.#atSubnet(name, firewalls)
    }
  }

  #atSubnet(name: Id, firewalls: Set<Id>): void {
    this.#network.interfaces.forEach((each, index) => {
      if (each.subnet !== name || !hasAddress(each, this.#packet.destination)) return
      if (this.#answering || this.#groupsAllow(each, 'ingress'))
        this.#found.push({ receiver: { interface: index }, firewalls })
    })
  }

  #gateway(attachment: Id, firewalls: Set<Id>, visited: readonly Id[]): void {
    if (visited.includes(attachment)) return
    const { associations, transitTables } = this.#network
    const table = transitTables[associations[attachment] ?? '']
    if (table === undefined) return
    let best: (typeof table.routes)[number] | undefined
    for (const route of table.routes) {
      if (!inNetwork(this.#packet.destination, route.cidr)) continue
      const better =
        best === undefined ||
        prefixOf(route.cidr) > prefixOf(best.cidr) ||
        (prefixOf(route.cidr) === prefixOf(best.cidr) && best.propagated && !route.propagated)
      if (better) best = route
    }
    const nexts: Places = [
      ...(best?.attachment === undefined ? [] : [{ attachment: best.attachment }]),
      ...table.wild.filter((id) => id !== attachment).map((id) => ({ attachment: id })),
    ]
    for (const next of nexts)
      this.#outOfGateway((next as { attachment: Id }).attachment, firewalls, [...visited, attachment])
  }

  #outOfGateway(id: Id, firewalls: Set<Id>, visited: readonly Id[]): void {
    const attachment = this.#network.attachments[id]
    if (attachment === undefined) return
    if (attachment.kind === 'vpn') this.#found.push({ receiver: { attachment: id }, firewalls })
    else if (attachment.kind === 'firewall') {
      const allowed = this.#answering
        ? this.#answering.firewallsSeen.has(attachment.firewall)
        : this.#firewallPasses(attachment.firewall)
      if (allowed) this.#gateway(id, new Set([...firewalls, attachment.firewall]), visited)
    } else {
      for (const name of attachment.subnets) {
        const door = this.#network.subnets[name]
        if (door === undefined) continue
        if (inNetwork(this.#packet.destination, door.cidr)) this.#atSubnet(name, firewalls)
        else if (this.#aclAllows(door, 'egress')) this.#vpcRoute(name, door, firewalls, visited)
      }
    }
  }

  #firewallPasses(id: Id): boolean {
    const firewall = this.#network.firewalls[id]
    if (firewall === undefined) return false
    const first = firewall.stateless.find((rule) => this.#sideMatches(rule, false))?.action ?? firewall.statelessDefault
    if (first !== 'forward') return first === 'pass'
    for (const rule of firewall.stateful) {
      if (rule.action === 'alert') continue
      if (this.#sideMatches(rule, false) || (rule.bothWays && this.#sideMatches(rule, true)))
        return rule.action === 'pass'
    }
    return firewall.statefulDefault === 'pass'
  }

  #sideMatches(
    rule: {
      readonly protocol: number
      readonly source: readonly AddressTerm[]
      readonly sourcePorts: readonly PortTerm[]
      readonly destination: readonly AddressTerm[]
      readonly destinationPorts: readonly PortTerm[]
    },
    swapped: boolean,
  ): boolean {
    const { source, destination, sourcePort, destinationPort, protocol } = this.#packet
    if (rule.protocol !== -1 && rule.protocol !== protocol) return false
    const [from, fromPort, to, toPort] = swapped
      ? [destination, destinationPort, source, sourcePort]
      : [source, sourcePort, destination, destinationPort]
    return (
      this.#listed(rule.source, (term) => this.#isAddress(term, from)) &&
      this.#listed(rule.destination, (term) => this.#isAddress(term, to)) &&
      this.#listed(rule.sourcePorts, ({ ports }) => ports[0] <= fromPort && fromPort <= ports[1]) &&
      this.#listed(rule.destinationPorts, ({ ports }) => ports[0] <= toPort && toPort <= ports[1])
    )
  }

  #listed<Term extends { readonly not: boolean }>(terms: readonly Term[], matches: (term: Term) => boolean): boolean {
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
