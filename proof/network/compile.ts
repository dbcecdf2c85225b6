import { rangeOf } from '#lib/kernel/config/addresses.ts'
import { ALL, boxWithout, commonBox, headers, type Box } from './headers.ts'
import { EMPTY, fromPairs, interval, intersect, isEmpty, subtract, union, type Intervals } from './intervals.ts'
import type {
  AddressTerm,
  Attachment,
  FirewallRule,
  GroupRule,
  Id,
  Interface,
  Network,
  PortTerm,
  Ports,
  Protocol,
  RouteTarget,
  Who,
} from './model/network.ts'

/** Packets that one rule lets through; the lists below are disjoint, so the order of their rules no longer counts. */
export interface Match {
  readonly box: Box
  readonly rule: string
}
/** Part of the address space and where it leads; disjoint too, the longest prefix has won. */
export interface Lead<Target> {
  readonly to: Intervals
  readonly target: Target
  readonly rule: string
}

type VpcTarget = { readonly kind: 'local' } | RouteTarget

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
  /** how steps call its filters */
  readonly words: { readonly egress: string; readonly ingress: string; readonly routes: string }
}

/** Interfaces that are alike, with what their groups let out and in. */
export interface Machine {
  readonly who: Who
  readonly subnet: CompiledSubnet
  readonly addresses: Intervals
  readonly egress: readonly Match[]
  readonly ingress: readonly Match[]
}

interface CompiledFirewall {
  readonly stateless: readonly (Match & { readonly action: 'pass' | 'drop' | 'forward' })[]
  readonly statelessDefault: 'pass' | 'drop' | 'forward'
  readonly stateful: readonly (Match & { readonly action: 'pass' | 'drop' })[]
  readonly statefulDefault: 'pass' | 'drop'
}

export interface Compiled {
  readonly network: Network
  readonly subnets: ReadonlyMap<Id, CompiledSubnet>
  readonly subnetsOf: ReadonlyMap<Id, readonly CompiledSubnet[]>
  readonly machines: readonly Machine[]
  /** machines of a subnet by address, for look-up */
  readonly inSubnet: ReadonlyMap<
    Id,
    readonly { readonly first: number; readonly last: number; readonly machine: Machine }[]
  >
  /** machines of a VPC whose groups admit a source by the address it has, not by its group */
  readonly admitAnyone: ReadonlyMap<Id, ReadonlySet<Machine>>
  /** group → machines whose groups admit its members */
  readonly admitGroup: ReadonlyMap<Id, readonly Machine[]>
  readonly groupsOf: ReadonlyMap<Machine, readonly Id[]>
  readonly tables: ReadonlyMap<
    Id,
    { readonly words: string; readonly leads: readonly Lead<Id | undefined>[]; readonly wild: readonly Id[] }
  >
  readonly firewalls: ReadonlyMap<Id, CompiledFirewall>
  /** the gateways' doors into a VPC: attachment and its subnets */
  readonly doorsOf: ReadonlyMap<
    Id,
    readonly { readonly id: Id; readonly gateway: Id; readonly subnets: readonly CompiledSubnet[] }[]
  >
  /** far ends and the networks they stand for */
  readonly farEnds: readonly { readonly id: Id; readonly who: Who; readonly home: Intervals }[]
  /** every address that is ours or a database's */
  readonly inside: Intervals
  readonly outside: Intervals
}

const addressesOf = (cidr: string): Intervals => {
  const { first, last } = rangeOf(cidr)
  return interval(first, last)
}

