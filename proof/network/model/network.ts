import type { Refusal } from '#domain/kernel/refusal.ts'
import type { Intervals } from '../intervals.ts'

/**
 * The network as it is, in plain data: what templates, the provisioner and AWS itself make of it, with nothing
 * evaluated yet. Two evaluators walk it independently (`set-walk.ts` with sets of packets, `packet-walk.ts` packet by
 * packet). Ids are `stack/LogicalId` for what a template makes, `owner#part` for what AWS makes beside it.
 */
export type Id = string

/**
 * Who is there, in the words of the intent: the desktops of a project that have the same access, its store, a database,
 * the Internet. One party may stand at several locations. `cell` is the number of the cell in the configuration.
 */
export type Party =
  | {
      readonly kind: 'desktop'
      readonly project: string
      readonly access: 'granted' | 'idle' | 'shut-off'
      readonly cell: string
    }
  | { readonly kind: 'store'; readonly project: string; readonly cell: string }
  | { readonly kind: 'controllers' | 'resolver'; readonly cell: string }
  | { readonly kind: 'database'; readonly id: string }
  /** the far end of a connection that belongs to no database of the configuration */
  | { readonly kind: 'peer'; readonly id: string }
  | { readonly kind: 'endpoint'; readonly id: string }
  /** an interface that nobody planned, in the default group of its VPC */
  | { readonly kind: 'stray'; readonly subnet: string }
  | { readonly kind: 'internet' }

const known = new WeakMap<Party, string>()

/** The name of a party, unique: `desktop of P-1 (granted)`. */
export function nameOf(party: Party): string {
  const found = known.get(party)
  if (found !== undefined) return found
  const name = nameFrom(party)
  known.set(party, name)
  return name
}

function nameFrom(party: Party): string {
  switch (party.kind) {
    case 'desktop':
      return `desktop of ${party.project} (${party.access})`
    case 'store':
      return `store of ${party.project}`
    case 'controllers':
      return `controllers of cell ${party.cell}`
    case 'resolver':
      return `resolver of cell ${party.cell}`
    case 'database':
      return `database ${party.id}`
    case 'peer':
      return `unknown peer ${party.id}`
    case 'endpoint':
      return `endpoint ${party.id}`
    case 'stray':
      return `unplanned interface in ${party.subnet}`
    case 'internet':
      return 'Internet'
  }
}

/** TCP 6, UDP 17, ICMP 1; -1 is every protocol. */
export type Protocol = number
export type Ports = readonly [first: number, last: number]

/** One entry of a network ACL; the lowest number that matches decides, and nothing matching is a denial. */
export interface AclEntry {
  readonly number: number
  readonly direction: 'ingress' | 'egress'
  readonly protocol: Protocol
  readonly cidr: string
  /** destination ports */
  readonly ports?: Ports
  readonly allow: boolean
  readonly rule: string
}

/** One rule of a security group: what at the other end, and which destination ports. */
export interface GroupRule {
  readonly protocol: Protocol
  readonly ports?: Ports
  readonly peer: { readonly cidr: string } | { readonly group: Id } | { readonly prefixList: Id }
  readonly rule: string
}

export type RouteTarget =
  | { readonly kind: 'transit'; readonly gateway: Id }
  /** a gateway or endpoint that leads out of the platform */
  | { readonly kind: 'internet'; readonly through: Id }
  | { readonly kind: 'vpc'; readonly vpc: Id; readonly through: Id }

export interface Route {
  readonly cidr: string
  readonly target: RouteTarget
  readonly rule: string
}

export interface Subnet {
  readonly vpc: Id
  readonly cidr: string
  readonly zone: string
  readonly routeTable: Id
  readonly acl: Id
}

/** One or more interfaces that are alike in everything but their address. */
export interface Interface {
  readonly party: Party
  readonly subnet: Id
  readonly addresses: Intervals
  readonly groups: readonly Id[]
  /** the firewall's sets it belongs to, by its tags */
  readonly sets: readonly Id[]
}

