import type { TwinResource } from './templates.ts'

/** The network that the templates describe, in the lab's own terms; every name is a `TwinResource` identity. */
export interface Network {
  readonly vpcs: readonly Vpc[]
  readonly gateway: { readonly asn: number; readonly tables: readonly GatewayTable[] }
  readonly firewall: Firewall
  readonly connections: readonly Connection[]
  readonly groups: ReadonlyMap<string, SecurityGroup>
  readonly prefixLists: ReadonlyMap<string, readonly string[]>
}

export interface Vpc {
  readonly id: string
  readonly cidr: string
  /** its attachment to the Transit Gateway, and the network ACL of the subnets it uses */
  readonly attachment?: { readonly id: string; readonly subnet: Subnet }
  readonly subnets: readonly Subnet[]
}

export interface Subnet {
  readonly id: string
  readonly cidr: string
  readonly acl: readonly AclEntry[]
  /** destinations that go to the Transit Gateway; everything else stays in the VPC or nowhere */
  readonly toGateway: readonly string[]
}

export interface AclEntry {
  readonly number: number
  readonly egress: boolean
  readonly protocol: number
  readonly allow: boolean
  readonly cidr: string
  readonly ports?: readonly [number, number]
}

interface GatewayTable {
  readonly id: string
  readonly associated: readonly string[]
  readonly routes: readonly { readonly cidr: string; readonly attachment: string | 'blackhole' }[]
}

export interface Firewall {
  readonly attachment: string
  /** rule groups in order of evaluation */
  readonly groups: readonly { readonly rules: string; readonly sets: Readonly<Record<string, string>> }[]
  /** names of the tag-based groups of interfaces, with the tag that puts an interface in */
  readonly tags: ReadonlyMap<string, string>
}

export interface Connection {
  readonly stack: string
  readonly attachment: string
  readonly peerAddress: string
  readonly peerAsn: number
  readonly tunnels: readonly Record<string, any>[]
}

export interface GroupRule {
  readonly direction: 'ingress' | 'egress'
  /** tcp, udp or -1 for everything */
  readonly protocol: string
  readonly ports?: readonly [number, number]
  readonly peer: { readonly cidr: string } | { readonly prefixList: string } | { readonly group: string }
}

export interface SecurityGroup {
  readonly id: string
  readonly rules: readonly GroupRule[]
}

/**
 * Kinds of resource that would change which packets pass and that the lab does not lay out: it refuses rather than to
 * leave one out.
 */
const NOT_LAID_OUT = new RegExp(
  [
    '^AWS::EC2::TransitGateway(RouteTablePropagation|PeeringAttachment|Connect|VpcAttachmentAccepter)$',
    '^AWS::EC2::InternetGateway$',
    '^AWS::EC2::EgressOnlyInternetGateway$',
    '^AWS::EC2::NatGateway$',
    '^AWS::EC2::VPCGatewayAttachment$',
    '^AWS::EC2::VPCPeeringConnection$',
    '^AWS::EC2::VPCCidrBlock$',
    '^AWS::EC2::VPNGateway$',
    '^AWS::EC2::VPNConnectionRoute$',
    '^AWS::EC2::VPCEndpoint$',
    '^AWS::EC2::CarrierGateway$',
    '^AWS::EC2::LocalGateway.*$',
    '^AWS::EC2::ClientVpn.*$',
    '^AWS::EC2::NetworkInterface.*$',
    '^AWS::EC2::Instance$',
    '^AWS::DirectConnect::',
    '^AWS::NetworkManager::',
  ].join('|'),
)

