import {
  DescribeClientVpnConnections$,
  TerminateClientVpnConnections$,
  type ClientVpnConnection as Description,
  type DescribeClientVpnConnectionsRequest,
  type DescribeClientVpnConnectionsResult,
  type TerminateClientVpnConnectionsRequest,
  type TerminateClientVpnConnectionsResult,
} from '@aws-sdk/client-ec2'
import { ServiceError } from '#local/simulator/errors.ts'
import { operation } from '#local/simulator/operation.ts'
import type { World } from '#local/simulator/world.ts'
import { filtered } from './filters.ts'
import { paged } from '#local/simulator/paging.ts'
import { find } from './lookup.ts'
import type { ClientVpnConnection } from './state.ts'

/**
 * "Active client connections and connections that have been terminated within the last 60 minutes"
 * (DescribeClientVpnConnections, EC2 API reference).
 */
const shownAfterEnd = 60 * 60_000
/** How long a termination takes: an assumption, so that code has to look again. */
const terminating = 2_000

const time = (at: number) => new Date(at).toISOString().replace('T', ' ').slice(0, 19)

function describe(each: ClientVpnConnection): Description {
  return {
    ClientVpnEndpointId: each.ClientVpnEndpointId,
    ConnectionId: each.ConnectionId,
    Username: each.Username,
    CommonName: each.CommonName,
    ClientIp: each.ClientIp,
    ConnectionEstablishedTime: time(each.establishedAt),
    ...(each.endedAt === undefined ? {} : { ConnectionEndTime: time(each.endedAt) }),
    Status: { Code: each.Status },
    IngressBytes: '0',
    EgressBytes: '0',
  }
}

export const clientVpnOperations = [
  /**
   * Filters: `connection-id` and `username` (DescribeClientVpnConnections, EC2 API reference; `username` is documented
   * for Active Directory authentication only, so code for SAML should not count on it).
   */
  operation<DescribeClientVpnConnectionsRequest, DescribeClientVpnConnectionsResult>(
    DescribeClientVpnConnections$,
    ['ClientVpnEndpointId', 'Filters', 'MaxResults', 'NextToken'],
    (input, world) => {
      find(world, 'clientVpnEndpoints', input.ClientVpnEndpointId)
      const all = world.ec2.clientConnections
        .allSeen()
        .filter(
          (each) =>
            each.ClientVpnEndpointId === input.ClientVpnEndpointId &&
            (each.endedAt === undefined || world.clock.now() - each.endedAt < shownAfterEnd),
        )
      const found = filtered(world, all, input.Filters, (each) => each.ConnectionId, {
        'connection-id': (each) => each.ConnectionId,
        username: (each) => each.Username,
      })
      const page = paged(found, input.NextToken, input.MaxResults, 1_000)
      return { Connections: page.items.map(describe), NextToken: page.NextToken }
    },
  ),

  /**
   * One connection by id, or all of a user by name, which "can only be used if the user has established up to five
   * connections" (TerminateClientVpnConnections).
   */
  operation<TerminateClientVpnConnectionsRequest, TerminateClientVpnConnectionsResult>(
    TerminateClientVpnConnections$,
    ['ClientVpnEndpointId', 'ConnectionId', 'Username'],
    (input, world) => {
      find(world, 'clientVpnEndpoints', input.ClientVpnEndpointId)
      if ((input.ConnectionId === undefined) === (input.Username === undefined))
        throw new ServiceError('InvalidParameterCombination', 'Specify exactly one of ConnectionId and Username')
      const active = world.ec2.clientConnections
        .all()
        .filter((each) => each.ClientVpnEndpointId === input.ClientVpnEndpointId && each.Status === 'active')
      const chosen = active.filter((each) =>
        input.ConnectionId === undefined ? each.Username === input.Username : each.ConnectionId === input.ConnectionId,
      )
      if (input.ConnectionId !== undefined && chosen.length === 0)
        throw new ServiceError(
          'InvalidClientVpnConnection.IdNotFound',
          `The connection ${input.ConnectionId} does not exist`,
        )
      if (chosen.length > 5)
        throw new ServiceError(
          'InvalidParameterValue',
          `${input.Username} has ${chosen.length} connections: terminate them by ConnectionId`,
        )
      for (const { ConnectionId } of chosen) {
        world.ec2.clientConnections.update(ConnectionId, { Status: 'terminating' })
        world.later('TerminateClientVpnConnections', { ConnectionId }, terminating, () => {
          world.ec2.clientConnections.update(ConnectionId, { Status: 'terminated', endedAt: world.clock.now() })
        })
      }
      return {
        ClientVpnEndpointId: input.ClientVpnEndpointId,
        Username: input.Username,
        ConnectionStatuses: chosen.map(({ ConnectionId }) => ({
          ConnectionId,
          PreviousStatus: { Code: 'active' },
          CurrentStatus: { Code: 'terminating' },
        })),
      }
    },
  ),
]

/** A terminal connects: for tests and the story. */
export function connectClient(
  world: World,
  connection: Pick<ClientVpnConnection, 'ClientVpnEndpointId' | 'Username' | 'CommonName' | 'ClientIp'>,
): string {
  find(world, 'clientVpnEndpoints', connection.ClientVpnEndpointId)
  const ConnectionId = world.id('cvpn-connection')
  world.ec2.clientConnections.put(ConnectionId, {
    ...connection,
    ConnectionId,
    establishedAt: world.clock.now(),
    Status: 'active',
  })
  return ConnectionId
}
