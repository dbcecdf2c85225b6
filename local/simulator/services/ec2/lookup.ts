import type { Tag } from '@aws-sdk/client-ec2'
import { ServiceError } from '#local/simulator/errors.ts'
import type { Collection } from '#local/simulator/store.ts'
import type { World } from '#local/simulator/world.ts'
import type { Ec2Tables } from './state.ts'

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

/**
 * Source: "Error codes for the Amazon EC2 API",
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
 */
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
