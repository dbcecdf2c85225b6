import { DescribeWorkspacesCommand, type Workspace } from '@aws-sdk/client-workspaces'
import type { Desired, DesiredPerson } from '#domain/project/provisioning/desired.ts'
import type { ObservedDesktop, ObservedUser } from '#domain/project/provisioning/observed.ts'
import { everyPage, isNamed, type Aws } from '../aws.ts'

/** Undefined where the directory has no such user. */
export async function observeUser(
  { directoryServiceData }: Aws,
  { platform }: Desired,
  { userName }: DesiredPerson,
): Promise<ObservedUser | undefined> {
  try {
    const { Enabled } = await directoryServiceData.describeUser({
      DirectoryId: platform.cell.directoryId,
      SAMAccountName: userName,
    })
    return { enabled: Enabled === true }
  } catch (error) {
    if (isNamed(error, 'ResourceNotFoundException')) return undefined
    throw error
  }
}

/** Every desktop under the person's user name, in any state but TERMINATED: more than one is a fault that must be seen. */
export async function observeDesktops(
  { workSpaces, tokens }: Pick<Aws, 'workSpaces' | 'tokens'>,
  { platform }: Desired,
  { userName }: DesiredPerson,
): Promise<readonly ObservedDesktop[]> {
  const found = await everyPage<Workspace>(async (NextToken) => {
    await tokens.take()
    const page = await workSpaces.send(
      new DescribeWorkspacesCommand({ DirectoryId: platform.cell.directoryId, UserName: userName, NextToken }),
    )
    return [page.Workspaces, page.NextToken]
  })
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

/** All desktops of the account and region: what a share of them is measured against (C-11). 25 a page, so only asked when it matters. */
export async function countDesktops({ workSpaces, tokens }: Aws): Promise<number> {
  const found = await everyPage<Workspace>(async (NextToken) => {
    await tokens.take()
    const page = await workSpaces.send(new DescribeWorkspacesCommand({ Limit: 25, NextToken }))
    return [page.Workspaces, page.NextToken]
  })
  return found.filter(({ State }) => State !== 'TERMINATED' && State !== 'TERMINATING').length
}
