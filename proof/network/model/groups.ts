import type { GroupRule, Id } from './network.ts'
import { hasPorts, portsOf, protocolOf } from './protocols.ts'
import type { Resources } from './resources.ts'

/** Security groups of templates, with the rules that stand apart from them. */
export function readGroups(resources: Resources): Record<Id, { egress: GroupRule[]; ingress: GroupRule[] }> {
  const groups: Record<Id, { egress: GroupRule[]; ingress: GroupRule[] }> = {}
  for (const { id, properties } of resources.all('AWS::EC2::SecurityGroup')) {
    const given = (property: string) => (properties[property] ?? []) as unknown[]
    const egress = given('SecurityGroupEgress').flatMap((rule) =>
      readRule(rule, 'egress', `${id}.SecurityGroupEgress`, resources),
    )
    groups[id] = {
      // Without an egress rule in its template EC2 gives a group one that lets everything out (EC2 API, CreateSecurityGroup).
      egress:
        given('SecurityGroupEgress').length === 0
          ? [{ protocol: -1, peer: { cidr: '0.0.0.0/0' }, rule: `${id}: everything out, AWS's default` }]
          : egress,
      ingress: given('SecurityGroupIngress').flatMap((rule) =>
        readRule(rule, 'ingress', `${id}.SecurityGroupIngress`, resources),
      ),
    }
  }
  for (const direction of ['egress', 'ingress'] as const) {
    for (const { id, properties } of resources.all(
      direction === 'egress' ? 'AWS::EC2::SecurityGroupEgress' : 'AWS::EC2::SecurityGroupIngress',
    )) {
      const { GroupId, ...rule } = properties
      // A rule on a group that AWS or the provisioner makes changes what the model says of it.
      const group = groups[String(GroupId)]
      if (group) group[direction].push(...readRule(rule, direction, id, resources))
      else resources.gap(`${id}.GroupId`, `${JSON.stringify(GroupId)} is no security group of a template`)
    }
  }
  return groups
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
export function readRule(
  value: unknown,
  direction: 'egress' | 'ingress',
  where: string,
  resources: Resources,
): GroupRule[] {
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
  const side = direction === 'egress' ? 'Destination' : 'Source'
  const { CidrIp: cidr, [`${side}SecurityGroupId`]: group, [`${side}PrefixListId`]: prefixList } = rule
  const peers = [cidr, group, prefixList].filter((peer) => peer !== undefined)
  if (peers.length !== 1 || typeof peers[0] !== 'string' || peers[0].startsWith('?')) {
    resources.gap(where, 'a rule names exactly one network, group or prefix list of this assembly')
    return []
  }
  const words = `${where} ${protocol === -1 ? 'all' : ({ 6: 'tcp', 17: 'udp', 1: 'icmp' }[protocol] ?? protocol)}${ports ? `/${ports[0]}${ports[1] === ports[0] ? '' : `-${ports[1]}`}` : ''} ${direction === 'egress' ? 'to' : 'from'} ${peers[0]}`
  if (cidr !== undefined) {
    const checked = resources.cidr(cidr, where)
    return checked === undefined ? [] : [{ protocol, ports, peer: { cidr: checked }, rule: words }]
  }
  return [
    {
      protocol,
      ports,
      peer: group === undefined ? { prefixList: String(prefixList) } : { group: String(group) },
      rule: words,
    },
  ]
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
