import type { AclEntry, GroupRule, Id, Interface, Ports } from './network.ts'
import type { Answers } from './links.ts'
import { wholeSubnet } from './whole-subnet.ts'
import type { Resources } from './resources.ts'
import { readRule } from './groups.ts'

/*
 * Everything of the network that no template writes: what AWS makes beside a resource, and what our custom resources do
 * to it. Each with its source; where the source leaves room, the weaker reading holds.
 *
 * Not in the model, because no route, rule or group of a customer reaches it:
 * - the second interface of desktops and controllers in AWS's management network 198.18.0.0/15 (WorkSpaces
 *   administration guide, "Network interfaces"; Directory Service administration guide, "AWS Managed Microsoft AD
 *   prerequisites");
 * - link-local services of a VPC: resolver, metadata, time (VPC user guide). What the resolver answers is proved apart,
 *   in `dns.ts`.
 */

/**
 * Every VPC has a main route table with the local route only, and a network ACL that allows everything (VPC user
 * guide).
 */
export const mainTable = (vpc: Id): Id => `${vpc}#main-table`
export const defaultAcl = (vpc: Id): Id => `${vpc}#default-acl`
export const DEFAULT_ACL_ENTRIES: readonly AclEntry[] = (['ingress', 'egress'] as const).map((direction) => ({
  number: 100,
  direction,
  protocol: -1,
  cidr: '0.0.0.0/0',
  allow: true,
  rule: 'the default network ACL allows everything',
}))

/**
 * Every VPC has a default security group: everything out, everything in from itself
 * (docs/aws-behaviour.md, EC2: security groups, interfaces, addresses).
 */
export const defaultGroup = (vpc: Id): Id => `${vpc}#default-group`

/** The group of every desktop of a directory, made with all egress (docs/aws-behaviour.md, WorkSpaces). */
const MEMBERS = '#members'

/**
 * A Transit Gateway with default association or propagation makes a route table of its own
 * (docs/aws-behaviour.md, Transit Gateway).
 */
export const defaultTransitTable = (gateway: Id): Id => `${gateway}#default-table`

/**
 * A firewall attached to a Transit Gateway has an attachment of its own, in appliance mode: both directions cross it
 * (docs/aws-behaviour.md, Network Firewall).
 */
export const firewallAttachment = (firewall: Id): Id => `${firewall}#attachment`

/**
 * A VPN connection has an attachment that CloudFormation does not return; both tunnels are this one attachment
 * (docs/aws-behaviour.md, Site-to-Site VPN).
 */
export const vpnAttachment = (connection: Id): Id => `${connection}#attachment`

/** What custom resources and AWS answer under an attribute, in the model's names. */
export const ANSWERS: Answers = {
  'AWS::EC2::VPC': { DefaultSecurityGroup: '#default-group' },
  'AWS::NetworkFirewall::Firewall': { TransitGatewayAttachmentId: '#attachment' },
  // Looks the attachment up, makes nothing (lib/network/provider/vpn-attachment.ts).
  'Custom::RenkeiVpnAttachment': { AttachmentId: 'VpnConnectionId#attachment' },
  // Registers the directory and answers with its own id and the group that WorkSpaces made
  // (lib/network/provider/workspace-directory.ts).
  'Custom::RenkeiWorkspaceDirectory': { DirectoryId: 'DirectoryId', MembersSecurityGroupId: `DirectoryId${MEMBERS}` },
  // Answers with the group it was given, once its egress is narrow (lib/network/provider/members-group-egress.ts).
  'Custom::RenkeiMembersGroupEgress': { SecurityGroupId: 'SecurityGroupId' },
}

const anywhere = (protocol: number, rule: string, ports?: GroupRule['ports']): GroupRule => ({
  protocol,
  ports,
  peer: { cidr: '0.0.0.0/0' },
  rule,
})

const fromItself = (group: Id): GroupRule => ({
  protocol: -1,
  peer: { group },
  rule: `${group}: everything from itself`,
})

/**
 * Ports on which controllers take connections, from any address: "what gets created", Directory Service administration
 * guide. Newer directories take them from the VPC only; the weaker reading holds.
 */
const CONTROLLER_PORTS: readonly { readonly protocol: number; readonly ports: Ports }[] = [
  { protocol: 6, ports: [53, 53] },
  { protocol: 17, ports: [53, 53] },
  { protocol: 6, ports: [88, 88] },
  { protocol: 17, ports: [88, 88] },
  { protocol: 17, ports: [123, 123] },
  { protocol: 6, ports: [135, 135] },
  { protocol: 17, ports: [138, 138] },
  { protocol: 6, ports: [389, 389] },
  { protocol: 17, ports: [389, 389] },
  { protocol: 6, ports: [445, 445] },
  { protocol: 17, ports: [445, 445] },
  { protocol: 6, ports: [464, 464] },
  { protocol: 17, ports: [464, 464] },
  { protocol: 6, ports: [636, 636] },
  { protocol: 6, ports: [1024, 65_535] },
]