/** Turns names into sets once, so that walking is all algebra. */
export function compile(network: Network): Compiled {
  const members = membersOf(network)
  const peers = (peer: GroupRule['peer']): Intervals => {
    if ('cidr' in peer) return addressesOf(peer.cidr)
    if ('group' in peer) return members.groups.get(peer.group) ?? EMPTY
    return listed(network, peer.prefixList)
  }
  const subnets = compileSubnets(network)
  const groupRules = new Map<Id, { egress: Match[]; ingress: Match[] }>()
  for (const [id, { egress, ingress }] of Object.entries(network.groups)) {
    const matches = (rules: readonly GroupRule[], side: 'source' | 'destination') =>
      rules.flatMap(({ protocol, ports, peer, rule }) =>
        headers({
          [side]: peers(peer),
          protocol: protocolSet(protocol),
          destinationPort: ports ? interval(...ports) : ALL.destinationPort,
        }).map((box) => ({ box, rule })),
      )
    groupRules.set(id, { egress: matches(egress, 'destination'), ingress: matches(ingress, 'source') })
  }
  const machines: Machine[] = []
  const groupsOf = new Map<Machine, readonly Id[]>()
  const joined = new Map<string, { egress: Match[]; ingress: Match[] }>()
  for (const { who, subnet, addresses, groups } of network.interfaces) {
    const place = subnets.get(subnet)
    if (place === undefined || isEmpty(addresses)) continue
    const key = groups.join(' ')
    const rules = joined.get(key) ?? {
      egress: disjoint(groups.flatMap((id) => groupRules.get(id)?.egress ?? [])),
      ingress: disjoint(groups.flatMap((id) => groupRules.get(id)?.ingress ?? [])),
    }
    joined.set(key, rules)
    const machine: Machine = { who, subnet: place, addresses, ...rules }
    machines.push(machine)
    groupsOf.set(machine, groups)
  }
  const inside = [
    ...network.reserved,
    ...Object.values(network.vpcs).flatMap(({ cidrs }) => cidrs),
    ...Object.values(network.attachments).flatMap(home),
  ]
    .map(addressesOf)
    .reduce<Intervals>(union, EMPTY)
  return {
    network,
    subnets,
    machines,
    groupsOf,
    inside,
    outside: subtract(ALL.destination, inside),
    subnetsOf: Map.groupBy(subnets.values(), ({ vpc }) => vpc),
    inSubnet: byAddress(machines),
    ...admissions(network, machines, groupsOf),
    doorsOf: Map.groupBy(
      Object.entries(network.attachments).flatMap(([id, each]) =>
        each.kind === 'vpc'
          ? [
              {
                id,
                vpc: each.vpc,
                gateway: each.gateway,
                subnets: each.subnets.flatMap((name) => subnets.get(name) ?? []),
              },
            ]
          : [],
      ),
      ({ vpc }) => vpc,
    ),
    farEnds: Object.entries(network.attachments).flatMap(([id, each]) =>
      each.kind === 'vpn'
        ? [{ id, who: each.who, home: each.home === undefined ? ALL.destination : addressesOf(each.home) }]
        : [],
    ),
    tables: new Map(
      Object.entries(network.transitTables).map(([id, { routes, wild }]) => [
        id,
        {
          wild,
          words: `Transit Gateway table ${id}`,
          // A static route wins over a propagated one of the same network (Transit Gateway guide, "Route evaluation order").
          leads: longestFirst(
            routes
              .toSorted((a, b) => Number(a.propagated) - Number(b.propagated))
              .map(({ cidr, attachment, rule }) => ({ cidr, target: attachment, rule })),
          ),
        },
      ]),
    ),
    firewalls: new Map(
      Object.entries(network.firewalls).map(([id, firewall]) => [
        id,
        {
          statelessDefault: firewall.statelessDefault,
          statefulDefault: firewall.statefulDefault,
          stateless: firewall.stateless.flatMap((rule) =>
            boxes(rule, network, members.sets).map((box) => ({ box, action: rule.action, rule: rule.rule })),
          ),
          stateful: firewall.stateful.flatMap(({ action, ...rule }) =>
            action === 'alert'
              ? []
              : [
                  ...boxes(rule, network, members.sets),
                  ...(rule.bothWays
                    ? boxes(
                        {
                          ...rule,
                          source: rule.destination,
                          sourcePorts: rule.destinationPorts,
                          destination: rule.source,
                          destinationPorts: rule.sourcePorts,
                        },
                        network,
                        members.sets,
                      )
                    : []),
                ].map((box) => ({ box, action, rule: rule.rule })),
          ),
        },
      ]),
    ),
  }
}

const home = (attachment: Attachment) =>
  attachment.kind === 'vpn' && attachment.home !== undefined ? [attachment.home] : []

const listed = ({ prefixLists }: Network, id: Id) =>
  fromPairs(
    (prefixLists[id] ?? []).map((cidr) => {
      const { first, last } = rangeOf(cidr)
      return [first, last] as const
    }),
  )

/** Addresses of the members of each security group and of each of the firewall's sets. */
function membersOf({ interfaces }: Network): {
  readonly groups: ReadonlyMap<Id, Intervals>
  readonly sets: ReadonlyMap<Id, Intervals>
} {
  const gather = (names: (each: Interface) => readonly Id[]) => {
    const found = new Map<Id, (readonly [number, number])[]>()
    for (const each of interfaces) {
      for (const id of names(each)) {
        const list = found.get(id) ?? []
        found.set(id, list)
        for (let at = 0; at < each.addresses.length; at += 2) list.push([each.addresses[at]!, each.addresses[at + 1]!])
      }
    }
    return new Map([...found].map(([id, pairs]) => [id, fromPairs(pairs)]))
  }
  return { groups: gather(({ groups }) => groups), sets: gather(({ sets }) => sets) }
}

const protocolSet = (protocol: Protocol): Intervals => (protocol === -1 ? ALL.protocol : interval(protocol, protocol))

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

/** Longest prefix first; of the same prefix the first given. */
function longestFirst<Target>(
  routes: readonly { readonly cidr: string; readonly target: Target; readonly rule: string }[],
): Lead<Target>[] {
  let taken: Intervals = EMPTY
  const length = (cidr: string) => Number(cidr.split('/')[1])
  return routes
    .toSorted((a, b) => length(b.cidr) - length(a.cidr))
    .flatMap(({ cidr, target, rule }) => {
      const all = addressesOf(cidr)
      const to = subtract(all, taken)
      taken = union(taken, all)
      return isEmpty(to) ? [] : [{ to, target, rule }]
    })
}

