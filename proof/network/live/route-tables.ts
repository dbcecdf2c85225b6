import { paginateDescribeRouteTables, type EC2Client, type Route, type RouteTable } from '@aws-sdk/client-ec2'
import { ref, type Described } from './described.ts'

/** Which table holds for a subnet: the one it is associated with, or the main table of its VPC. */
interface Associations {
  readonly mainTables: Map<string, string>
  readonly associated: Set<string>
}

/** Route tables with every route. */
export async function describeRouteTables(client: EC2Client, described: Described): Promise<void> {
  const associations: Associations = { mainTables: new Map(), associated: new Set() }
  for await (const { RouteTables = [] } of paginateDescribeRouteTables({ client }, {})) {
    for (const table of RouteTables) {
      const { RouteTableId: id = '', VpcId = '', Routes = [] } = table
      if (!described.vpcs.has(VpcId)) continue
      described.put(id, 'AWS::EC2::RouteTable', { VpcId: ref(VpcId) })
      describeAssociations(table, associations, described)
      for (const route of Routes) await describeRoute(client, id, route, described)
    }
  }
  associateMainTables(associations, described)
}

function describeAssociations(
  { RouteTableId: id = '', VpcId = '', Associations = [] }: RouteTable,
  { mainTables, associated }: Associations,
  described: Described,
): void {
  for (const { Main, SubnetId, GatewayId } of Associations) {
    if (Main) {
      mainTables.set(VpcId, id)
      continue
    }
    if (SubnetId !== undefined) associated.add(SubnetId)
    described.put(`${id} of ${SubnetId ?? GatewayId}`, 'AWS::EC2::SubnetRouteTableAssociation', {
      RouteTableId: ref(id),
      SubnetId: ref(SubnetId),
      GatewayId,
    })
  }
}

function associateMainTables({ mainTables, associated }: Associations, described: Described): void {
  for (const [subnet, { Type, Properties }] of Object.entries(described.resources)) {
    if (Type !== 'AWS::EC2::Subnet' || associated.has(subnet)) continue
    const vpc = Properties!['VpcId'] as { readonly Ref: string }
    described.put(`main table of ${subnet}`, 'AWS::EC2::SubnetRouteTableAssociation', {
      RouteTableId: ref(mainTables.get(vpc.Ref)),
      SubnetId: ref(subnet),
    })
  }
}

async function describeRoute(client: EC2Client, table: string, route: Route, described: Described): Promise<void> {
  if (isLocal(route) || isOfGatewayEndpoint(route)) return
  const { Origin: _origin, InstanceOwnerId: _owner, State, DestinationPrefixListId, ...rest } = route
  if (DestinationPrefixListId !== undefined) await described.prefixList(client, DestinationPrefixListId)
  const destination = rest.DestinationCidrBlock ?? DestinationPrefixListId ?? rest.DestinationIpv6CidrBlock
  // What is none of the targets that the model knows stays as EC2 names it, and so does a route to nothing: the proof
  // fails at it.
  described.put(`${table} ${destination}`, 'AWS::EC2::Route', {
    ...rest,
    RouteTableId: ref(table),
    TransitGatewayId: ref(rest.TransitGatewayId),
    VpcPeeringConnectionId: ref(rest.VpcPeeringConnectionId),
    DestinationPrefixListId: ref(DestinationPrefixListId),
    State: State === 'blackhole' ? State : undefined,
  })
}

/** The route that every table has to its own VPC. */
const isLocal = ({ GatewayId, Origin }: Route) => GatewayId === 'local' && Origin === 'CreateRouteTable'

/** Read with the endpoint itself. */
const isOfGatewayEndpoint = ({ GatewayId, DestinationPrefixListId }: Route) =>
  GatewayId?.startsWith('vpce-') && DestinationPrefixListId !== undefined