type Groups = Record<Id, { egress: GroupRule[]; ingress: GroupRule[] }>

/** Groups that AWS makes, as our custom resources leave them. */
export function madeGroups(resources: Resources): Groups {
  const groups: Groups = {}
  addDefaultGroups(resources, groups)
  addControllersGroups(resources, groups)
  addMembersGroups(resources, groups)
  return groups
}

/** A default group for each VPC; our custom resource takes every rule out of it (lambda/network/provider). */
function addDefaultGroups(resources: Resources, groups: Groups): void {
  for (const { id } of resources.all('AWS::EC2::VPC')) {
    const group = defaultGroup(id)
    groups[group] = { egress: [anywhere(-1, `${group}: everything out`)], ingress: [fromItself(group)] }
  }
  for (const { id, properties } of resources.all('Custom::VpcRestrictDefaultSG')) {
    const name = String(properties['DefaultSecurityGroupId'])
    if (groups[name]) groups[name] = { egress: [], ingress: [] }
    else resources.gap(id, `${name} is no default group of this assembly`)
  }
}

/**
 * "The default outbound rule permits all traffic": to whom is read both ways; the weaker is everywhere (same source).
 */
function addControllersGroups(resources: Resources, groups: Groups): void {
  for (const { id } of resources.all('AWS::DirectoryService::MicrosoftAD')) {
    const group = controllersGroup(id)
    groups[group] = {
      egress: [anywhere(-1, `${group}: everything out`)],
      ingress: [
        ...CONTROLLER_PORTS.map(({ protocol, ports }) => anywhere(protocol, `${group}: directory ports`, ports)),
        anywhere(1, `${group}: ICMP`),
        fromItself(group),
      ],
    }
  }
}

/** The group of a directory's desktops, with the egress that our custom resource leaves it. */
function addMembersGroups(resources: Resources, groups: Groups): void {
  for (const { id, properties } of resources.all('Custom::RenkeiWorkspaceDirectory')) {
    const type = 'AWS::DirectoryService::MicrosoftAD'
    const directory = resources.named(type, properties['DirectoryId'], `${id}.DirectoryId`)
    // The second interface of a desktop takes a public address when this is on (WorkSpaces API,
    // WorkspaceCreationProperties).
    if (![false, 'false'].includes(properties['WorkspaceCreationProperties']?.EnableInternetAccess)) {
      const path = `${id}.WorkspaceCreationProperties.EnableInternetAccess`
      resources.gap(path, 'desktops would have public addresses', 'write false')
    }
    if (!directory) continue
    const group = `${directory.id}${MEMBERS}`
    groups[group] = { egress: [anywhere(-1, `${group}: everything out`)], ingress: [] }
  }
  for (const { id, properties } of resources.all('Custom::RenkeiMembersGroupEgress')) {
    const name = String(properties['SecurityGroupId'])
    const rules = properties['Egress'] as unknown[]
    if (groups[name]) groups[name].egress = rules.flatMap((rule) => readRule(rule, 'egress', `${id}.Egress`, resources))
    else resources.gap(id, `${name} is no group of this assembly`)
  }
}

const controllersGroup = (directory: Id): Id => `${directory}#controllers`

/**
 * Interfaces that AWS makes for a template's resources, one in each subnet, at an address nobody chose: so at any of
 * the subnet.
 * @param cellOf the number of the cell whose VPC this is
 */
export function madeInterfaces(
  resources: Resources,
  subnets: Readonly<Record<Id, { readonly cidr: string; readonly vpc: Id }>>,
  cellOf: (vpc: Id) => string,
): Interface[] {
  const placed = (ids: readonly string[], kind: 'controllers' | 'resolver', groups: readonly Id[]): Interface[] =>
    ids.flatMap((subnet): Interface[] => {
      const found = subnets[subnet]
      if (found === undefined) return []
      const party = { kind, cell: cellOf(found.vpc) }
      return [{ party, subnet, addresses: wholeSubnet(found.cidr), groups, sets: [] }]
    })
  const controllers = resources
    .all('AWS::DirectoryService::MicrosoftAD')
    .flatMap(({ id, properties }) =>
      placed(resources.strings(properties['VpcSettings']?.SubnetIds, `${id}.VpcSettings`), 'controllers', [
        controllersGroup(id),
      ]),
    )
  const resolvers = resources.all('AWS::Route53Resolver::ResolverEndpoint').flatMap(({ id, properties }) => {
    const addresses = (properties['IpAddresses'] ?? []) as { readonly SubnetId: string }[]
    const groups = resources.strings(properties['SecurityGroupIds'], `${id}.SecurityGroupIds`)
    return placed(
      addresses.map(({ SubnetId }) => SubnetId),
      'resolver',
      groups,
    )
  })
  return [...controllers, ...resolvers]
}
