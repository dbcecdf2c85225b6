import type { AclEntry, Attachment, Id, Interface, Network, Route, RouteTarget, Subnet } from './network.ts'
import { wholeSubnet } from './whole-subnet.ts'
import { DEFAULT_ACL_ENTRIES, defaultAcl, mainTable } from './aws-made.ts'
import { hasPorts, portsOf, protocolOf } from './protocols.ts'
import type { Resource, Resources } from './resources.ts'

type Vpcs = Pick<Network, 'vpcs' | 'subnets' | 'routeTables' | 'acls'>

/** VPCs, subnets, their route tables and network ACLs; what is not associated is on what AWS makes with the VPC. */
export function readVpcs(resources: Resources): Vpcs {
  const doors = doorsOf(resources)
  const vpcs: Record<Id, { cidrs: string[]; door?: Id }> = {}
  const routeTables: Record<Id, { routes: Route[] }> = {}
  const acls: Record<Id, { entries: AclEntry[] }> = {}
  for (const { id, properties } of resources.all('AWS::EC2::VPC')) {
    const cidr = resources.cidr(properties['CidrBlock'], `${id}.CidrBlock`)
    vpcs[id] = { cidrs: cidr === undefined ? [] : [cidr], door: doors.get(id) }
    routeTables[mainTable(id)] = { routes: [] }
    acls[defaultAcl(id)] = { entries: [...DEFAULT_ACL_ENTRIES] }
  }
  for (const { id } of resources.all('AWS::EC2::RouteTable')) routeTables[id] = { routes: [] }
  for (const { id } of resources.all('AWS::EC2::NetworkAcl')) acls[id] = { entries: [] }
  const tableOf = associations(
    resources,
    'AWS::EC2::SubnetRouteTableAssociation',
    'RouteTableId',
    'AWS::EC2::RouteTable',
  )
  const aclOf = associations(resources, 'AWS::EC2::SubnetNetworkAclAssociation', 'NetworkAclId', 'AWS::EC2::NetworkAcl')
  const subnets: Record<Id, Subnet> = {}
  for (const { id, properties } of resources.all('AWS::EC2::Subnet')) {
    const vpc = resources.named('AWS::EC2::VPC', properties['VpcId'], `${id}.VpcId`)?.id
    const cidr = resources.cidr(properties['CidrBlock'], `${id}.CidrBlock`)
    const zone = properties['AvailabilityZoneId'] ?? properties['AvailabilityZone']
    if (typeof zone !== 'string') resources.gap(`${id}.AvailabilityZoneId`, 'which zone it is in is not said')
    if (vpc !== undefined && cidr !== undefined)
      subnets[id] = {
        vpc,
        cidr,
        zone: String(zone),
        routeTable: tableOf.get(id) ?? mainTable(vpc),
        acl: aclOf.get(id) ?? defaultAcl(vpc),
      }
  }
  for (const entry of resources.all('AWS::EC2::NetworkAclEntry')) readEntry(entry, acls, resources)
  for (const route of resources.all('AWS::EC2::Route')) readRoute(route, routeTables, resources)
  for (const endpoint of resources.all('AWS::EC2::VPCEndpoint')) readGatewayEndpoint(endpoint, routeTables, resources)
  return { vpcs, subnets, routeTables, acls }
}

/** VPC → what lets packets of others in: an Internet gateway, a peering with a VPC that is not ours. */
function doorsOf(resources: Resources): Map<Id, Id> {
  const ours = new Set(resources.all('AWS::EC2::VPC').map(({ id }) => id))
  const doors = new Map<Id, Id>()
  for (const { id, properties } of resources.all('AWS::EC2::VPCGatewayAttachment'))
    doors.set(String(properties['VpcId']), id)
  for (const { id, properties } of resources.all('AWS::EC2::VPCPeeringConnection')) {
    const sides = [properties['VpcId'], properties['PeerVpcId']].map(String)
    if (!sides.every((side) => ours.has(side))) for (const side of sides) doors.set(side, id)
  }
  return doors
}

