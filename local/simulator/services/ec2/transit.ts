import {
  DescribeTransitGatewayAttachments$,
  DescribeTransitGatewayRouteTables$,
  DescribeTransitGateways$,
  DescribeVpnConnections$,
  type DescribeTransitGatewayAttachmentsRequest,
  type DescribeTransitGatewayAttachmentsResult,
  type DescribeTransitGatewayRouteTablesRequest,
  type DescribeTransitGatewayRouteTablesResult,
  type DescribeTransitGatewaysRequest,
  type DescribeTransitGatewaysResult,
  type DescribeVpnConnectionsRequest,
  type DescribeVpnConnectionsResult,
  type TunnelOption,
} from '@aws-sdk/client-ec2'
import { operation } from '#local/simulator/operation.ts'
import type { World } from '#local/simulator/world.ts'
import { filtered } from './filters.ts'
import { paged } from '#local/simulator/paging.ts'
import { find, missing, seen, tagList, tagsSeen } from './lookup.ts'

/**
 * A VPN connection as CloudFormation leaves it. It is `pending` first, and its Transit Gateway attachment can be found
 * only some minutes later: `AWS::EC2::VPNConnection` returns no attachment id, so a look-up has to wait.
 * Sources: schema of AWS::EC2::VPNConnection; DescribeTransitGatewayAttachments, EC2 API reference.
 */
export function createVpnConnection(
  world: World,
  id: string,
  transitGatewayId: string,
  customerGatewayId: string,
  tunnels: readonly TunnelOption[] = [],
): void {
  find(world, 'transitGateways', transitGatewayId)
  world.ec2.vpnConnections.put(id, {
    VpnConnectionId: id,
    State: 'pending',
    TransitGatewayId: transitGatewayId,
    CustomerGatewayId: customerGatewayId,
    Type: 'ipsec.1',
    Category: 'VPN',
    GatewayAssociationState: 'associated',
    Options: { TunnelOptions: [...tunnels] },
  })
  world.later('CreateVpnConnection', { id }, world.latencies.vpnAttachment, () => {
    if (world.ec2.vpnConnections.get(id)?.State !== 'pending') return
    const attachment = world.id('tgw-attach')
    world.ec2.attachments.put(attachment, {
      TransitGatewayAttachmentId: attachment,
      TransitGatewayId: transitGatewayId,
      ResourceType: 'vpn',
      ResourceId: id,
      State: 'available',
    })
    world.ec2.vpnConnections.update(id, { State: 'available' })
  })
}

export const transitOperations = [
  operation<DescribeTransitGatewaysRequest, DescribeTransitGatewaysResult>(
    DescribeTransitGateways$,
    ['TransitGatewayIds', 'Filters', 'MaxResults', 'NextToken'],
    (input, world) => {
      const found = filtered(
        world,
        seen(world, 'transitGateways', input.TransitGatewayIds),
        input.Filters,
        (each) => each.TransitGatewayId,
        {
          'transit-gateway-id': (each) => each.TransitGatewayId,
          state: () => 'available',
        },
      )
      const page = paged(found, input.NextToken, input.MaxResults, 1_000)
      return {
        TransitGateways: page.items.map((each) => ({
          ...each,
          State: 'available',
          OwnerId: world.account,
          Tags: tagList(tagsSeen(world, each.TransitGatewayId)),
        })),
        NextToken: page.NextToken,
      }
    },
  ),

  operation<DescribeTransitGatewayRouteTablesRequest, DescribeTransitGatewayRouteTablesResult>(
    DescribeTransitGatewayRouteTables$,
    ['TransitGatewayRouteTableIds', 'Filters', 'MaxResults', 'NextToken'],
    (input, world) => {
      const found = filtered(
        world,
        seen(world, 'transitRouteTables', input.TransitGatewayRouteTableIds),
        input.Filters,
        (each) => each.TransitGatewayRouteTableId,
        {
          'transit-gateway-id': (each) => each.TransitGatewayId,
          'transit-gateway-route-table-id': (each) => each.TransitGatewayRouteTableId,
          state: () => 'available',
        },
      )
      const page = paged(found, input.NextToken, input.MaxResults, 1_000)
      return {
        TransitGatewayRouteTables: page.items.map((each) => ({
          ...each,
          State: 'available',
          DefaultAssociationRouteTable: false,
          DefaultPropagationRouteTable: false,
          Tags: tagList(tagsSeen(world, each.TransitGatewayRouteTableId)),
        })),
        NextToken: page.NextToken,
      }
    },
  ),

  operation<DescribeTransitGatewayAttachmentsRequest, DescribeTransitGatewayAttachmentsResult>(
    DescribeTransitGatewayAttachments$,
    ['TransitGatewayAttachmentIds', 'Filters', 'MaxResults', 'NextToken'],
    (input, world) => {
      const found = filtered(
        world,
        seen(world, 'attachments', input.TransitGatewayAttachmentIds),
        input.Filters,
        (each) => each.TransitGatewayAttachmentId,
        {
          'transit-gateway-attachment-id': (each) => each.TransitGatewayAttachmentId,
          'transit-gateway-id': (each) => each.TransitGatewayId,
          'resource-id': (each) => each.ResourceId,
          'resource-type': (each) => each.ResourceType,
          state: (each) => each.State,
        },
      )
      const page = paged(found, input.NextToken, input.MaxResults, 1_000)
      return {
        TransitGatewayAttachments: page.items.map((each) => ({
          ...each,
          TransitGatewayOwnerId: world.account,
          ResourceOwnerId: world.account,
          Tags: tagList(tagsSeen(world, each.TransitGatewayAttachmentId)),
        })),
        NextToken: page.NextToken,
      }
    },
  ),

  operation<DescribeVpnConnectionsRequest, DescribeVpnConnectionsResult>(
    DescribeVpnConnections$,
    ['VpnConnectionIds', 'Filters'],
    (input, world) => {
      for (const id of input.VpnConnectionIds ?? [])
        if (!world.ec2.vpnConnections.seen(id)) throw missing('vpnConnections', id)
      const all = world.ec2.vpnConnections
        .allSeen()
        .filter((each) => !input.VpnConnectionIds?.length || input.VpnConnectionIds.includes(each.VpnConnectionId!))
      const found = filtered(world, all, input.Filters, (each) => each.VpnConnectionId!, {
        'vpn-connection-id': (each) => each.VpnConnectionId,
        'transit-gateway-id': (each) => each.TransitGatewayId,
        'customer-gateway-id': (each) => each.CustomerGatewayId,
        state: (each) => each.State,
        type: (each) => each.Type,
      })
      return {
        VpnConnections: found.map((each) => ({ ...each, Tags: tagList(tagsSeen(world, each.VpnConnectionId!)) })),
      }
    },
  ),
]
