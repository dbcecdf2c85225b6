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

/**
 * A valid network of any shape: VPCs, routes, ACLs with denials, groups with references, gateways, firewalls, tunnels,
 * announcements.
 */
export function randomNetwork(dice: Dice): Network {
  const vpcIds = ['vpc0', 'vpc1', 'vpc2'].slice(0, 1 + dice.below(3))
  const gateways = ['tgw0']
  const routeTableIds = ['rt0', 'rt1', 'rt2']
  const aclIds = ['acl0', 'acl1', 'acl2']
  const groupIds = ['sg0', 'sg1', 'sg2', 'sg3']
  const setIds = ['set0', 'set1', 'pl0']
  const vpcs = Object.fromEntries(
    vpcIds.map((id, index) => [
      id,
      { cidrs: [`${text(BASE + index * 256)}/24`], ...(dice.chance(15) ? { door: `igw of ${id}` } : {}) },
    ]),
  )
  const subnets: Record<string, Subnet> = {}
  for (const [index, vpc] of vpcIds.entries()) {
    for (let at = 0; at < 1 + dice.below(4); at += 1) {
      subnets[`${vpc}-${at}`] = {
        vpc,
        cidr: `${text(BASE + index * 256 + at * 64)}/26`,
        zone: dice.one(['a', 'b']),
        routeTable: dice.one(routeTableIds),
        acl: dice.one(aclIds),
      }
    }
  }
  const interfaces: Interface[] = Object.entries(subnets).flatMap(([subnet, { cidr: range }]) => {
    const first = BASE + Number(range.split('.')[2]) * 256 + Number(range.split('.')[3]!.split('/')[0])
    return Array.from({ length: 1 + dice.below(3) }, (_, index): Interface => ({
      party: { kind: 'endpoint', id: `${subnet}/${index}` },
      subnet,
      addresses: fromPairs(
        Array.from(
          { length: 1 + dice.below(2) },
          (_each, part) => [first + index * 20 + part * 10, first + index * 20 + part * 10 + dice.below(8)] as const,
        ),
      ),
      groups: dice.some(groupIds, 50),
      sets: dice.some(['set0', 'set1'], 30),
    }))
  })
  const vpcAttachments = vpcIds
    .filter(() => dice.chance(85))
    .map((vpc): [string, Attachment] => [
      `attachment of ${vpc}`,
      {
        kind: 'vpc',
        gateway: 'tgw0',
        vpc,
        subnets: dice.some(
          Object.keys(subnets).filter((id) => subnets[id]!.vpc === vpc),
          70,
        ),
      },
    ])
  const vpn = ['vpn0', 'vpn1'].map((connection): [string, Attachment] => [
    connection,
    { kind: 'vpn', gateway: 'tgw0', connection, party: { kind: 'peer', id: connection }, weaknesses: [] },
  ])
  const firewalled: [string, Attachment][] = dice.chance(80)
    ? [['fw attachment', { kind: 'firewall', gateway: 'tgw0', firewall: 'fw' }]]
    : []
  const attachments = Object.fromEntries([...vpcAttachments, ...vpn, ...firewalled])
  const attachmentIds = Object.keys(attachments)
  const tables = ['table0', 'table1', 'table2']
  const route = (): Route => ({
    cidr: cidr(dice),
    rule: 'route',
    target: dice.one([
      { kind: 'transit', gateway: dice.one(gateways) },
      { kind: 'transit', gateway: dice.one(gateways) },
      { kind: 'internet', through: 'igw' },
      { kind: 'vpc', vpc: dice.one(vpcIds), through: 'peering' },
    ]),
  })
  /** Two routes of one network would be decided by AWS's refusal, not by either. */
  const unlike = <T extends { readonly cidr: string }>(list: readonly T[]): T[] =>
    list.filter((each, at) => list.findIndex((other) => other.cidr === each.cidr) === at)
  return {
    reserved: [],
    vpcs,
    subnets,
    interfaces,
    attachments,
    routeTables: Object.fromEntries(
      routeTableIds.map((id) => [
        id,
        {
          routes: unlike([
            ...(dice.chance(70)
              ? [{ cidr: '10.0.0.0/20', target: { kind: 'transit', gateway: 'tgw0' } as const, rule: 'all' }]
              : []),
            ...dice.times(3, route),
          ]),
        },
      ]),
    ),
    acls: Object.fromEntries(
      aclIds.map((id) => [id, { entries: [...aclEntries(dice, 'ingress'), ...aclEntries(dice, 'egress')] }]),
    ),
    groups: Object.fromEntries(
      groupIds.map((id) => [
        id,
        {
          egress: dice.times(3, () => groupRule(dice, groupIds)),
          ingress: dice.times(3, () => groupRule(dice, groupIds)),
        },
      ]),
    ),
    prefixLists: { pl0: dice.times(3, () => cidr(dice)), pl1: dice.times(2, () => cidr(dice)) },
    associations: Object.fromEntries(attachmentIds.filter(() => dice.chance(90)).map((id) => [id, dice.one(tables)])),
    transitTables: Object.fromEntries(
      tables.map((id) => [
        id,
        {
          routes: unlike(
            dice.times(6, (): TransitRoute => ({
              cidr: cidr(dice),
              attachment: dice.chance(85) ? dice.one(attachmentIds) : undefined,
              propagated: dice.chance(30),
              rule: 'transit',
            })),
          ),
          wild: dice.some(['vpn0', 'vpn1'], 10),
        },
      ]),
    ),
    firewalls: { fw: firewall(dice, setIds) },
    dns: [],
  }
}

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

function groupRule(dice: Dice, groups: readonly string[]): GroupRule {
  const number = protocol(dice)
  const peer = dice.one<() => GroupRule['peer']>([
    () => ({ cidr: cidr(dice) }),
    () => ({ cidr: '0.0.0.0/0' }),
    () => ({ group: dice.one(groups) }),
    () => ({ prefixList: dice.one(['pl0', 'pl1']) }),
  ])()
  return {
    protocol: number,
    ...(number === 6 || number === 17 ? { ports: ports(dice) } : {}),
    peer,
    rule: 'group rule',
  }
}

function firewall(dice: Dice, sets: readonly string[]): Firewall {
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
