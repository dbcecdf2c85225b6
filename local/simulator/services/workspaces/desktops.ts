import {
  DescribeWorkspaces$,
  DescribeWorkspacesConnectionStatus$,
  ModifyWorkspaceProperties$,
  StartWorkspaces$,
  StopWorkspaces$,
  TerminateWorkspaces$,
  type DescribeWorkspacesConnectionStatusRequest,
  type DescribeWorkspacesConnectionStatusResult,
  type DescribeWorkspacesRequest,
  type DescribeWorkspacesResult,
  type FailedWorkspaceChangeRequest,
  type ModifyWorkspacePropertiesRequest,
  type StartWorkspacesRequest,
  type StartWorkspacesResult,
  type StopWorkspacesRequest,
  type StopWorkspacesResult,
  type TerminateWorkspacesRequest,
  type TerminateWorkspacesResult,
  type Workspace,
} from '@aws-sdk/client-workspaces'
import { ServiceError } from '#local/simulator/errors.ts'
import { operation } from '#local/simulator/operation.ts'
import type { World } from '#local/simulator/world.ts'
import { paged } from '#local/simulator/paging.ts'
import { deleteInterface } from '../ec2/interfaces.ts'
import { invalid, resourceNotFound } from './lookup.ts'
import type { Desktop } from './state.ts'

/** A desktop as Describe shows it: without tags, and without what AWS keeps to itself. */
export function describeDesktop(desktop: Desktop): Workspace {
  const {
    userSid: _sid,
    interfaceId: _interface,
    connected: _connected,
    lastConnection: _last,
    properties,
    ...shown
  } = desktop
  return { ...shown, WorkspaceProperties: properties, ModificationStates: [] }
}

/** Runs `change` for each id; what it throws fails that item alone. */
function each(
  world: World,
  name: string,
  requests: readonly { readonly WorkspaceId?: string }[],
  limit: number,
  change: (desktop: Desktop) => void,
): { FailedRequests: FailedWorkspaceChangeRequest[] } {
  if (requests.length === 0 || requests.length > limit)
    throw new ServiceError(
      'ValidationException',
      `1 validation error detected: the list must have length between 1 and ${limit}`,
    )
  const FailedRequests: FailedWorkspaceChangeRequest[] = []
  for (const { WorkspaceId } of requests) {
    try {
      const struck = world.faults.strikes('itemFailure', name, { WorkspaceId })
      if (struck)
        throw new ServiceError(
          struck.error?.code ?? 'InternalFailure',
          struck.error?.message ?? 'An internal error occurred.',
        )
      const desktop = world.workspaces.desktops.get(WorkspaceId ?? '')
      if (!desktop) throw new ServiceError('ResourceNotFound.WorkSpace', 'The specified WorkSpace could not be found.')
      change(desktop)
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error
      FailedRequests.push({ WorkspaceId, ErrorCode: error.code, ErrorMessage: error.message })
    }
  }
  return { FailedRequests }
}

function requireState(desktop: Desktop, states: readonly string[], doing: string): void {
  if (!states.includes(desktop.State))
    throw new ServiceError(
      'OperationNotSupported.InvalidState',
      `A WorkSpace in state ${desktop.State} cannot be ${doing}.`,
    )
}

function requireStoppable(desktop: Desktop, doing: string): void {
  const mode = desktop.properties.RunningMode
  if (mode !== 'AUTO_STOP' && mode !== 'MANUAL')
    throw new ServiceError(
      'OperationNotSupported.RunningMode',
      `A WorkSpace with running mode ${mode} cannot be ${doing}.`,
    )
}

