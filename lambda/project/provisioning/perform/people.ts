import { randomBytes } from 'node:crypto'
import { ResetUserPasswordCommand } from '@aws-sdk/client-directory-service'
import {
  CreateWorkspacesCommand,
  ModifyWorkspacePropertiesCommand,
  StopWorkspacesCommand,
  TerminateWorkspacesCommand,
} from '@aws-sdk/client-workspaces'
import type { ActionOf } from '#domain/project/provisioning/actions.ts'
import { tagList } from '#domain/project/provisioning/resource-names.ts'
import { AUTO_STOP_MINUTES } from '#domain/project/provisioning/render.ts'
import { tolerate } from '#lambda/kernel/errors.ts'
import type { Aws } from '../aws.ts'

/** The most desktops one CreateWorkspaces, StopWorkspaces or TerminateWorkspaces takes (WorkSpaces API reference). */
export const BATCH = 25

/** Why an item of a batch failed, by its place; absent where it did not. */
export type ItemFailures = ReadonlyMap<number, string>

/** The user carries no name and no address of the person; it is disabled until it gets a password. */
export async function createUser(
  { directoryServiceData }: Aws,
  { directoryId, userName }: ActionOf<'CreateUser'>,
): Promise<void> {
  await tolerate(['ConflictException'], () =>
    directoryServiceData.createUser({ DirectoryId: directoryId, SAMAccountName: userName }),
  )
}

/**
 * A password nobody is shown; the person replaces it. Upper and lower case, digits and a sign, as the directory
 * demands.
 */
export async function enableUser(
  { directoryService }: Aws,
  { directoryId, userName }: ActionOf<'EnableUser'>,
): Promise<void> {
  const NewPassword = `Aa1-${randomBytes(32).toString('base64url')}`
  await directoryService.send(
    new ResetUserPasswordCommand({ DirectoryId: directoryId, UserName: userName, NewPassword }),
  )
}

export async function disableUser(
  { directoryServiceData }: Pick<Aws, 'directoryServiceData'>,
  { directoryId, userName }: Pick<ActionOf<'DisableUser'>, 'directoryId' | 'userName'>,
): Promise<void> {
  await tolerate(['ResourceNotFoundException'], () =>
    directoryServiceData.disableUser({ DirectoryId: directoryId, SAMAccountName: userName }),
  )
}

export async function deleteUser(
  { directoryServiceData }: Aws,
  { directoryId, userName }: ActionOf<'DeleteUser'>,
): Promise<void> {
  await tolerate(['ResourceNotFoundException'], () =>
    directoryServiceData.deleteUser({ DirectoryId: directoryId, SAMAccountName: userName }),
  )
}

/**
 * An item whose user has a desktop already is done: an earlier answer was lost, and the next view shows the desktop.
 */
export async function createDesktops(
  { workSpaces, tokens }: Aws,
  desktops: readonly ActionOf<'CreateDesktop'>[],
): Promise<ItemFailures> {
  await tokens.take()
  const { FailedRequests } = await workSpaces.send(
    new CreateWorkspacesCommand({
      Workspaces: desktops.map((desktop) => ({
        DirectoryId: desktop.directoryId,
        UserName: desktop.userName,
        BundleId: desktop.bundleId,
        VolumeEncryptionKey: desktop.keyArn,
        RootVolumeEncryptionEnabled: true,
        UserVolumeEncryptionEnabled: true,
        WorkspaceProperties: {
          RunningMode: 'AUTO_STOP',
          RunningModeAutoStopTimeoutInMinutes: AUTO_STOP_MINUTES,
          RootVolumeSizeGib: desktop.rootVolumeGib,
          UserVolumeSizeGib: desktop.userVolumeGib,
        },
        Tags: tagList(desktop.tags),
      })),
    }),
  )
  const failed = (FailedRequests ?? []).filter(({ ErrorCode }) => ErrorCode !== 'ResourceExists.WorkSpace')
  return new Map(
    failed.map(({ WorkspaceRequest, ErrorCode }) => [
      desktops.findIndex(({ userName }) => userName === WorkspaceRequest?.UserName),
      ErrorCode ?? 'unknown',
    ]),
  )
}

export async function setAutoStop(
  { workSpaces, tokens }: Aws,
  { desktopId }: { readonly desktopId: string },
): Promise<void> {
  await tokens.take()
  await workSpaces.send(
    new ModifyWorkspacePropertiesCommand({
      WorkspaceId: desktopId,
      WorkspaceProperties: { RunningMode: 'AUTO_STOP', RunningModeAutoStopTimeoutInMinutes: AUTO_STOP_MINUTES },
    }),
  )
}

export async function stopDesktops(
  { workSpaces, tokens }: Pick<Aws, 'workSpaces' | 'tokens'>,
  ids: readonly string[],
): Promise<ItemFailures> {
  await tokens.take()
  const { FailedRequests } = await workSpaces.send(
    new StopWorkspacesCommand({ StopWorkspaceRequests: ids.map((WorkspaceId) => ({ WorkspaceId })) }),
  )
  // Already stopping or stopped, and the view had not caught up; if it runs after all, the next view says so.
  return failures(
    ids,
    FailedRequests?.filter(({ ErrorCode }) => ErrorCode?.includes('InvalidState') !== true),
  )
}

export async function terminateDesktops({ workSpaces, tokens }: Aws, ids: readonly string[]): Promise<ItemFailures> {
  await tokens.take()
  const { FailedRequests } = await workSpaces.send(
    new TerminateWorkspacesCommand({ TerminateWorkspaceRequests: ids.map((WorkspaceId) => ({ WorkspaceId })) }),
  )
  return failures(ids, FailedRequests)
}

function failures(
  ids: readonly string[],
  failed: readonly { readonly WorkspaceId?: string; readonly ErrorCode?: string }[] = [],
): ItemFailures {
  return new Map(
    failed
      .filter(({ ErrorCode }) => ErrorCode !== 'ResourceNotFound.WorkSpace')
      .map(({ WorkspaceId, ErrorCode }) => [ids.indexOf(WorkspaceId ?? ''), ErrorCode ?? 'unknown']),
  )
}
