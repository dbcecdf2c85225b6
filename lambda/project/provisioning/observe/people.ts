import { paginateDescribeWorkspaces } from '@aws-sdk/client-workspaces'
import type { Desired, DesiredPerson } from '#domain/project/provisioning/desired.ts'
import type { ObservedDesktop, ObservedUser } from '#domain/project/provisioning/observed.ts'
import { tolerate } from '#lambda/kernel/errors.ts'
import { everyItem, paced, type Aws } from '../aws.ts'

/** Undefined where the directory has no such user. */
export async function observeUser(
  { directoryServiceData }: Aws,
  { platform }: Desired,
  { userName }: DesiredPerson,
): Promise<ObservedUser | undefined> {
  const { directoryId: DirectoryId } = platform.cell
  const user = await tolerate(['ResourceNotFoundException'], () =>
    directoryServiceData.describeUser({ DirectoryId, SAMAccountName: userName }),
  )
  return user && { enabled: user.Enabled === true }
}

/**
 * Every desktop under the person's user name, in any state but TERMINATED: more than one is a fault that must be seen.
 */
export async function observeDesktops(
  { workSpaces, tokens }: Pick<Aws, 'workSpaces' | 'tokens'>,
  { platform }: Desired,
  { userName }: DesiredPerson,
): Promise<readonly ObservedDesktop[]> {
  const { directoryId: DirectoryId } = platform.cell
  const found = await everyItem(
    paced(tokens, paginateDescribeWorkspaces({ client: workSpaces }, { DirectoryId, UserName: userName })),
    ({ Workspaces }) => Workspaces,
  )
  return found
    .filter(({ State }) => State !== 'TERMINATED')
    .map((desktop) => ({
      id: desktop.WorkspaceId ?? '',
      state: desktop.State ?? 'UNKNOWN',
      address: desktop.IpAddress,
      autoStop: desktop.WorkspaceProperties?.RunningMode === 'AUTO_STOP',
      volumeKey:
        desktop.RootVolumeEncryptionEnabled === true && desktop.UserVolumeEncryptionEnabled === true
          ? desktop.VolumeEncryptionKey
          : undefined,
    }))
}

/**
 * All desktops of the account and region: what a share of them is measured against (C-11). 25 a page, so only asked
 * when it matters.
 */
export async function countDesktops({ workSpaces, tokens }: Aws): Promise<number> {
  const found = await everyItem(
    paced(tokens, paginateDescribeWorkspaces({ client: workSpaces, pageSize: 25 }, {})),
    ({ Workspaces }) => Workspaces,
  )
  return found.filter(({ State }) => State !== 'TERMINATED' && State !== 'TERMINATING').length
}