function compileSubnets(network: Network): Map<Id, CompiledSubnet> {
  const acls = new Map(
    Object.entries(network.acls).map(([id, { entries }]) => {
      const side = (direction: 'ingress' | 'egress') => {
        const ordered = entries.filter((entry) => entry.direction === direction).toSorted((a, b) => a.number - b.number)
        const allowed: Match[] = []
        let denied: Box[] = []
        for (const { protocol, cidr, ports, allow, rule, number } of ordered) {
          const [box] = headers({
            [direction === 'ingress' ? 'source' : 'destination']: addressesOf(cidr),
            protocol: protocolSet(protocol),
            destinationPort: ports ? interval(...ports) : ALL.destinationPort,
          })
          if (!allow) {
            denied = [...denied, box!]
            continue
          }
          let rest: readonly Box[] = [box!]
          for (const earlier of [...denied, ...allowed.map((match) => match.box)])
            rest = rest.flatMap((part) => boxWithout(part, earlier))
          for (const part of rest) allowed.push({ box: part, rule: `${rule} (${number})` })
        }
        return allowed
      }
      return [id, { ingress: side('ingress'), egress: side('egress') }]
    }),
  )
  return new Map(
    Object.entries(network.subnets).map(([id, { vpc, cidr, zone, routeTable, acl }]) => [
      id,
      {
        id,
        vpc,
        zone,
        acl,
        words: {
          egress: `network ACL ${acl}, out of ${id}`,
          ingress: `network ACL ${acl}, into ${id}`,
          routes: `route table of ${id}`,
        },
        range: addressesOf(cidr),
        beyond: subtract(ALL.destination, addressesOf(cidr)),
        ...(acls.get(acl) ?? { ingress: [], egress: [] }),
        routes: longestFirst<VpcTarget>([
          ...(network.vpcs[vpc]?.cidrs ?? []).map((own) => ({
            cidr: own,
            target: { kind: 'local' } as const,
            rule: 'local route',
          })),
          ...(network.routeTables[routeTable]?.routes ?? []),
        ]),
      },
    ]),
  )
}

function byAddress(machines: readonly Machine[]): Compiled['inSubnet'] {
  const found = new Map<Id, { first: number; last: number; machine: Machine }[]>()
  for (const machine of machines) {
    const list = found.get(machine.subnet.id) ?? []
    found.set(machine.subnet.id, list)
    for (let at = 0; at < machine.addresses.length; at += 2)
      list.push({ first: machine.addresses[at]!, last: machine.addresses[at + 1]!, machine })
  }
  for (const list of found.values()) list.sort((a, b) => a.first - b.first)
  return found
}

/** Who admits whom, so that a walk looks only at machines that could take the packet. */
function admissions(
  { groups }: Network,
  machines: readonly Machine[],
  groupsOf: ReadonlyMap<Machine, readonly Id[]>,
): Pick<Compiled, 'admitAnyone' | 'admitGroup'> {
  const admitAnyone = new Map<Id, Set<Machine>>()
  const admitGroup = new Map<Id, Machine[]>()
  for (const machine of machines) {
    for (const { peer } of (groupsOf.get(machine) ?? []).flatMap((id) => groups[id]?.ingress ?? [])) {
      if ('group' in peer) {
        const list = admitGroup.get(peer.group)
        if (list) list.push(machine)
        else admitGroup.set(peer.group, [machine])
      } else {
        const set = admitAnyone.get(machine.subnet.id)
        if (set) set.add(machine)
        else admitAnyone.set(machine.subnet.id, new Set([machine]))
      }
    }
  }
  return { admitAnyone, admitGroup }
}

type Sides = Pick<FirewallRule, 'protocol' | 'source' | 'sourcePorts' | 'destination' | 'destinationPorts'>

function boxes(rule: Sides, network: Network, sets: ReadonlyMap<Id, Intervals>): readonly Box[] {
  const value = ({ cidr, set }: AddressTerm): Intervals =>
    cidr !== undefined ? addressesOf(cidr) : (sets.get(set!) ?? listed(network, set!))
  const terms = <Term extends { readonly not: boolean }>(
    list: readonly Term[],
    of: (term: Term) => Intervals,
    all: Intervals,
  ) => {
    const positive = list.filter(({ not }) => !not)
    const start = positive.length === 0 ? all : positive.map(of).reduce(union, EMPTY)
    return list
      .filter(({ not }) => not)
      .map(of)
      .reduce(subtract, start)
  }
  const portSet = ({ ports }: PortTerm) => interval(...(ports as Ports))
  return headers({
    protocol: protocolSet(rule.protocol),
    source: terms(rule.source, value, ALL.source),
    destination: terms(rule.destination, value, ALL.destination),
    sourcePort: terms(rule.sourcePorts, portSet, ALL.sourcePort),
    destinationPort: terms(rule.destinationPorts, portSet, ALL.destinationPort),
  })
}

/** The part of a box for which one of disjoint rules speaks, piece by piece. */
export function through(box: Box, matches: readonly Match[]): { readonly box: Box; readonly rule: string }[] {
  const result: { box: Box; rule: string }[] = []
  for (const match of matches) {
    const part = commonBox(box, match.box)
    if (part) result.push({ box: part, rule: match.rule })
  }
  return result
}

/** The same over routes: by destination. */
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