/** Subnet → what it is associated with; a second association is a gap, because AWS refuses it or the last one wins. */
function associations(resources: Resources, type: string, property: string, target: string): Map<Id, Id> {
  const found = new Map<Id, Id>()
  for (const { id, properties } of resources.all(type)) {
    const subnet = resources.named('AWS::EC2::Subnet', properties['SubnetId'], `${id}.SubnetId`)?.id
    const other = resources.named(target, properties[property], `${id}.${property}`)?.id
    if (subnet === undefined || other === undefined) continue
    if (found.has(subnet))
      resources.gap(
        id,
        `${subnet} is associated twice; which one holds is decided by the order of deployment`,
        'leave one association',
      )
    found.set(subnet, other)
  }
  return found
}

function readEntry(
  { id, properties }: Resource,
  acls: Record<Id, { entries: AclEntry[] }>,
  resources: Resources,
): void {
  const acl = resources.named('AWS::EC2::NetworkAcl', properties['NetworkAclId'], `${id}.NetworkAclId`)
  const protocol = protocolOf(properties['Protocol'])
  const cidr = resources.cidr(properties['CidrBlock'], `${id}.CidrBlock`)
  if (protocol === undefined || !['allow', 'deny'].includes(properties['RuleAction']))
    return resources.gap(id, 'protocol or action is not in the model')
  const range = properties['PortRange']
  const ports = range === undefined ? undefined : portsOf(range.From, range.To)
  // TCP and UDP without ports, ports on anything else: EC2 refuses the one and ignores the other.
  if (hasPorts(protocol) !== (ports !== undefined))
    return resources.gap(`${id}.PortRange`, 'TCP and UDP take ports, and nothing else does')
  if (acl === undefined || cidr === undefined) return
  const entry: AclEntry = {
    number: Number(properties['RuleNumber']),
    direction: properties['Egress'] === true || properties['Egress'] === 'true' ? 'egress' : 'ingress',
    protocol,
    cidr,
    ports,
    allow: properties['RuleAction'] === 'allow',
    rule: id,
  }
  const entries = acls[acl.id]!.entries
  if (entries.some(({ number, direction }) => number === entry.number && direction === entry.direction))
    resources.gap(id, `rule ${entry.number} is there twice`, 'give it a number of its own')
  entries.push(entry)
}

/** Where a route leads; gateways that lead out of the platform are one and the same: the Internet. */
function readRoute({ id, properties }: Resource, tables: Record<Id, { routes: Route[] }>, resources: Resources): void {
  const table = resources.named('AWS::EC2::RouteTable', properties['RouteTableId'], `${id}.RouteTableId`)
  if (table === undefined) return
  const cidrs =
    properties['DestinationPrefixListId'] === undefined
      ? [resources.cidr(properties['DestinationCidrBlock'], `${id}.DestinationCidrBlock`)]
      : (resources
          .named('AWS::EC2::PrefixList', properties['DestinationPrefixListId'], `${id}.DestinationPrefixListId`)
          ?.properties['Entries'].map(({ Cidr }: { Cidr: unknown }) => resources.cidr(Cidr, id)) ?? [])
  const target = targetOf(id, properties, resources)
  if (target === undefined) return
  for (const cidr of cidrs) if (cidr !== undefined) tables[table.id]!.routes.push({ cidr, target, rule: id })
}

