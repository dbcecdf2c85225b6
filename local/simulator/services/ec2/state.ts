import type { VpnConnection } from '@aws-sdk/client-ec2'
import type { Collection, MakeTable } from '#local/simulator/store.ts'

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

/**
 * What CloudFormation makes and no caller of the platform changes: kept in the shape in which EC2 describes it, and
 * read only. `kind`: the member of the answer that holds it. `of`: the Transit Gateway route table that a row belongs
 * to.
 */
export interface FixedResource {
  readonly id: string
  readonly of?: string
  readonly shape: object
  readonly kind:
    | 'NetworkAcls'
    | 'InternetGateways'
    | 'NatGateways'
    | 'EgressOnlyInternetGateways'
    | 'VpcPeeringConnections'
    | 'VpcEndpoints'
    | 'CustomerGateways'
    | 'VpnGateways'
    | 'TransitGatewayVpcAttachments'
    | 'Associations'
    | 'TransitGatewayRouteTablePropagations'
    | 'Routes'
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
  readonly fixed: Collection<FixedResource>
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
    fixed: table('ec2'),
  }
}