/** Reads the network out of the resources. Throws where they name something the lab does not lay out. */
export function readNetwork(resources: readonly TwinResource[]): Network {
  const strange = resources.filter(({ type }) => NOT_LAID_OUT.test(type))
  if (strange.length > 0)
    throw new Error(
      `the lab does not lay out ${strange.map(({ id, type }) => `${id} (${type})`).join(', ')}; ` +
        'teach lab/twin/network.ts what it does to packets',
    )
  const of = (type: string) => resources.filter((resource) => resource.type === type)
  const attachments = of('AWS::EC2::TransitGatewayVpcAttachment')
  const subnets = of('AWS::EC2::Subnet').map(({ id, properties }) => ({
    vpc: String(properties.VpcId),
    id,
    cidr: String(properties.CidrBlock),
    acl: aclOf(id, of),
    toGateway: routesOf(id, of),
  }))
  const vpcs = of('AWS::EC2::VPC').map(({ id, properties }) => {
    const attachment = attachments.find((each) => each.properties.VpcId === id)
    return {
      id,
      cidr: String(properties.CidrBlock),
      subnets: subnets.filter(({ vpc }) => vpc === id),
      ...(attachment && {
        attachment: {
          id: attachment.id,
          subnet: subnets.find((subnet) => subnet.id === attachment.properties.SubnetIds[0])!,
        },
      }),
    }
  })
  return {
    vpcs,
    gateway: { asn: Number(of('AWS::EC2::TransitGateway')[0]!.properties.AmazonSideAsn), tables: tablesOf(of) },
    firewall: firewallOf(of),
    connections: of('AWS::EC2::VPNConnection').map((connection) => connectionOf(connection, of)),
    groups: groupsOf(resources),
    prefixLists: new Map(
      of('AWS::EC2::PrefixList').map(({ id, properties }) => [
        id,
        properties.Entries.map(({ Cidr }: { Cidr: string }) => Cidr),
      ]),
    ),
  }
}

type ResourcesOf = (type: string) => readonly TwinResource[]

function aclOf(subnet: string, of: ResourcesOf): AclEntry[] {
  const association = of('AWS::EC2::SubnetNetworkAclAssociation').find(
    ({ properties }) => properties.SubnetId === subnet,
  )
  // A subnet without an ACL of its own is on the VPC's default one, which allows everything.
  if (!association)
    return [false, true].map((egress) => ({ number: 100, egress, protocol: -1, allow: true, cidr: '0.0.0.0/0' }))
  return of('AWS::EC2::NetworkAclEntry')
    .filter(({ properties }) => properties.NetworkAclId === association.properties.NetworkAclId)
    .map(({ properties }) => ({
      number: Number(properties.RuleNumber),
      egress: properties.Egress === true,
      protocol: Number(properties.Protocol),
      allow: properties.RuleAction === 'allow',
      cidr: String(properties.CidrBlock),
      ...(properties.PortRange && {
        ports: [Number(properties.PortRange.From), Number(properties.PortRange.To)] as const,
      }),
    }))
    .sort((a, b) => a.number - b.number)
}

function routesOf(subnet: string, of: ResourcesOf): string[] {
  const association = of('AWS::EC2::SubnetRouteTableAssociation').find(
    ({ properties }) => properties.SubnetId === subnet,
  )
  return of('AWS::EC2::Route')
    .filter(({ properties }) => properties.RouteTableId === association?.properties.RouteTableId)
    .map(({ id, properties }) => {
      if (properties.TransitGatewayId === undefined)
        throw new Error(`${id}: the lab lays out routes to the Transit Gateway only`)
      return String(properties.DestinationCidrBlock)
    })
}

function tablesOf(of: ResourcesOf): GatewayTable[] {
  return of('AWS::EC2::TransitGatewayRouteTable').map(({ id }) => ({
    id,
    associated: of('AWS::EC2::TransitGatewayRouteTableAssociation')
      .filter(({ properties }) => properties.TransitGatewayRouteTableId === id)
      .map(({ properties }) => String(properties.TransitGatewayAttachmentId)),
    routes: of('AWS::EC2::TransitGatewayRoute')
      .filter(({ properties }) => properties.TransitGatewayRouteTableId === id)
      .map(({ properties }) => ({
        cidr: String(properties.DestinationCidrBlock),
        attachment: properties.Blackhole === true ? 'blackhole' : String(properties.TransitGatewayAttachmentId),
      })),
  }))
}

