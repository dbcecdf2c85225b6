import type { Tag, VpnConnection } from '@aws-sdk/client-ec2'
import { ServiceError } from '#local/simulator/errors.ts'
import type { Collection } from '#local/simulator/store.ts'
import type { MakeTable, World } from '#local/simulator/world.ts'
import type { Standing } from './standing.ts'

interface Vpc {
  readonly VpcId: string
  readonly CidrBlock: string
}

interface Subnet {
  readonly SubnetId: string
  readonly VpcId: string
  readonly CidrBlock: string
  readonly AvailabilityZone: string
  readonly AvailabilityZoneId: string
}

interface RouteTable {
  readonly RouteTableId: string
  readonly VpcId: string
  readonly SubnetIds: readonly string[]
  /** the VPC's own table, for every subnet that has none */
  readonly Main?: boolean
  readonly Routes: readonly { readonly DestinationCidrBlock: string; readonly target: string }[]
}

export interface SecurityGroup {
  readonly GroupId: string
  readonly GroupName: string
  readonly Description: string
  readonly VpcId: string
}

export interface Rule {
  readonly SecurityGroupRuleId: string
  readonly GroupId: string
  readonly IsEgress: boolean
  readonly IpProtocol: string
  readonly FromPort: number
  readonly ToPort: number
  readonly CidrIpv4?: string
  readonly CidrIpv6?: string
  readonly PrefixListId?: string
  readonly ReferencedGroupId?: string
  readonly Description?: string
}

export interface NetworkInterface {
  readonly NetworkInterfaceId: string
  readonly SubnetId: string
  readonly VpcId: string
  readonly PrivateIpAddress: string
  readonly Groups: readonly string[]
  readonly Description: string
  /** the service that made it; its groups cannot be changed unless that is documented (WorkSpaces) */
  readonly madeBy: 'workspaces' | 'efs' | 'directory-service' | 'caller'
  readonly MacAddress: string
}

interface PrefixList {
  readonly PrefixListId: string
  readonly PrefixListName: string
  readonly MaxEntries: number
  readonly Entries: readonly { readonly Cidr: string; readonly Description?: string }[]
}

interface TransitGateway {
  readonly TransitGatewayId: string
}

interface TransitGatewayRouteTable {
  readonly TransitGatewayRouteTableId: string
  readonly TransitGatewayId: string
}

interface TransitGatewayAttachment {
  readonly TransitGatewayAttachmentId: string
  readonly TransitGatewayId: string
  readonly ResourceType: 'vpn' | 'vpc' | 'network-function'
  readonly ResourceId: string
  readonly State: 'pending' | 'available' | 'deleting' | 'deleted' | 'failed'
}

export interface ClientVpnConnection {
  readonly ConnectionId: string
  readonly ClientVpnEndpointId: string
  readonly Username: string
  readonly CommonName: string
  readonly ClientIp: string
  readonly establishedAt: number
  readonly endedAt?: number
  readonly Status: 'active' | 'terminating' | 'terminated' | 'failed-to-terminate'
}

interface TagSet {
  readonly ResourceId: string
  readonly tags: Readonly<Record<string, string>>
}

export interface Ec2Tables {
  readonly vpcs: Collection<Vpc>
  readonly subnets: Collection<Subnet>
  readonly routeTables: Collection<RouteTable>
  readonly groups: Collection<SecurityGroup>
  readonly rules: Collection<Rule>
  readonly interfaces: Collection<NetworkInterface>
  readonly prefixLists: Collection<PrefixList>
  readonly transitGateways: Collection<TransitGateway>
  readonly transitRouteTables: Collection<TransitGatewayRouteTable>
  readonly attachments: Collection<TransitGatewayAttachment>
  readonly vpnConnections: Collection<VpnConnection>
  readonly clientVpnEndpoints: Collection<{ readonly ClientVpnEndpointId: string }>
  readonly clientConnections: Collection<ClientVpnConnection>
  readonly tags: Collection<TagSet>
  readonly standing: Collection<Standing>
}

