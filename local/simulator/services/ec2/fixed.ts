import {
  DescribeCustomerGateways$,
  DescribeEgressOnlyInternetGateways$,
  DescribeInternetGateways$,
  DescribeNatGateways$,
  DescribeNetworkAcls$,
  DescribeTransitGatewayVpcAttachments$,
  DescribeVpcEndpoints$,
  DescribeVpcPeeringConnections$,
  DescribeVpnGateways$,
  GetTransitGatewayRouteTableAssociations$,
  GetTransitGatewayRouteTablePropagations$,
  SearchTransitGatewayRoutes$,
  type NetworkAcl,
  type SearchTransitGatewayRoutesRequest,
  type SearchTransitGatewayRoutesResult,
  type TransitGatewayRoute,
} from '@aws-sdk/client-ec2'
import type { StaticOperationSchema } from '@smithy/types'
import { ServiceError } from '#local/simulator/errors.ts'
import { operation, type Operation } from '#local/simulator/operation.ts'
import type { World } from '#local/simulator/world.ts'
import { filtered } from './filters.ts'
import { paged } from '#local/simulator/paging.ts'
import { find } from './lookup.ts'
import type { FixedResource } from './state.ts'

/** Where it stands in the answer → the operation that describes it (EC2 API reference, one page each). */
const described = {
  NetworkAcls: DescribeNetworkAcls$,
  InternetGateways: DescribeInternetGateways$,
  NatGateways: DescribeNatGateways$,
  EgressOnlyInternetGateways: DescribeEgressOnlyInternetGateways$,
  VpcPeeringConnections: DescribeVpcPeeringConnections$,
  VpcEndpoints: DescribeVpcEndpoints$,
  CustomerGateways: DescribeCustomerGateways$,
  VpnGateways: DescribeVpnGateways$,
  TransitGatewayVpcAttachments: DescribeTransitGatewayVpcAttachments$,
} as const satisfies Partial<Record<FixedResource['kind'], unknown>>

/** The same for what belongs to one route table of a Transit Gateway. */
const ofTable = {
  Associations: GetTransitGatewayRouteTableAssociations$,
  TransitGatewayRouteTablePropagations: GetTransitGatewayRouteTablePropagations$,
} as const satisfies Partial<Record<FixedResource['kind'], unknown>>

/** These two answer everything at once (same reference). */
const UNPAGED: readonly string[] = ['CustomerGateways', 'VpnGateways']

const fixed = (world: World, kind: FixedResource['kind'], of?: string) =>
  world.ec2.fixed
    .allSeen()
    .filter((each) => each.kind === kind && each.of === of)
    .map(({ shape }) => shape)

/** A VPC's default ACL holds every subnet that no other ACL holds ("Network ACLs", VPC user guide). */
function withSubnets(world: World, acl: NetworkAcl): NetworkAcl {
  if (!acl.IsDefault) return acl
  const held = new Set(
    (fixed(world, 'NetworkAcls') as NetworkAcl[]).flatMap(({ IsDefault, Associations = [] }) =>
      IsDefault ? [] : Associations.map(({ SubnetId }) => SubnetId),
    ),
  )
  return {
    ...acl,
    Associations: world.ec2.subnets
      .allSeen()
      .filter(({ SubnetId, VpcId }) => VpcId === acl.VpcId && !held.has(SubnetId))
      .map(({ SubnetId }) => ({ NetworkAclId: acl.NetworkAclId, SubnetId })),
  }
}

function list(kind: keyof typeof described): Operation {
  const accepts = UNPAGED.includes(kind) ? [] : (['MaxResults', 'NextToken'] as const)
  return operation<{ MaxResults?: number; NextToken?: string }, object>(
    described[kind] as StaticOperationSchema,
    accepts,
    ({ MaxResults, NextToken }, world) => {
      const { items, NextToken: next } = paged(fixed(world, kind), NextToken, MaxResults, 1_000)
      const found = kind === 'NetworkAcls' ? items.map((acl) => withSubnets(world, acl as NetworkAcl)) : items
      return UNPAGED.includes(kind) ? { [kind]: found } : { [kind]: found, NextToken: next }
    },
  )
}

function listOfTable(kind: keyof typeof ofTable): Operation {
  return operation<{ TransitGatewayRouteTableId: string; MaxResults?: number; NextToken?: string }, object>(
    ofTable[kind] as StaticOperationSchema,
    ['TransitGatewayRouteTableId', 'MaxResults', 'NextToken'],
    (input, world) => {
      find(world, 'transitRouteTables', input.TransitGatewayRouteTableId)
      const { items, NextToken } = paged(
        fixed(world, kind, input.TransitGatewayRouteTableId),
        input.NextToken,
        input.MaxResults,
        1_000,
      )
      return { [kind]: items, NextToken }
    },
  )
}

/**
 * Static routes as they were written; what a propagation brings is not modelled, because no far end announces anything
 * here.
 */
const searchRoutes = operation<SearchTransitGatewayRoutesRequest, SearchTransitGatewayRoutesResult>(
  SearchTransitGatewayRoutes$,
  ['TransitGatewayRouteTableId', 'Filters', 'MaxResults'],
  (input, world) => {
    find(world, 'transitRouteTables', input.TransitGatewayRouteTableId)
    if (input.MaxResults !== undefined && (input.MaxResults < 5 || input.MaxResults > 1_000))
      throw new ServiceError('InvalidParameterValue', 'MaxResults is from 5 to 1000')
    const routes = fixed(world, 'Routes', input.TransitGatewayRouteTableId) as TransitGatewayRoute[]
    const found = filtered(world, routes, input.Filters, ({ DestinationCidrBlock }) => DestinationCidrBlock!, {
      type: ({ Type }) => Type,
      state: ({ State }) => State,
    })
    return {
      Routes: found.slice(0, input.MaxResults ?? 1_000),
      AdditionalRoutesAvailable: found.length > (input.MaxResults ?? 1_000),
    }
  },
)

export const fixedResourceOperations: readonly Operation[] = [
  ...(Object.keys(described) as (keyof typeof described)[]).map(list),
  ...(Object.keys(ofTable) as (keyof typeof ofTable)[]).map(listOfTable),
  searchRoutes,
]
