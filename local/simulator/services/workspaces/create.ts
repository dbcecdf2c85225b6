import {
  CreateWorkspaces$,
  type CreateWorkspacesRequest,
  type CreateWorkspacesResult,
  type FailedCreateWorkspaceRequest,
  type WorkspaceProperties,
  type WorkspaceRequest,
} from '@aws-sdk/client-workspaces'
import { ServiceError } from '#local/simulator/errors.ts'
import { operation } from '#local/simulator/operation.ts'
import type { World } from '#local/simulator/world.ts'
import { userByName } from '../directory/lookup.ts'
import { createInterface } from '../ec2/interfaces.ts'
import { keyUsable } from '../kms/lookup.ts'
import { describeDesktop } from './desktops.ts'
import { invalid } from './lookup.ts'
import type { Desktop } from './state.ts'
import { setWorkspaceTags } from './tags.ts'
import { quotaValue } from '../quotas/lookup.ts'

/** Source: CreateWorkspaces, WorkSpaces API reference: array of 1 to 25 items. */
const atOnce = 25

interface Refusal {
  readonly code: string
  readonly message: string
}

/**
 * Why one item of a batch cannot be. AWS documents that items fail one by one inside a successful answer; of the codes
 * only `ResourceExists.WorkSpace` was seen in reports, the others follow its form.
 */
function refusal(world: World, request: WorkspaceRequest): Refusal | undefined {
  const directory = world.workspaces.directories.get(request.DirectoryId!)
  if (!directory || directory.State !== 'REGISTERED')
    return { code: 'ResourceNotFound.Directory', message: 'The specified directory could not be found in the region.' }
  const user = userByName(world, request.DirectoryId!, request.UserName!)
  if (!user)
    return { code: 'ResourceNotFound.User', message: 'The specified user could not be found in the directory.' }
  if (
    world.workspaces.desktops
      .all()
      .some((desktop) => desktop.DirectoryId === request.DirectoryId && desktop.userSid === user.sid)
  ) {
    return { code: 'ResourceExists.WorkSpace', message: 'A WorkSpace already exists for the specified user.' }
  }
  if (!world.workspaces.bundles.get(request.BundleId!))
    return { code: 'ResourceNotFound.Bundle', message: 'The specified bundle could not be found.' }
  const encrypted = request.RootVolumeEncryptionEnabled || request.UserVolumeEncryptionEnabled
  if (request.VolumeEncryptionKey && encrypted && !keyUsable(world, request.VolumeEncryptionKey)) {
    return {
      code: 'InvalidVolumeEncryptionKey',
      message: 'The volume encryption key is disabled, pending deletion or does not exist.',
    }
  }
  return undefined
}

/**
 * AUTO_STOP after 60 minutes unless told otherwise; timeouts come in steps of 60 minutes (WorkspaceProperties,
 * WorkSpaces API reference).
 */
function properties(world: World, request: WorkspaceRequest): WorkspaceProperties {
  const given = request.WorkspaceProperties ?? {}
  const RunningMode = given.RunningMode ?? 'AUTO_STOP'
  const timeout = given.RunningModeAutoStopTimeoutInMinutes
  if (timeout !== undefined && (RunningMode !== 'AUTO_STOP' || timeout % 60 !== 0 || timeout <= 0))
    throw invalid('RunningModeAutoStopTimeoutInMinutes needs AUTO_STOP and a multiple of 60.')
  const bundle = world.workspaces.bundles.get(request.BundleId!)
  return {
    RunningMode,
    ...(RunningMode === 'AUTO_STOP' ? { RunningModeAutoStopTimeoutInMinutes: timeout ?? 60 } : {}),
    RootVolumeSizeGib: given.RootVolumeSizeGib ?? 80,
    UserVolumeSizeGib: given.UserVolumeSizeGib ?? 50,
    ComputeTypeName: given.ComputeTypeName ?? (bundle?.compute as WorkspaceProperties['ComputeTypeName']),
    Protocols: given.Protocols ?? ['WSP'],
    ...(given.OperatingSystemName ? { OperatingSystemName: given.OperatingSystemName } : {}),
  }
}

/**
 * The desktop's way from PENDING: an interface and an address half-way, then AVAILABLE, or ERROR or UNHEALTHY by fault.
 */
