import { ALL, boxWithout, headers, type Box } from '../headers.ts'
import { EMPTY, interval, isEmpty, type Intervals } from '../intervals.ts'
import type { GroupRule, Id, Network } from '../model/network.ts'
import {
  addressesOf,
  protocolSet,
  type Compiled,
  type CompiledSubnet,
  type InterfaceLocation,
  type Match,
  type Occupied,
} from './compiled.ts'
import { listed, type Members } from './members.ts'

interface CompiledGroups {
  readonly egress: readonly Match[]
  readonly ingress: readonly Match[]
}

/** Every interface that stands in a subnet of the network. */
export function compileInterfaces(
  network: Network,
  subnets: ReadonlyMap<Id, CompiledSubnet>,
  members: Members,
): InterfaceLocation[] {
  const groups = compileGroups(network, members)
  const joined = new Map<string, CompiledGroups>()
  return network.interfaces.flatMap((each): InterfaceLocation[] => {
    const subnet = subnets.get(each.subnet)
    if (subnet === undefined || isEmpty(each.addresses)) return []
    // Interfaces with the same groups share one set of matches.
    const key = each.groups.join(' ')
    const filters = joined.get(key) ?? join(each.groups, groups)
    joined.set(key, filters)
    const { party, addresses } = each
    return [{ kind: 'interface', party, subnet, addresses, groups: each.groups, ...filters }]
  })
}

function compileGroups(network: Network, members: Members): ReadonlyMap<Id, CompiledGroups> {
  const peers = (peer: GroupRule['peer']): Intervals => {
    if ('cidr' in peer) return addressesOf(peer.cidr)
    if ('group' in peer) return members.groups.get(peer.group) ?? EMPTY
    return listed(network, peer.prefixList)
  }
  const matches = (rules: readonly GroupRule[], side: 'source' | 'destination') =>
    rules.flatMap(({ protocol, ports, peer, rule }) =>
      headers({
        [side]: peers(peer),
        protocol: protocolSet(protocol),
        destinationPort: ports ? interval(...ports) : ALL.destinationPort,
      }).map((box): Match => ({ box, rule })),
    )
  return new Map(
    Object.entries(network.groups).map(([id, { egress, ingress }]) => [
      id,
      { egress: matches(egress, 'destination'), ingress: matches(ingress, 'source') },
    ]),
  )
}

/** What any of the groups lets through. */
const join = (ids: readonly Id[], groups: ReadonlyMap<Id, CompiledGroups>): CompiledGroups => ({
  egress: disjoint(ids.flatMap((id) => groups.get(id)?.egress ?? [])),
  ingress: disjoint(ids.flatMap((id) => groups.get(id)?.ingress ?? [])),
})

/** Rules that overlap, made disjoint; the first that matches keeps the packet. */
function disjoint(matches: readonly Match[]): Match[] {
  const result: Match[] = []
  for (const { box, rule } of matches) {
    let rest: readonly Box[] = [box]
    for (const earlier of result) rest = rest.flatMap((part) => boxWithout(part, earlier.box))
    for (const part of rest) result.push({ box: part, rule })
  }
  return result
}

/** The interfaces of each subnet in the order of their addresses. */
export function occupiedBySubnet(interfaces: readonly InterfaceLocation[]): ReadonlyMap<Id, readonly Occupied[]> {
  const found = new Map<Id, Occupied[]>()
  for (const location of interfaces) {
    const list = found.get(location.subnet.id) ?? []
    found.set(location.subnet.id, list)
    const { addresses } = location
    for (let at = 0; at < addresses.length; at += 2)
      list.push({ first: addresses[at]!, last: addresses[at + 1]!, location })
  }
  for (const list of found.values()) list.sort((a, b) => a.first - b.first)
  return found
}

/** The interfaces at any of the given addresses. */
export function occupying(addresses: Intervals, occupied: readonly Occupied[]): ReadonlySet<InterfaceLocation> {
  const found = new Set<InterfaceLocation>()
  for (let at = 0; at < addresses.length; at += 2) {
    let next = firstEndingAt(occupied, addresses[at]!)
    for (; next < occupied.length && occupied[next]!.first <= addresses[at + 1]!; next += 1)
      found.add(occupied[next]!.location)
  }
  return found
}

/** Index of the first run of addresses that does not end before an address. */
function firstEndingAt(occupied: readonly Occupied[], address: number): number {
  let low = 0
  let high = occupied.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (occupied[middle]!.last < address) low = middle + 1
    else high = middle
  }
  return low
}

/** Which interfaces admit whom, so that a walk looks only at those that could take the packet. */
export function admissions(
  { groups }: Network,
  interfaces: readonly InterfaceLocation[],
): Pick<Compiled, 'admitAnyone' | 'admitGroup'> {
  const admitAnyone = new Map<Id, Set<InterfaceLocation>>()
  const admitGroup = new Map<Id, InterfaceLocation[]>()
  for (const location of interfaces) {
    for (const { peer } of location.groups.flatMap((id) => groups[id]?.ingress ?? [])) {
      if ('group' in peer) {
        const list = admitGroup.get(peer.group)
        if (list) list.push(location)
        else admitGroup.set(peer.group, [location])
      } else {
        const set = admitAnyone.get(location.subnet.id)
        if (set) set.add(location)
        else admitAnyone.set(location.subnet.id, new Set([location]))
      }
    }
  }
  return { admitAnyone, admitGroup }
}