export function ec2Tables(table: MakeTable): Ec2Tables {
  return {
    vpcs: table('ec2'),
    subnets: table('ec2'),
    routeTables: table('ec2'),
    groups: table('ec2'),
    rules: table('ec2'),
    interfaces: table('ec2'),
    prefixLists: table('ec2'),
    transitGateways: table('ec2'),
    transitRouteTables: table('ec2'),
    attachments: table('ec2'),
    vpnConnections: table('ec2'),
    clientVpnEndpoints: table('ec2'),
    clientConnections: table('ec2'),
    tags: table('ec2'),
    standing: table('ec2'),
  }
}

type Findable =
  | 'vpcs'
  | 'subnets'
  | 'routeTables'
  | 'groups'
  | 'interfaces'
  | 'prefixLists'
  | 'transitGateways'
  | 'transitRouteTables'
  | 'attachments'
  | 'vpnConnections'
  | 'clientVpnEndpoints'
  | 'rules'

/** Source: "Error codes for the Amazon EC2 API", https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
const notFound: Readonly<Record<Findable, readonly [code: string, noun: string]>> = {
  vpcs: ['InvalidVpcID.NotFound', 'vpc ID'],
  subnets: ['InvalidSubnetID.NotFound', 'subnet ID'],
  routeTables: ['InvalidRouteTableID.NotFound', 'routeTable ID'],
  groups: ['InvalidGroup.NotFound', 'security group'],
  interfaces: ['InvalidNetworkInterfaceID.NotFound', 'networkInterface ID'],
  prefixLists: ['InvalidPrefixListID.NotFound', 'prefix list ID'],
  transitGateways: ['InvalidTransitGatewayID.NotFound', 'Transit Gateway'],
  transitRouteTables: ['InvalidRouteTableID.NotFound', 'Transit Gateway route table'],
  attachments: ['InvalidTransitGatewayAttachmentID.NotFound', 'Transit Gateway attachment'],
  vpnConnections: ['InvalidVpnConnectionID.NotFound', 'vpnConnection ID'],
  clientVpnEndpoints: ['InvalidClientVpnEndpointId.NotFound', 'Client VPN endpoint'],
  rules: ['InvalidSecurityGroupRuleId.NotFound', 'security group rule ID'],
}

const kinds = Object.keys(notFound) as Findable[]

type Row<K extends Findable> = Ec2Tables[K] extends Collection<infer T> ? T : never

export function missing(kind: Findable, id: string): ServiceError {
  const [code, noun] = notFound[kind]
  return new ServiceError(code, `The ${noun} '${id}' does not exist`)
}

/** What exists now, for operations that change it. */
export function find<K extends Findable>(world: World, kind: K, id: string): Row<K> {
  const found = (world.ec2[kind] as Collection<Row<K>>).get(id)
  if (!found) throw missing(kind, id)
  return found
}

/** What a describe sees: all, or exactly the ids asked for, each of which must be seen. */
export function seen<K extends Findable>(world: World, kind: K, ids: readonly string[] | undefined): Row<K>[] {
  const table = world.ec2[kind] as Collection<Row<K>>
  if (!ids || ids.length === 0) return table.allSeen()
  return ids.map((id) => {
    const found = table.seen(id)
    if (!found) throw missing(kind, id)
    return found
  })
}

/** Any EC2 resource that can carry tags. */
export function requireResource(world: World, id: string): void {
  if (kinds.some((kind) => world.ec2[kind].get(id))) return
  throw new ServiceError('InvalidID', `The ID '${id}' is not valid`)
}

export function tagList(tags: Readonly<Record<string, string>> | undefined): Tag[] {
  return Object.entries(tags ?? {}).map(([Key, Value]) => ({ Key, Value }))
}

/** Tags as a describe sees them. */
export function tagsSeen(world: World, id: string): Readonly<Record<string, string>> {
  return world.ec2.tags.seen(id)?.tags ?? {}
}