function launch(world: World, desktop: Desktop): void {
  const { desktops, directories } = world.workspaces
  const id = desktop.WorkspaceId
  const alive = () => desktops.get(id)?.State === 'PENDING'
  const fails = world.faults.strikes('failedDesktop', 'CreateWorkspaces', desktop)
  const unhealthy = world.faults.strikes('unhealthy', 'CreateWorkspaces', desktop)
  world.later('CreateWorkspaces', desktop, world.latencies.createWorkspace / 2, () => {
    const directory = directories.get(desktop.DirectoryId)
    if (!alive() || !directory || fails) return
    const groups = [
      directory.WorkspaceSecurityGroupId,
      directory.WorkspaceCreationProperties?.CustomSecurityGroupId,
    ].filter((group) => group !== undefined)
    const inFirst = world.ec2.interfaces.all().filter((each) => each.SubnetId === directory.SubnetIds[0]).length
    const inSecond = world.ec2.interfaces.all().filter((each) => each.SubnetId === directory.SubnetIds[1]).length
    const subnet = directory.SubnetIds[inFirst <= inSecond ? 0 : 1]!
    const made = createInterface(world, {
      subnetId: subnet,
      groups,
      description: `Created By Amazon Workspaces for AWS Account ID ${world.account}`,
      madeBy: 'workspaces',
    })
    desktops.update(id, {
      interfaceId: made.NetworkInterfaceId,
      IpAddress: made.PrivateIpAddress,
      SubnetId: subnet,
      ComputerName: `WSAMZN-${world.random.text(8, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789')}`,
    })
    world.clock.after(world.latencies.createWorkspace / 2, () => {
      if (alive()) desktops.update(id, { State: unhealthy ? 'UNHEALTHY' : 'AVAILABLE' })
    })
  })
  if (fails) {
    world.clock.after(world.latencies.createWorkspace, () => {
      if (alive())
        desktops.update(id, {
          State: 'ERROR',
          ErrorCode: 'InternalError',
          ErrorMessage: 'The WorkSpace could not be created.',
        })
    })
  }
}

/**
 * Up to 25 at a time, each succeeding or failing alone, no client token; asynchronous: PENDING for about 20 minutes.
 * Source: CreateWorkspaces, https://docs.aws.amazon.com/workspaces/latest/api/API_CreateWorkspaces.html
 */
export const createOperations = [
  operation<CreateWorkspacesRequest, CreateWorkspacesResult>(
    CreateWorkspaces$,
    ['Workspaces'],
    ({ Workspaces }, world) => {
      if (Workspaces.length === 0 || Workspaces.length > atOnce)
        throw new ServiceError(
          'ValidationException',
          "1 validation error detected: Value at 'workspaces' failed to satisfy constraint: " +
            `Member must have length between 1 and ${atOnce}`,
        )
      for (const request of Workspaces) {
        const unmodelled =
          request.WorkspaceName ?? request.Ipv6Address ?? request.WorkspaceProperties?.GlobalAccelerator
        if (unmodelled !== undefined)
          throw invalid('WorkspaceName, Ipv6Address and GlobalAccelerator are not modelled.')
        if (
          (request.RootVolumeEncryptionEnabled || request.UserVolumeEncryptionEnabled) &&
          !request.VolumeEncryptionKey
        )
          throw invalid('VolumeEncryptionKey is required to encrypt a volume.')
      }
      if (world.workspaces.desktops.all().length + Workspaces.length > quotaValue(world, 'workspaces', 'L-34278094'))
        throw new ServiceError('ResourceLimitExceededException', 'Your resource limits have been exceeded.')
      const FailedRequests: FailedCreateWorkspaceRequest[] = []
      const pending: Desktop[] = []
      for (const request of Workspaces) {
        const struck = world.faults.strikes('itemFailure', 'CreateWorkspaces', request)
        const refused = struck
          ? {
              code: struck.error?.code ?? 'InternalFailure',
              message: struck.error?.message ?? 'An internal error occurred.',
            }
          : refusal(world, request)
        if (refused) {
          FailedRequests.push({ WorkspaceRequest: request, ErrorCode: refused.code, ErrorMessage: refused.message })
          continue
        }
        const id = `ws-${world.random.text(9, 'abcdefghijklmnopqrstuvwxyz0123456789')}`
        const desktop: Desktop = {
          WorkspaceId: id,
          DirectoryId: request.DirectoryId!,
          UserName: request.UserName!,
          userSid: userByName(world, request.DirectoryId!, request.UserName!)!.sid,
          BundleId: request.BundleId!,
          State: 'PENDING',
          properties: properties(world, request),
          VolumeEncryptionKey: request.VolumeEncryptionKey,
          UserVolumeEncryptionEnabled: request.UserVolumeEncryptionEnabled ?? false,
          RootVolumeEncryptionEnabled: request.RootVolumeEncryptionEnabled ?? false,
          connected: false,
        }
        world.workspaces.desktops.put(id, desktop)
        if (request.Tags?.length) setWorkspaceTags(world, id, request.Tags)
        launch(world, desktop)
        pending.push(desktop)
      }
      return { FailedRequests, PendingRequests: pending.map(describeDesktop) }
    },
  ),
]
