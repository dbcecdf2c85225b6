import type { GroupRule, Id, Ports, Protocol } from './network.ts'
import { hasPorts, portsOf, protocolOf } from './protocols.ts'
import type { Resources } from './resources.ts'

type Direction = 'egress' | 'ingress'
type Groups = Record<Id, { egress: GroupRule[]; ingress: GroupRule[] }>

/** Security groups of templates, with the rules that stand apart from them. */
export function readGroups(resources: Resources): Groups {
  const groups: Groups = {}
  for (const { id, properties } of resources.all('AWS::EC2::SecurityGroup')) {
    const read = (property: string, direction: Direction) =>
      ((properties[property] ?? []) as unknown[]).flatMap((rule) =>
        readRule(rule, direction, `${id}.${property}`, resources),
      )
    const hasEgress = ((properties['SecurityGroupEgress'] ?? []) as unknown[]).length > 0
    groups[id] = {
      egress: hasEgress ? read('SecurityGroupEgress', 'egress') : [everythingOut(id)],
      ingress: read('SecurityGroupIngress', 'ingress'),
    }
  }
  addRules(resources, 'AWS::EC2::SecurityGroupEgress', 'egress', groups)
  addRules(resources, 'AWS::EC2::SecurityGroupIngress', 'ingress', groups)
  return groups
}

/** What EC2 gives a group without an egress rule in its template (EC2 API, CreateSecurityGroup). */
const everythingOut = (group: Id): GroupRule => ({
  protocol: -1,
  peer: { cidr: '0.0.0.0/0' },
  rule: `${group}: everything out, AWS's default`,
})

/** A rule on a group that AWS or the provisioner makes would change what the model says of it: a gap. */
function addRules(resources: Resources, type: string, direction: Direction, groups: Groups): void {
  for (const { id, properties } of resources.all(type)) {
    const { GroupId, ...rule } = properties
    const group = groups[String(GroupId)]
    if (group) group[direction].push(...readRule(rule, direction, id, resources))
    else resources.gap(`${id}.GroupId`, `${JSON.stringify(GroupId)} is no security group of a template`)
  }
}

const KEYS = [
  'IpProtocol',
  'FromPort',
  'ToPort',
  'CidrIp',
  'Description',
  'SourceSecurityGroupId',
  'DestinationSecurityGroupId',
  'SourcePrefixListId',
  'DestinationPrefixListId',
]

/** One rule as CloudFormation writes it; a gap and nothing where it is not in the model. */
export function readRule(value: unknown, direction: Direction, where: string, resources: Resources): GroupRule[] {
  const rule = (value ?? {}) as Record<string, unknown>
  resources.only(rule, KEYS, where)
  const protocol = protocolOf(rule['IpProtocol'])
  if (protocol === undefined) {
    resources.gap(where, `protocol ${JSON.stringify(rule['IpProtocol'])} is not in the model`)
    return []
  }
  const ports = hasPorts(protocol) ? portsOf(rule['FromPort'], rule['ToPort']) : undefined
  if (hasPorts(protocol) && ports === undefined) {
    resources.gap(where, 'TCP and UDP take ports')
    return []
  }
  const peer = readPeer(rule, direction, where, resources)
  if (peer === undefined) return []
  const [name] = Object.values(peer)
  const way = direction === 'egress' ? 'to' : 'from'
  return [{ protocol, ports, peer, rule: `${where} ${protocolName(protocol)}${portsName(ports)} ${way} ${name}` }]
}

function readPeer(
  rule: Readonly<Record<string, unknown>>,
  direction: Direction,
  where: string,
  resources: Resources,
): GroupRule['peer'] | undefined {
  const side = direction === 'egress' ? 'Destination' : 'Source'
  const { CidrIp: cidr, [`${side}SecurityGroupId`]: group, [`${side}PrefixListId`]: prefixList } = rule
  const given = [cidr, group, prefixList].filter((peer) => peer !== undefined)
  const [peer] = given
  if (given.length !== 1 || typeof peer !== 'string' || peer.startsWith('?')) {
    resources.gap(where, 'a rule names exactly one network, group or prefix list of this assembly')
    return undefined
  }
  if (group !== undefined) return { group: peer }
  if (prefixList !== undefined) return { prefixList: peer }
  return resources.cidr(peer, where) === undefined ? undefined : { cidr: peer }
}

const PROTOCOL_NAMES: Readonly<Record<Protocol, string>> = { [-1]: 'all', 6: 'tcp', 17: 'udp', 1: 'icmp' }

const protocolName = (protocol: Protocol) => PROTOCOL_NAMES[protocol] ?? String(protocol)

function portsName(ports: Ports | undefined): string {
  if (ports === undefined) return ''
  return ports[0] === ports[1] ? `/${ports[0]}` : `/${ports[0]}-${ports[1]}`
}

/** Prefix lists of templates. */
export function readPrefixLists(resources: Resources): Record<Id, string[]> {
  return Object.fromEntries(
    resources
      .all('AWS::EC2::PrefixList')
      .map(({ id, properties }) => [
        id,
        ((properties['Entries'] ?? []) as { Cidr: unknown }[]).flatMap(
          ({ Cidr }) => resources.cidr(Cidr, `${id}.Entries`) ?? [],
        ),
      ]),
  )
}