function firewallOf(of: ResourcesOf): Firewall {
  const [firewall] = of('AWS::NetworkFirewall::Firewall')
  const [policy] = of('AWS::NetworkFirewall::FirewallPolicy')
  if (!firewall || !policy) throw new Error('no firewall in the templates')
  const rules = policy.properties.FirewallPolicy
  const expected = {
    StatelessDefaultActions: ['aws:forward_to_sfe'],
    StatelessFragmentDefaultActions: ['aws:forward_to_sfe'],
  }
  for (const [key, value] of Object.entries(expected))
    if (JSON.stringify(rules[key]) !== JSON.stringify(value))
      throw new Error(`${policy.id}: the lab lays out ${key} ${JSON.stringify(value)} only`)
  if (
    !rules.StatefulDefaultActions.includes('aws:drop_strict') ||
    rules.StatefulEngineOptions.RuleOrder !== 'STRICT_ORDER'
  )
    throw new Error(`${policy.id}: the lab lays out strict order with drop_strict only`)
  const tags = new Map(
    of('AWS::ResourceGroups::Group').map(({ properties }) => [
      String(properties.Name),
      String(properties.ResourceQuery.Query.TagFilters[0].Key),
    ]),
  )
  const groupName = (reference: string) =>
    of('AWS::ResourceGroups::Group').find(({ id }) => id === reference)?.properties.Name ??
    reference.replace(/^.*:group\//, '')
  const references = [...rules.StatefulRuleGroupReferences].sort((a, b) => a.Priority - b.Priority)
  return {
    attachment: firewall.id,
    tags,
    groups: references.map(({ ResourceArn }) => {
      const { RuleGroup } = of('AWS::NetworkFirewall::RuleGroup').find(({ id }) => id === ResourceArn)!.properties
      const sets = Object.entries<any>(RuleGroup.ReferenceSets?.IPSetReferences ?? {}).map(
        ([name, { ReferenceArn }]) => [name, groupName(ReferenceArn)],
      )
      return { rules: RuleGroup.RulesSource.RulesString, sets: Object.fromEntries(sets) }
    }),
  }
}

function connectionOf({ id, properties }: TwinResource, of: ResourcesOf): Connection {
  const gateway = of('AWS::EC2::CustomerGateway').find((each) => each.id === properties.CustomerGatewayId)!
  const attachment = of('Custom::RenkeiVpnAttachment').find((each) => each.properties.VpnConnectionId === id)!
  return {
    stack: id.split('/')[0]!,
    attachment: attachment.id,
    peerAddress: gateway.properties.IpAddress,
    peerAsn: Number(gateway.properties.BgpAsn),
    tunnels: properties.VpnTunnelOptionsSpecifications,
  }
}

function groupsOf(resources: readonly TwinResource[]): Map<string, SecurityGroup> {
  const rules = new Map<string, GroupRule[]>()
  const add = (group: string, direction: GroupRule['direction'], rule: Record<string, any>) => {
    const far = direction === 'egress' ? 'Destination' : 'Source'
    const peer =
      rule.CidrIp !== undefined
        ? { cidr: String(rule.CidrIp) }
        : rule[`${far}PrefixListId`] !== undefined
          ? { prefixList: String(rule[`${far}PrefixListId`]) }
          : { group: String(rule[`${far}SecurityGroupId`]) }
    const ports = rule.FromPort === undefined ? {} : { ports: [Number(rule.FromPort), Number(rule.ToPort)] as const }
    rules.set(group, [...(rules.get(group) ?? []), { direction, protocol: String(rule.IpProtocol), peer, ...ports }])
  }
  for (const { id, type, properties } of resources) {
    if (type === 'AWS::EC2::SecurityGroup') {
      rules.set(id, rules.get(id) ?? [])
      for (const rule of properties.SecurityGroupIngress ?? []) add(id, 'ingress', rule)
      for (const rule of properties.SecurityGroupEgress ?? []) add(id, 'egress', rule)
    }
    if (type === 'AWS::EC2::SecurityGroupIngress') add(properties.GroupId, 'ingress', properties)
    if (type === 'AWS::EC2::SecurityGroupEgress') add(properties.GroupId, 'egress', properties)
    // WorkSpaces makes this group with all egress open; the custom resource leaves exactly these rules and hands on the
    // group's id.
    if (type === 'Custom::RenkeiMembersGroupEgress')
      for (const rule of properties.Egress) add(`${id}.SecurityGroupId`, 'egress', rule)
  }
  return new Map([...rules].map(([id, all]) => [id, { id, rules: all }]))
}
