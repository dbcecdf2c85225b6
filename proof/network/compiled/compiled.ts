import { rangeOf } from '#lib/kernel/config/addresses.ts'
import { ALL, commonBox, type Box } from '../headers.ts'
import { interval, intersect, isEmpty, subtract, union, EMPTY, type Intervals } from '../intervals.ts'
import type { Id, Network, Party, Protocol, RouteTarget } from '../model/network.ts'

/** Packets that one rule lets through. The matches of a filter are disjoint: their order no longer counts. */
export interface Match {
  readonly box: Box
  readonly rule: string
}

/** Part of the address space and where it leads. The leads of a table are disjoint: the longest prefix has won. */
export interface Lead<Target> {
  readonly to: Intervals
  readonly target: Target
  readonly rule: string
}

export type VpcTarget = { readonly kind: 'local' } | RouteTarget

export interface CompiledSubnet {
  readonly id: Id
  readonly vpc: Id
  readonly zone: string
  readonly range: Intervals
  /** every other address */
  readonly beyond: Intervals
  readonly routes: readonly Lead<VpcTarget>[]
  readonly egress: readonly Match[]
  readonly ingress: readonly Match[]
  readonly acl: Id
  /** how a hop calls its filters */
  readonly labels: { readonly egress: string; readonly ingress: string; readonly routes: string }
}

/** Interfaces that are alike, with what their security groups let out and in. */
export interface InterfaceLocation {
  readonly kind: 'interface'
  readonly party: Party
  readonly subnet: CompiledSubnet
  readonly addresses: Intervals
  readonly groups: readonly Id[]
  readonly egress: readonly Match[]
  readonly ingress: readonly Match[]
}

/** The far end of a VPN connection. */
export interface ConnectionLocation {
  readonly kind: 'connection'
  readonly party: Party
  readonly attachment: Id
  /** the network that it stands for; every address where nothing says so */
  readonly home: Intervals
}

/** Everything outside of the platform. */
interface InternetLocation {
  readonly kind: 'internet'
  readonly party: Party
}

/** Where packets begin and end. Locations are compared by identity: each is made once, when the network is compiled. */
export type Location = InterfaceLocation | ConnectionLocation | InternetLocation

export const INTERNET: InternetLocation = { kind: 'internet', party: { kind: 'internet' } }

/** A location at a run of addresses, for look-up. */
export interface Occupied {
  readonly first: number
  readonly last: number
  readonly location: InterfaceLocation
}

/** The door of a Transit Gateway into a VPC: an attachment with its subnets. */
export interface Door {
  readonly attachment: Id
  readonly vpc: Id
  readonly gateway: Id
  readonly subnets: readonly CompiledSubnet[]
}

export interface CompiledTransitTable {
  readonly label: string
  /** no target: blackhole */
  readonly leads: readonly Lead<Id | undefined>[]
  /** attachments whose far end may announce any network into this table */
  readonly wild: readonly Id[]
}

type StatelessAction = 'pass' | 'drop' | 'forward'
export type StatefulAction = 'pass' | 'drop'

/** Rules of a firewall in the order in which they are asked; unlike a `Match` they overlap, and the first decides. */
export interface CompiledFirewall {
  readonly stateless: readonly (Match & { readonly action: StatelessAction })[]
  readonly statelessDefault: StatelessAction
  readonly stateful: readonly (Match & { readonly action: StatefulAction })[]
  readonly statefulDefault: StatefulAction
}

/** A network with every name turned into a set of packets. */
export interface Compiled {
  readonly network: Network
  /** every location there is: interfaces, far ends of connections, the Internet */
  readonly locations: readonly Location[]
  readonly interfaces: readonly InterfaceLocation[]
  readonly connections: ReadonlyMap<Id, ConnectionLocation>
  readonly subnets: ReadonlyMap<Id, CompiledSubnet>
  readonly subnetsOf: ReadonlyMap<Id, readonly CompiledSubnet[]>
  readonly doorsOf: ReadonlyMap<Id, readonly Door[]>
  readonly transitTables: ReadonlyMap<Id, CompiledTransitTable>
  readonly firewalls: ReadonlyMap<Id, CompiledFirewall>
  /** interfaces of a subnet, by address */
  readonly inSubnet: ReadonlyMap<Id, readonly Occupied[]>
  /** interfaces of a subnet whose groups admit a source by the address it has, not by its group */
  readonly admitAnyone: ReadonlyMap<Id, ReadonlySet<InterfaceLocation>>
  /** group → interfaces whose groups admit its members */
  readonly admitGroup: ReadonlyMap<Id, readonly InterfaceLocation[]>
  /** every address that is ours or a database's */
  readonly inside: Intervals
  readonly outside: Intervals
}

export const addressesOf = (cidr: string): Intervals => {
  const { first, last } = rangeOf(cidr)
  return interval(first, last)
}

export const protocolSet = (protocol: Protocol): Intervals =>
  protocol === -1 ? ALL.protocol : interval(protocol, protocol)

/** Longest prefix first; of the same prefix the first given. */
export function longestFirst<Target>(
  routes: readonly { readonly cidr: string; readonly target: Target; readonly rule: string }[],
): Lead<Target>[] {
  const length = (cidr: string) => Number(cidr.split('/')[1])
  let taken: Intervals = EMPTY
  return routes
    .toSorted((a, b) => length(b.cidr) - length(a.cidr))
    .flatMap(({ cidr, target, rule }) => {
      const all = addressesOf(cidr)
      const to = subtract(all, taken)
      taken = union(taken, all)
      return isEmpty(to) ? [] : [{ to, target, rule }]
    })
}

/** The parts of a box for which the matches of a filter speak, each with its rule. */
export function through(box: Box, matches: readonly Match[]): Match[] {
  const result: Match[] = []
  for (const match of matches) {
    const part = commonBox(box, match.box)
    if (part) result.push({ box: part, rule: match.rule })
  }
  return result
}

/** The same over the leads of a table: by destination. */
export function led<Target>(
  box: Box,
  leads: readonly Lead<Target>[],
): { readonly box: Box; readonly target: Target; readonly rule: string }[] {
  const result: { box: Box; target: Target; rule: string }[] = []
  for (const { to, target, rule } of leads) {
    const destination = intersect(box.destination, to)
    if (!isEmpty(destination)) result.push({ box: { ...box, destination }, target, rule })
  }
  return result
}
