import { mainTable } from './aws-made.ts'
import type { Id, Route, RouteTarget } from './network.ts'
import type { Resource, Resources } from './resources.ts'

type RouteTables = Record<Id, { readonly routes: Route[] }>

/** Route tables of templates, and the main table that AWS makes with each VPC. */
export function readRouteTables(resources: Resources): RouteTables {
  const tables: RouteTables = {}
  for (const { id } of resources.all('AWS::EC2::VPC')) tables[mainTable(id)] = { routes: [] }
  for (const { id } of resources.all('AWS::EC2::RouteTable')) tables[id] = { routes: [] }
  return tables
}

export function readRoutes(resources: Resources, tables: RouteTables): void {
  for (const route of resources.all('AWS::EC2::Route')) readRoute(route, tables, resources)
  for (const endpoint of resources.all('AWS::EC2::VPCEndpoint')) readGatewayEndpoint(endpoint, tables, resources)
}

function readRoute(resource: Resource, tables: RouteTables, resources: Resources): void {
  const { id, properties } = resource
  const table = resources.named('AWS::EC2::RouteTable', properties['RouteTableId'], `${id}.RouteTableId`)
  if (table === undefined) return
  const cidrs = destinationsOf(resource, resources)
  const target = targetOf(resource, resources)
  if (target === undefined) return
  for (const cidr of cidrs) if (cidr !== undefined) tables[table.id]!.routes.push({ cidr, target, rule: id })
}

function destinationsOf({ id, properties }: Resource, resources: Resources): readonly (string | undefined)[] {
  const { DestinationPrefixListId: listId, DestinationCidrBlock: cidr } = properties
  if (listId === undefined) return [resources.cidr(cidr, `${id}.DestinationCidrBlock`)]
  const list = resources.named('AWS::EC2::PrefixList', listId, `${id}.DestinationPrefixListId`)
  const entries = (list?.properties['Entries'] ?? []) as { readonly Cidr: unknown }[]
  return entries.map(({ Cidr }) => resources.cidr(Cidr, id))
}

const TARGETS = [
  'TransitGatewayId',
  'GatewayId',
  'NatGatewayId',
  'EgressOnlyInternetGatewayId',
  'VpcPeeringConnectionId',
  'VpcEndpointId',
]

/** Where a route leads; gateways that lead out of the platform are one and the same: the Internet. */
function targetOf(resource: Resource, resources: Resources): RouteTarget | undefined {
  const { id, properties } = resource
  const given = TARGETS.filter((name) => properties[name] !== undefined)
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
  if (property !== 'VpcPeeringConnectionId') return { kind: 'internet', through: String(value) }
  const peering = resources.named('AWS::EC2::VPCPeeringConnection', value, `${id}.${property}`)
  return peering && otherSide(peering, resource, resources)
}

/** The VPC at the other side of a peering; one that is not ours is as good as the Internet. */
function otherSide(peering: Resource, { properties }: Resource, resources: Resources): RouteTarget {
  const table = resources.all('AWS::EC2::RouteTable').find(({ id }) => id === properties['RouteTableId'])
  const { VpcId, PeerVpcId } = peering.properties
  const other = VpcId === table?.properties['VpcId'] ? PeerVpcId : VpcId
  return resources.all('AWS::EC2::VPC').some(({ id }) => id === other)
    ? { kind: 'vpc', vpc: other, through: peering.id }
    : { kind: 'internet', through: peering.id }
}

/** A gateway endpoint is a route to AWS's public addresses, which are not ours: the Internet. */
function readGatewayEndpoint({ id, properties }: Resource, tables: RouteTables, resources: Resources): void {
  if ((properties['VpcEndpointType'] ?? 'Gateway') !== 'Gateway') return
  for (const name of resources.strings(properties['RouteTableIds'], `${id}.RouteTableIds`)) {
    const table = resources.named('AWS::EC2::RouteTable', name, `${id}.RouteTableIds`)
    if (table) tables[table.id]!.routes.push({ cidr: '0.0.0.0/0', target: { kind: 'internet', through: id }, rule: id })
  }
}
