import {
  paginateDescribeTransitGatewayRouteTables,
  paginateGetTransitGatewayRouteTableAssociations,
  paginateGetTransitGatewayRouteTablePropagations,
  paginateSearchTransitGatewayRoutes,
  type EC2Client,
  type TransitGatewayRoute,
} from '@aws-sdk/client-ec2'
import { ref, type Described } from './described.ts'

/** Who looks where in the Transit Gateway, who announces into what, and every static route. */
export async function describeTransitTables(client: EC2Client, gateway: string, described: Described): Promise<void> {
  const Filters = [{ Name: 'transit-gateway-id', Values: [gateway] }]
  const pages = paginateDescribeTransitGatewayRouteTables({ client }, { Filters })
  for await (const { TransitGatewayRouteTables = [] } of pages) {
    for (const { TransitGatewayRouteTableId: id } of TransitGatewayRouteTables) {
      if (id === undefined) continue
      described.put(id, 'AWS::EC2::TransitGatewayRouteTable', { TransitGatewayId: ref(gateway) })
      await describeAssociations(client, id, described)
      await describePropagations(client, id, described)
      await describeRoutes(client, id, described)
    }
  }
}

async function describeAssociations(client: EC2Client, table: string, described: Described): Promise<void> {
  const pages = paginateGetTransitGatewayRouteTableAssociations({ client }, { TransitGatewayRouteTableId: table })
  for await (const { Associations = [] } of pages) {
    for (const { TransitGatewayAttachmentId: attachment = '', State } of Associations) {
      if (State === 'disassociated') continue
      described.put(`${table} association of ${attachment}`, 'AWS::EC2::TransitGatewayRouteTableAssociation', {
        TransitGatewayRouteTableId: ref(table),
        TransitGatewayAttachmentId: described.attachment(attachment),
      })
    }
  }
}

async function describePropagations(client: EC2Client, table: string, described: Described): Promise<void> {
  const pages = paginateGetTransitGatewayRouteTablePropagations({ client }, { TransitGatewayRouteTableId: table })
  for await (const { TransitGatewayRouteTablePropagations = [] } of pages) {
    for (const { TransitGatewayAttachmentId: attachment = '', State } of TransitGatewayRouteTablePropagations) {
      if (State === 'disabled') continue
      described.put(`${table} propagation of ${attachment}`, 'AWS::EC2::TransitGatewayRouteTablePropagation', {
        TransitGatewayRouteTableId: ref(table),
        TransitGatewayAttachmentId: described.attachment(attachment),
      })
    }
  }
}

async function describeRoutes(client: EC2Client, table: string, described: Described): Promise<void> {
  const pages = paginateSearchTransitGatewayRoutes(
    { client, pageSize: 1_000 },
    { TransitGatewayRouteTableId: table, Filters: [{ Name: 'type', Values: ['static'] }] },
  )
  for await (const { Routes = [], AdditionalRoutesAvailable, NextToken } of pages) {
    if (AdditionalRoutesAvailable && NextToken === undefined)
      described.gap(table, 'it has more static routes than EC2 shows', 'take away those that no template has')
    for (const route of Routes) if (route.State !== 'deleted') putRoute(table, route, described)
  }
}

function putRoute(table: string, route: TransitGatewayRoute, described: Described): void {
  const { DestinationCidrBlock, TransitGatewayAttachments = [], State } = route
  const put = (target: string, properties: Record<string, unknown>) =>
    described.put(`${table} ${DestinationCidrBlock} → ${target}`, 'AWS::EC2::TransitGatewayRoute', {
      TransitGatewayRouteTableId: ref(table),
      DestinationCidrBlock,
      ...properties,
    })
  if (State === 'blackhole') return put('nothing', { Blackhole: true })
  // A connection stands here once for each tunnel.
  const attachments = new Set(TransitGatewayAttachments.map((each) => each.TransitGatewayAttachmentId))
  for (const attachment of attachments) {
    if (attachment === undefined) put('nothing', { Blackhole: true })
    else put(attachment, { TransitGatewayAttachmentId: described.attachment(attachment) })
  }
}
