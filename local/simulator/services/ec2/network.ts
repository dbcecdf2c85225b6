import {
  DescribeManagedPrefixLists$,
  DescribeRouteTables$,
  DescribeSubnets$,
  DescribeVpcs$,
  GetManagedPrefixListEntries$,
  type DescribeManagedPrefixListsRequest,
  type DescribeManagedPrefixListsResult,
  type DescribeRouteTablesRequest,
  type DescribeRouteTablesResult,
  type DescribeSubnetsRequest,
  type DescribeSubnetsResult,
  type DescribeVpcsRequest,
  type DescribeVpcsResult,
  type GetManagedPrefixListEntriesRequest,
  type GetManagedPrefixListEntriesResult,
  type Route,
} from '@aws-sdk/client-ec2'
import { operation } from '#local/simulator/operation.ts'
import type { World } from '#local/simulator/world.ts'
import { filtered } from './filters.ts'
import { paged } from '#local/simulator/paging.ts'
import { find, seen, tagList, tagsSeen } from './lookup.ts'

const MEMBERS = [
  ['tgw-', 'TransitGatewayId'],
  ['nat-', 'NatGatewayId'],
  ['eigw-', 'EgressOnlyInternetGatewayId'],
  ['pcx-', 'VpcPeeringConnectionId'],
] as const

/** A route's target under the member that EC2 uses for its kind. */
function route(destination: string, target: string): Route {
  const member = MEMBERS.find(([prefix]) => target.startsWith(prefix))?.[1] ?? 'GatewayId'
  const to: Route = { [member]: target }
  return {
    DestinationCidrBlock: destination,
    ...to,
    State: 'active',
    Origin: target === 'local' ? 'CreateRouteTable' : 'CreateRoute',
  }
}

const tags = (world: World, id: string) => tagList(tagsSeen(world, id))

/** What a VPC consists of, to be read only: it is made by CloudFormation, or by `seed` here. */
export const networkOperations = [
  operation<DescribeVpcsRequest, DescribeVpcsResult>(
    DescribeVpcs$,
    ['VpcIds', 'Filters', 'MaxResults', 'NextToken'],
    (input, world) => {
      const found = filtered(world, seen(world, 'vpcs', input.VpcIds), input.Filters, (vpc) => vpc.VpcId, {
        'vpc-id': (vpc) => vpc.VpcId,
        cidr: (vpc) => vpc.CidrBlock,
        state: () => 'available',
      })
      const page = paged(found, input.NextToken, input.MaxResults, 1_000)
      return {
        Vpcs: page.items.map((vpc) => ({
          ...vpc,
          State: 'available',
          OwnerId: world.account,
          IsDefault: false,
          InstanceTenancy: 'default',
          Tags: tags(world, vpc.VpcId),
        })),
        NextToken: page.NextToken,
      }
    },
  ),

  operation<DescribeSubnetsRequest, DescribeSubnetsResult>(
    DescribeSubnets$,
    ['SubnetIds', 'Filters', 'MaxResults', 'NextToken'],
    (input, world) => {
      const found = filtered(
        world,
        seen(world, 'subnets', input.SubnetIds),
        input.Filters,
        (subnet) => subnet.SubnetId,
        {
          'subnet-id': (subnet) => subnet.SubnetId,
          'vpc-id': (subnet) => subnet.VpcId,
          'cidr-block': (subnet) => subnet.CidrBlock,
          'availability-zone': (subnet) => subnet.AvailabilityZone,
          'availability-zone-id': (subnet) => subnet.AvailabilityZoneId,
        },
      )
      const page = paged(found, input.NextToken, input.MaxResults, 1_000)
      return {
        Subnets: page.items.map((subnet) => ({
          ...subnet,
          State: 'available',
          OwnerId: world.account,
          MapPublicIpOnLaunch: false,
          // Five addresses of a subnet are AWS's ("Subnet CIDR blocks", VPC user guide).
          AvailableIpAddressCount:
            2 ** (32 - Number(subnet.CidrBlock.split('/')[1])) -
            5 -
            world.ec2.interfaces.all().filter((each) => each.SubnetId === subnet.SubnetId).length,
          Tags: tags(world, subnet.SubnetId),
        })),
        NextToken: page.NextToken,
      }
    },
  ),

  operation<DescribeRouteTablesRequest, DescribeRouteTablesResult>(
    DescribeRouteTables$,
    ['RouteTableIds', 'Filters', 'MaxResults', 'NextToken'],
    (input, world) => {
      const found = filtered(
        world,
        seen(world, 'routeTables', input.RouteTableIds),
        input.Filters,
        (table) => table.RouteTableId,
        {
          'route-table-id': (table) => table.RouteTableId,
          'vpc-id': (table) => table.VpcId,
          'association.subnet-id': (table) => table.SubnetIds,
        },
      )
      const page = paged(found, input.NextToken, input.MaxResults, 100)
      return {
        RouteTables: page.items.map((table) => ({
          RouteTableId: table.RouteTableId,
          VpcId: table.VpcId,
          OwnerId: world.account,
          Associations: [
            ...(table.Main
              ? [
                  {
                    RouteTableAssociationId: `rtbassoc-${table.VpcId.slice('vpc-'.length)}`,
                    RouteTableId: table.RouteTableId,
                    Main: true,
                    AssociationState: { State: 'associated' as const },
                  },
                ]
              : []),
            ...table.SubnetIds.map((SubnetId) => ({
              RouteTableAssociationId: `rtbassoc-${SubnetId.slice('subnet-'.length)}`,
              RouteTableId: table.RouteTableId,
              SubnetId,
              Main: false,
              AssociationState: { State: 'associated' as const },
            })),
          ],
          Routes: table.Routes.map((each) => route(each.DestinationCidrBlock, each.target)),
          Tags: tags(world, table.RouteTableId),
        })),
        NextToken: page.NextToken,
      }
    },
  ),

  operation<DescribeManagedPrefixListsRequest, DescribeManagedPrefixListsResult>(
    DescribeManagedPrefixLists$,
    ['PrefixListIds', 'Filters', 'MaxResults', 'NextToken'],
    (input, world) => {
      const found = filtered(
        world,
        seen(world, 'prefixLists', input.PrefixListIds),
        input.Filters,
        (list) => list.PrefixListId,
        {
          'prefix-list-id': (list) => list.PrefixListId,
          'prefix-list-name': (list) => list.PrefixListName,
          'owner-id': () => world.account,
        },
      )
      const page = paged(found, input.NextToken, input.MaxResults, 100)
      return {
        PrefixLists: page.items.map((list) => ({
          PrefixListId: list.PrefixListId,
          PrefixListName: list.PrefixListName,
          PrefixListArn: world.arn('ec2', `prefix-list/${list.PrefixListId}`),
          AddressFamily: 'IPv4',
          State: 'create-complete',
          MaxEntries: list.MaxEntries,
          Version: 1,
          OwnerId: world.account,
          Tags: tags(world, list.PrefixListId),
        })),
        NextToken: page.NextToken,
      }
    },
  ),

  operation<GetManagedPrefixListEntriesRequest, GetManagedPrefixListEntriesResult>(
    GetManagedPrefixListEntries$,
    ['PrefixListId', 'MaxResults', 'NextToken'],
    (input, world) => {
      const page = paged(find(world, 'prefixLists', input.PrefixListId).Entries, input.NextToken, input.MaxResults, 100)
      return { Entries: page.items, NextToken: page.NextToken }
    },
  ),
]