function targetOf(id: Id, properties: Resource['properties'], resources: Resources): RouteTarget | undefined {
  const given = [
    'TransitGatewayId',
    'GatewayId',
    'NatGatewayId',
    'EgressOnlyInternetGatewayId',
    'VpcPeeringConnectionId',
    'VpcEndpointId',
  ].filter((name) => properties[name] !== undefined)
  const [property] = given
  if (given.length !== 1 || property === undefined) {
    resources.gap(id, 'a route leads to exactly one target')
    return undefined
  }
  const value = properties[property]
  if (property === 'TransitGatewayId') {
    const gateway = resources.named('AWS::EC2::TransitGateway', value, `${id}.${property}`)?.id
    return gateway === undefined ? undefined : { kind: 'transit', gateway }
  }
  if (property === 'VpcPeeringConnectionId') {
    const peering = resources.named('AWS::EC2::VPCPeeringConnection', value, `${id}.${property}`)
    if (peering === undefined) return undefined
    const table = resources.all('AWS::EC2::RouteTable').find((each) => each.id === properties['RouteTableId'])
    const other =
      peering.properties['VpcId'] === table?.properties['VpcId']
        ? peering.properties['PeerVpcId']
        : peering.properties['VpcId']
    // A VPC that is not ours is as good as the Internet.
    return resources.all('AWS::EC2::VPC').some((vpc) => vpc.id === other)
      ? { kind: 'vpc', vpc: other, through: peering.id }
      : { kind: 'internet', through: peering.id }
  }
  return { kind: 'internet', through: String(value) }
}

/** A gateway endpoint is a route to AWS's public addresses, which are not ours: the Internet. */
function readGatewayEndpoint(
  { id, properties }: Resource,
  tables: Record<Id, { routes: Route[] }>,
  resources: Resources,
): void {
  if ((properties['VpcEndpointType'] ?? 'Gateway') !== 'Gateway') return
  for (const name of resources.strings(properties['RouteTableIds'], `${id}.RouteTableIds`)) {
    const table = resources.named('AWS::EC2::RouteTable', name, `${id}.RouteTableIds`)
    if (table) tables[table.id]!.routes.push({ cidr: '0.0.0.0/0', target: { kind: 'internet', through: id }, rule: id })
  }
}

/** Interface endpoints: machines of AWS in our subnets, at addresses nobody chose. */
export function readEndpoints(resources: Resources, subnets: Network['subnets']): Interface[] {
  return resources
    .all('AWS::EC2::VPCEndpoint')
    .filter(({ properties }) => properties['VpcEndpointType'] === 'Interface')
    .flatMap(({ id, properties }) =>
      resources.strings(properties['SubnetIds'], `${id}.SubnetIds`).flatMap((subnet) =>
        subnets[subnet]
          ? [
              {
                party: { kind: 'endpoint' as const, id },
                subnet,
                addresses: wholeSubnet(subnets[subnet].cidr),
                groups: resources.strings(properties['SecurityGroupIds'], `${id}.SecurityGroupIds`),
                sets: [],
              },
            ]
          : [],
      ),
    )
}

/** Attachments of VPCs to the Transit Gateway. */
export function readVpcAttachments(resources: Resources): Record<Id, Attachment> {
  return Object.fromEntries(
    resources.all('AWS::EC2::TransitGatewayVpcAttachment').flatMap(({ id, properties }) => {
      const gateway = resources.named(
        'AWS::EC2::TransitGateway',
        properties['TransitGatewayId'],
        `${id}.TransitGatewayId`,
      )
      const vpc = resources.named('AWS::EC2::VPC', properties['VpcId'], `${id}.VpcId`)
      const subnets = resources.strings(properties['SubnetIds'], `${id}.SubnetIds`)
      const { Ipv6Support = 'disable', ...rest } = properties['Options'] ?? {}
      if (Ipv6Support !== 'disable')
        resources.gap(`${id}.Options.Ipv6Support`, 'IPv6 is not in the model', 'write disable')
      // Appliance mode keeps both directions in one zone; both zones have the same rules or the model walks both.
      resources.only(rest, ['ApplianceModeSupport', 'DnsSupport', 'SecurityGroupReferencingSupport'], `${id}.Options`)
      return gateway && vpc ? [[id, { kind: 'vpc' as const, gateway: gateway.id, vpc: vpc.id, subnets }]] : []
    }),
  )
}
