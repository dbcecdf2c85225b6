import { fromPairs } from '#proof/network/intervals.ts'
import type {
  AclEntry,
  AddressTerm,
  Attachment,
  Firewall,
  FirewallRule,
  GroupRule,
  Interface,
  Network,
  PortTerm,
  Ports,
  Route,
  Subnet,
  TransitRoute,
} from '#proof/network/model/network.ts'
import type { OnePacket } from '#proof/network/walk/packet-walk.ts'

/** A stream of numbers that its seed decides (mulberry32), fast enough for a million packets. */
export class Dice {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** 0 up to, not including, `count`. */
  below(count: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % count
  }

  chance = (percent: number) => this.below(100) < percent
  one = <T>(list: readonly T[]): T => list[this.below(list.length)]!
  some = <T>(list: readonly T[], percent: number): T[] => list.filter(() => this.chance(percent))
  times = <T>(most: number, make: (index: number) => T): T[] =>
    Array.from({ length: this.below(most + 1) }, (_, index) => make(index))
}

const BASE = 10 * 2 ** 24
const text = (address: number) => [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.')
/** Everything happens in 10.0.0.0/22 and a little beyond: dense enough that random rules meet random packets. */
const address = (dice: Dice) => BASE + dice.below(1024 + 64)
const PORTS = [0, 1, 22, 53, 79, 80, 81, 443, 1023, 1024, 2049, 5432, 32_768, 60_999, 65_535] as const
const ports = (dice: Dice): Ports => {
  const pair = [dice.one(PORTS), dice.one(PORTS)].sort((a, b) => a - b)
  return [pair[0]!, pair[1]!]
}
const protocol = (dice: Dice) => dice.one([-1, 6, 6, 17, 1])
const cidr = (dice: Dice) => {
  const bits = dice.one([0, 20, 22, 23, 24, 25, 26, 28, 30, 32])
  const size = 2 ** (32 - bits)
  return `${text(Math.floor(address(dice) / size) * size)}/${bits}`
}

export const packet = (dice: Dice): OnePacket => ({
  source: address(dice),
  destination: address(dice),
  protocol: dice.one([6, 6, 17, 1, 47]),
  sourcePort: dice.one(PORTS),
  destinationPort: dice.one(PORTS),
})

const ROUTE_TABLES = ['rt0', 'rt1', 'rt2']
const ACLS = ['acl0', 'acl1', 'acl2']
const GROUPS = ['sg0', 'sg1', 'sg2', 'sg3']
const SETS = ['set0', 'set1']
const PREFIX_LISTS = ['pl0', 'pl1']
const CONNECTIONS = ['vpn0', 'vpn1']
const TRANSIT_TABLES = ['table0', 'table1', 'table2']
const GATEWAY = 'tgw0'

/** A record with the same made anew for each id. */
const each = <T>(ids: readonly string[], make: (id: string, index: number) => T): Record<string, T> =>
  Object.fromEntries(ids.map((id, index) => [id, make(id, index)]))

/** Two routes of one network would be decided by AWS's refusal, not by either evaluator. */
const unlike = <T extends { readonly cidr: string }>(list: readonly T[]): T[] =>
  list.filter((route, at) => list.findIndex((other) => other.cidr === route.cidr) === at)

/**
 * A valid network of any shape: VPCs, routes, ACLs with denials, groups with references, gateways, firewalls, tunnels,
 * announcements.
 */
export function randomNetwork(dice: Dice): Network {
  const vpcIds = ['vpc0', 'vpc1', 'vpc2'].slice(0, 1 + dice.below(3))
  const vpcs = each(vpcIds, (id, index) => ({
    cidrs: [`${text(BASE + index * 256)}/24`],
    ...(dice.chance(15) ? { door: `igw of ${id}` } : {}),
  }))
  const subnets = randomSubnets(dice, vpcIds)
  const attachments = randomAttachments(dice, vpcIds, subnets)
  const attachmentIds = Object.keys(attachments)
  return {
    reserved: [],
    vpcs,
    subnets,
    interfaces: Object.entries(subnets).flatMap(([id, { cidr: range }]) => randomInterfaces(dice, id, range)),
    attachments,
    routeTables: each(ROUTE_TABLES, () => ({ routes: randomRoutes(dice, vpcIds) })),
    acls: each(ACLS, () => ({ entries: [...aclEntries(dice, 'ingress'), ...aclEntries(dice, 'egress')] })),
    groups: each(GROUPS, () => ({
      egress: dice.times(3, () => groupRule(dice)),
      ingress: dice.times(3, () => groupRule(dice)),
    })),
    prefixLists: each(PREFIX_LISTS, () => dice.times(3, () => cidr(dice))),
    associations: each(dice.some(attachmentIds, 90), () => dice.one(TRANSIT_TABLES)),
    transitTables: each(TRANSIT_TABLES, () => ({
      routes: unlike(dice.times(6, () => transitRoute(dice, attachmentIds))),
      wild: dice.some(CONNECTIONS, 10),
    })),
    firewalls: { fw: firewall(dice) },
    dns: [],
  }
}

/** Up to four subnets of 64 addresses a VPC. */
function randomSubnets(dice: Dice, vpcs: readonly string[]): Record<string, Subnet> {
  const subnets: Record<string, Subnet> = {}
  for (const [index, vpc] of vpcs.entries()) {
    for (let at = 0; at < 1 + dice.below(4); at += 1) {
      subnets[`${vpc}-${at}`] = {
        vpc,
        cidr: `${text(BASE + index * 256 + at * 64)}/26`,
        zone: dice.one(['a', 'b']),
        routeTable: dice.one(ROUTE_TABLES),
        acl: dice.one(ACLS),
      }
    }
  }
  return subnets
}

/** Up to three interfaces of a subnet, each with up to two runs of addresses. */
function randomInterfaces(dice: Dice, subnet: string, range: string): Interface[] {
  const first = BASE + Number(range.split('.')[2]) * 256 + Number(range.split('.')[3]!.split('/')[0])
  return Array.from({ length: 1 + dice.below(3) }, (_, index): Interface => {
    const runs = Array.from({ length: 1 + dice.below(2) }, (_run, part) => {
      const start = first + index * 20 + part * 10
      return [start, start + dice.below(8)] as const
    })
    return {
      party: { kind: 'endpoint', id: `${subnet}/${index}` },
      subnet,
      addresses: fromPairs(runs),
      groups: dice.some(GROUPS, 50),
      sets: dice.some(SETS, 30),
    }
  })
}

function randomAttachments(
  dice: Dice,
  vpcs: readonly string[],
  subnets: Readonly<Record<string, Subnet>>,
): Record<string, Attachment> {
  const attachments: Record<string, Attachment> = {}
  for (const vpc of vpcs.filter(() => dice.chance(85))) {
    const own = Object.keys(subnets).filter((id) => subnets[id]!.vpc === vpc)
    attachments[`attachment of ${vpc}`] = { kind: 'vpc', gateway: GATEWAY, vpc, subnets: dice.some(own, 70) }
  }
  for (const connection of CONNECTIONS)
    attachments[connection] = {
      kind: 'vpn',
      gateway: GATEWAY,
      connection,
      party: { kind: 'peer', id: connection },
      weaknesses: [],
    }
  if (dice.chance(80)) attachments['fw attachment'] = { kind: 'firewall', gateway: GATEWAY, firewall: 'fw' }
  return attachments
}

function randomRoutes(dice: Dice, vpcs: readonly string[]): Route[] {
  const transit = { kind: 'transit', gateway: GATEWAY } as const
  const route = (): Route => ({
    cidr: cidr(dice),
    rule: 'route',
    target: dice.one([
      transit,
      transit,
      { kind: 'internet', through: 'igw' } as const,
      { kind: 'vpc', vpc: dice.one(vpcs), through: 'peering' } as const,
    ]),
  })
  const all: Route = { cidr: '10.0.0.0/20', target: transit, rule: 'all' }
  return unlike([...(dice.chance(70) ? [all] : []), ...dice.times(3, route)])
}

const transitRoute = (dice: Dice, attachments: readonly string[]): TransitRoute => ({
  cidr: cidr(dice),
  attachment: dice.chance(85) ? dice.one(attachments) : undefined,
  propagated: dice.chance(30),
  rule: 'transit',
})

function aclEntries(dice: Dice, direction: 'ingress' | 'egress'): AclEntry[] {
  const entries = dice.times(5, (index): AclEntry => {
    const number = protocol(dice)
    return {
      number: index * 10,
      direction,
      protocol: number,
      cidr: cidr(dice),
      ...(number === 6 || number === 17 ? { ports: ports(dice) } : {}),
      allow: dice.chance(70),
      rule: `entry ${index}`,
    }
  })
  if (dice.chance(60))
    entries.push({ number: 900, direction, protocol: -1, cidr: '0.0.0.0/0', allow: true, rule: 'all' })
  // As AWS lists them: in any order.
  return dice.chance(50) ? entries.reverse() : entries
}

function groupRule(dice: Dice): GroupRule {
  const number = protocol(dice)
  const peer = dice.one<() => GroupRule['peer']>([
    () => ({ cidr: cidr(dice) }),
    () => ({ cidr: '0.0.0.0/0' }),
    () => ({ group: dice.one(GROUPS) }),
    () => ({ prefixList: dice.one(PREFIX_LISTS) }),
  ])()
  return {
    protocol: number,
    ...(number === 6 || number === 17 ? { ports: ports(dice) } : {}),
    peer,
    rule: 'group rule',
  }
}

function firewall(dice: Dice): Firewall {
  const sets = [...SETS, 'pl0']
  const addresses = () =>
    dice.times(2, (): AddressTerm =>
      dice.chance(40) ? { not: dice.chance(25), set: dice.one(sets) } : { not: dice.chance(25), cidr: cidr(dice) },
    )
  const portTerms = () => dice.times(2, (): PortTerm => ({ not: dice.chance(25), ports: ports(dice) }))
  const sides = () => ({
    protocol: protocol(dice),
    source: addresses(),
    sourcePorts: portTerms(),
    destination: addresses(),
    destinationPorts: portTerms(),
    rule: 'firewall rule',
  })
  return {
    stateless: dice.times(2, () => ({ ...sides(), action: dice.one(['pass', 'drop', 'forward'] as const) })),
    statelessDefault: dice.one(['forward', 'forward', 'forward', 'pass', 'drop'] as const),
    stateful: dice.times(6, (): FirewallRule => ({
      ...sides(),
      action: dice.one(['pass', 'pass', 'drop', 'alert'] as const),
      bothWays: dice.chance(20),
    })),
    statefulDefault: dice.one(['drop', 'pass'] as const),
  }
}
