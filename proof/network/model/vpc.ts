import { readAclEntries, readAcls } from './acls.ts'
import { defaultAcl, mainTable } from './aws-made.ts'
import type { Attachment, Id, Interface, Network, Subnet } from './network.ts'
import type { Resources } from './resources.ts'
import { readRoutes, readRouteTables } from './routes.ts'
import { wholeSubnet } from './whole-subnet.ts'

type Vpcs = Network['vpcs']

/** VPCs, subnets, their route tables and network ACLs; what is not associated is on what AWS makes with the VPC. */
export function readVpcs(resources: Resources): Pick<Network, 'vpcs' | 'subnets' | 'routeTables' | 'acls'> {
  const vpcs = readBlocks(resources)
  const routeTables = readRouteTables(resources)
  const acls = readAcls(resources)
  const subnets = readSubnets(resources)
  readAclEntries(resources, acls)
  readRoutes(resources, routeTables)
  return { vpcs, subnets, routeTables, acls }
}

function readBlocks(resources: Resources): Vpcs {
  const doors = doorsOf(resources)
  return Object.fromEntries(
    resources.all('AWS::EC2::VPC').map(({ id, properties }) => {
      const cidr = resources.cidr(properties['CidrBlock'], `${id}.CidrBlock`)
      return [id, { cidrs: cidr === undefined ? [] : [cidr], door: doors.get(id) }]
    }),
  )
}

/** VPC → what lets packets of others in: an Internet gateway, a peering with a VPC that is not ours. */
function doorsOf(resources: Resources): ReadonlyMap<Id, Id> {
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

function readSubnets(resources: Resources): Record<Id, Subnet> {
  const tables = associations(resources, {
    type: 'AWS::EC2::SubnetRouteTableAssociation',
    property: 'RouteTableId',
    target: 'AWS::EC2::RouteTable',
  })
  const acls = associations(resources, {
    type: 'AWS::EC2::SubnetNetworkAclAssociation',
    property: 'NetworkAclId',
    target: 'AWS::EC2::NetworkAcl',
  })
  const subnets: Record<Id, Subnet> = {}
  for (const { id, properties } of resources.all('AWS::EC2::Subnet')) {
    const vpc = resources.named('AWS::EC2::VPC', properties['VpcId'], `${id}.VpcId`)?.id
    const cidr = resources.cidr(properties['CidrBlock'], `${id}.CidrBlock`)
    const zone = properties['AvailabilityZoneId'] ?? properties['AvailabilityZone']
    if (typeof zone !== 'string') resources.gap(`${id}.AvailabilityZoneId`, 'which zone it is in is not said')
    if (vpc === undefined || cidr === undefined) continue
    const routeTable = tables.get(id) ?? mainTable(vpc)
    subnets[id] = { vpc, cidr, zone: String(zone), routeTable, acl: acls.get(id) ?? defaultAcl(vpc) }
  }
  return subnets
}

/** Subnet → what it is associated with; a second association is a gap, because AWS refuses it or the last one wins. */
function associations(
  resources: Resources,
  { type, property, target }: { readonly type: string; readonly property: string; readonly target: string },
): ReadonlyMap<Id, Id> {
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

/** Interface endpoints: machines of AWS in our subnets, at addresses nobody chose. */
export const readEndpoints = (resources: Resources, subnets: Network['subnets']): Interface[] =>
  resources
    .all('AWS::EC2::VPCEndpoint')
    .filter(({ properties }) => properties['VpcEndpointType'] === 'Interface')
    .flatMap(({ id, properties }) =>
      resources.strings(properties['SubnetIds'], `${id}.SubnetIds`).flatMap((subnet): Interface[] => {
        const found = subnets[subnet]
        if (found === undefined) return []
        const groups = resources.strings(properties['SecurityGroupIds'], `${id}.SecurityGroupIds`)
        const addresses = wholeSubnet(found.cidr)
        return [{ party: { kind: 'endpoint', id }, subnet, addresses, groups, sets: [] }]
      }),
    )

const HARMLESS_OPTIONS = ['ApplianceModeSupport', 'DnsSupport', 'SecurityGroupReferencingSupport']

/** Attachments of VPCs to the Transit Gateway. */
export function readVpcAttachments(resources: Resources): Record<Id, Attachment> {
  const attachments: Record<Id, Attachment> = {}
  for (const { id, properties } of resources.all('AWS::EC2::TransitGatewayVpcAttachment')) {
    const { TransitGatewayId, VpcId, SubnetIds, Options } = properties
    const gateway = resources.named('AWS::EC2::TransitGateway', TransitGatewayId, `${id}.TransitGatewayId`)
    const vpc = resources.named('AWS::EC2::VPC', VpcId, `${id}.VpcId`)
    const subnets = resources.strings(SubnetIds, `${id}.SubnetIds`)
    const { Ipv6Support = 'disable', ...rest } = Options ?? {}
    if (Ipv6Support !== 'disable')
      resources.gap(`${id}.Options.Ipv6Support`, 'IPv6 is not in the model', 'write disable')
    // Appliance mode keeps both directions in one zone; both zones have the same rules or the model walks both.
    resources.only(rest, HARMLESS_OPTIONS, `${id}.Options`)
    if (gateway && vpc) attachments[id] = { kind: 'vpc', gateway: gateway.id, vpc: vpc.id, subnets }
  }
  return attachments
}