export type Attachment =
  | { readonly kind: 'vpc'; readonly gateway: Id; readonly vpc: Id; readonly subnets: readonly Id[] }
  | { readonly kind: 'firewall'; readonly gateway: Id; readonly firewall: Id }
  /** `home`: the network that the far end stands for */
  | {
      readonly kind: 'vpn'
      readonly gateway: Id
      readonly connection: Id
      readonly party: Party
      readonly home?: string
      readonly weaknesses: readonly string[]
    }

export interface TransitRoute {
  readonly cidr: string
  /** undefined: blackhole */
  readonly attachment?: Id
  readonly propagated: boolean
  readonly rule: string
}

interface TransitTable {
  readonly routes: readonly TransitRoute[]
  /** attachments whose far end may announce any network into this table */
  readonly wild: readonly Id[]
}

/**
 * One side of a firewall rule: each positive term adds, each negative takes away; no positive term means everything.
 */
export interface AddressTerm {
  readonly not: boolean
  readonly cidr?: string
  readonly set?: Id
}
export interface PortTerm {
  readonly not: boolean
  readonly ports: Ports
}

export interface FirewallRule {
  readonly action: 'pass' | 'drop' | 'alert'
  readonly protocol: Protocol
  readonly source: readonly AddressTerm[]
  readonly sourcePorts: readonly PortTerm[]
  readonly destination: readonly AddressTerm[]
  readonly destinationPorts: readonly PortTerm[]
  readonly bothWays: boolean
  readonly rule: string
}

export interface Firewall {
  /** stateless rules in order of priority, looked at first: `forward` gives the packet to the stateful rules */
  readonly stateless: readonly (Omit<FirewallRule, 'action' | 'bothWays'> & {
    readonly action: 'pass' | 'drop' | 'forward'
  })[]
  readonly statelessDefault: 'pass' | 'drop' | 'forward'
  /** stateful rules, in the order in which they are looked at; the first pass or drop decides */
  readonly stateful: readonly FirewallRule[]
  readonly statefulDefault: 'pass' | 'drop'
}

/** What may be resolved by name in a VPC. */
export interface VpcDns {
  readonly vpc: Id
  /** rules in order of priority; `*` is every name */
  readonly rules: readonly {
    readonly action: 'ALLOW' | 'BLOCK' | 'ALERT'
    readonly domains: readonly string[]
    readonly rule: string
  }[]
  /** domains that are asked elsewhere, and where */
  readonly forwards: readonly { readonly domain: string; readonly to: readonly string[]; readonly rule: string }[]
  readonly resolves: boolean
}

export interface Network {
  /** blocks that the configuration keeps for the platform, used or not: no address of them is the Internet's */
  readonly reserved: readonly string[]
  /** `door`: a gateway by which the Internet, or a network that is not ours, comes in */
  readonly vpcs: Readonly<Record<Id, { readonly cidrs: readonly string[]; readonly door?: Id }>>
  readonly subnets: Readonly<Record<Id, Subnet>>
  readonly routeTables: Readonly<Record<Id, { readonly routes: readonly Route[] }>>
  readonly acls: Readonly<Record<Id, { readonly entries: readonly AclEntry[] }>>
  readonly groups: Readonly<
    Record<Id, { readonly egress: readonly GroupRule[]; readonly ingress: readonly GroupRule[] }>
  >
  readonly prefixLists: Readonly<Record<Id, readonly string[]>>
  readonly interfaces: readonly Interface[]
  readonly attachments: Readonly<Record<Id, Attachment>>
  /** table of each attachment; an attachment without one sends nothing */
  readonly associations: Readonly<Record<Id, Id>>
  readonly transitTables: Readonly<Record<Id, TransitTable>>
  readonly firewalls: Readonly<Record<Id, Firewall>>
  readonly dns: readonly VpcDns[]
}

/**
 * Something that keeps the model from being the truth: then nothing is proved. `path`: `stack/LogicalId`, or a place in
 * it.
 */
export interface Gap extends Refusal<string> {
  readonly path: string
}

/** A gap: what is not in the model, where it stands, and what to do about it. */
export const gapAt = (path: string, what: string, next: string): Gap => ({
  code: 'network.gap',
  path,
  what,
  why: 'what the model does not know may open a way, so nothing is proved',
  next,
  requirement: 'ARC-3',
})