export const desktopOperations = [
  /**
   * By ids, or by directory (and user name in it), or by bundle, never together. An id that is unknown, or not known
   * yet, is not an error: it is not in the answer.
   * Source: DescribeWorkspaces and CreateWorkspaces (PendingRequests: "the identifier returned is not immediately
   * available for use with other operations").
   */
  operation<DescribeWorkspacesRequest, DescribeWorkspacesResult>(
    DescribeWorkspaces$,
    ['WorkspaceIds', 'DirectoryId', 'UserName', 'BundleId', 'Limit', 'NextToken'],
    (input, world) => {
      const kinds = [input.WorkspaceIds, input.DirectoryId, input.BundleId].filter((given) => given !== undefined)
      if (kinds.length > 1) throw invalid('WorkspaceIds, DirectoryId and BundleId cannot be combined.')
      if (input.UserName !== undefined && input.DirectoryId === undefined) throw invalid('UserName needs DirectoryId.')
      if (input.WorkspaceIds && (input.WorkspaceIds.length < 1 || input.WorkspaceIds.length > 25))
        throw new ServiceError('ValidationException', 'WorkspaceIds must have 1 to 25 members.')
      if (input.Limit !== undefined && (input.Limit < 1 || input.Limit > 25))
        throw new ServiceError('ValidationException', 'Limit must be 1 to 25.')
      const found = world.workspaces.desktops
        .allSeen()
        .filter(
          (desktop) =>
            (!input.WorkspaceIds || input.WorkspaceIds.includes(desktop.WorkspaceId)) &&
            (!input.DirectoryId || desktop.DirectoryId === input.DirectoryId) &&
            (!input.BundleId || desktop.BundleId === input.BundleId) &&
            (!input.UserName || desktop.UserName.toLowerCase() === input.UserName.toLowerCase()),
        )
      const page = paged(found, input.NextToken, input.Limit, 25, 'InvalidParameterValuesException')
      return { Workspaces: page.items.map(describeDesktop), NextToken: page.NextToken }
    },
  ),

  /**
   * Asynchronous, in any state but SUSPENDED; volumes, interface and address go with the desktop, then its id is no
   * longer listed ("the TERMINATED state is returned only briefly … so this state is rarely returned").
   * Source: TerminateWorkspaces, https://docs.aws.amazon.com/workspaces/latest/api/API_TerminateWorkspaces.html
   */
  operation<TerminateWorkspacesRequest, TerminateWorkspacesResult>(
    TerminateWorkspaces$,
    ['TerminateWorkspaceRequests'],
    (input, world) =>
      each(world, 'TerminateWorkspaces', input.TerminateWorkspaceRequests, 25, (desktop) => {
        if (desktop.State === 'SUSPENDED') requireState(desktop, [], 'terminated')
        if (desktop.State === 'TERMINATING') return
        const id = desktop.WorkspaceId
        world.workspaces.desktops.update(id, { State: 'TERMINATING', connected: false })
        world.later('TerminateWorkspaces', desktop, world.latencies.terminateWorkspace, () => {
          const { interfaceId } = world.workspaces.desktops.get(id)!
          if (interfaceId) deleteInterface(world, interfaceId)
          world.workspaces.desktops.remove(id)
          world.workspaces.tags.remove(id)
        })
      }),
  ),

  /**
   * "You cannot stop a WorkSpace unless it has a running mode of AutoStop or Manual and a state of AVAILABLE, IMPAIRED,
   * UNHEALTHY, or ERROR" (StopWorkspaces).
   */
  operation<StopWorkspacesRequest, StopWorkspacesResult>(StopWorkspaces$, ['StopWorkspaceRequests'], (input, world) =>
    each(world, 'StopWorkspaces', input.StopWorkspaceRequests, 25, (desktop) => {
      requireStoppable(desktop, 'stopped')
      requireState(desktop, ['AVAILABLE', 'IMPAIRED', 'UNHEALTHY', 'ERROR'], 'stopped')
      transit(world, 'StopWorkspaces', desktop, 'STOPPING', 'STOPPED')
    }),
  ),

  /**
   * "You cannot start a WorkSpace unless it has a running mode of AutoStop or Manual and a state of STOPPED"
   * (StartWorkspaces).
   */
  operation<StartWorkspacesRequest, StartWorkspacesResult>(
    StartWorkspaces$,
    ['StartWorkspaceRequests'],
    (input, world) =>
      each(world, 'StartWorkspaces', input.StartWorkspaceRequests, 25, (desktop) => {
        requireStoppable(desktop, 'started')
        requireState(desktop, ['STOPPED'], 'started')
        transit(world, 'StartWorkspaces', desktop, 'STARTING', 'AVAILABLE')
      }),
  ),

  operation<ModifyWorkspacePropertiesRequest, object>(
    ModifyWorkspaceProperties$,
    ['WorkspaceId', 'WorkspaceProperties'],
    (input, world) => {
      const desktop = world.workspaces.desktops.get(input.WorkspaceId)
      if (!desktop) throw resourceNotFound(input.WorkspaceId)
      const { RunningMode, RunningModeAutoStopTimeoutInMinutes, ...rest } = input.WorkspaceProperties ?? {}
      if (Object.values(rest).some((value) => value !== undefined))
        throw invalid('Only the running mode is modelled as a change.')
      if (desktop.State !== 'AVAILABLE' && desktop.State !== 'STOPPED')
        throw new ServiceError('InvalidResourceStateException', `The WorkSpace is in state ${desktop.State}.`)
      const mode = RunningMode ?? desktop.properties.RunningMode
      world.workspaces.desktops.update(desktop.WorkspaceId, {
        properties: {
          ...desktop.properties,
          RunningMode: mode,
          RunningModeAutoStopTimeoutInMinutes:
            mode === 'AUTO_STOP' ? (RunningModeAutoStopTimeoutInMinutes ?? 60) : undefined,
        },
      })
      return {}
    },
  ),

  operation<DescribeWorkspacesConnectionStatusRequest, DescribeWorkspacesConnectionStatusResult>(
    DescribeWorkspacesConnectionStatus$,
    ['WorkspaceIds', 'NextToken'],
    (input, world) => {
      const found = world.workspaces.desktops
        .allSeen()
        .filter((desktop) => !input.WorkspaceIds || input.WorkspaceIds.includes(desktop.WorkspaceId))
      const page = paged(found, input.NextToken, undefined, 25, 'InvalidParameterValuesException')
      return {
        WorkspacesConnectionStatus: page.items.map((desktop) => ({
          WorkspaceId: desktop.WorkspaceId,
          ConnectionState: desktop.State !== 'AVAILABLE' ? 'UNKNOWN' : desktop.connected ? 'CONNECTED' : 'DISCONNECTED',
          ConnectionStateCheckTimestamp: world.date(),
          ...(desktop.lastConnection === undefined
            ? {}
            : { LastKnownUserConnectionTimestamp: new Date(desktop.lastConnection) }),
        })),
        NextToken: page.NextToken,
      }
    },
  ),
]

function transit(world: World, name: string, desktop: Desktop, through: Desktop['State'], to: Desktop['State']): void {
  const { desktops } = world.workspaces
  desktops.update(desktop.WorkspaceId, { State: through, connected: false })
  world.later(name, desktop, world.latencies.startStopWorkspace, () => {
    if (desktops.get(desktop.WorkspaceId)?.State === through) desktops.update(desktop.WorkspaceId, { State: to })
  })
}
