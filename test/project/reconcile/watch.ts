import { desktopGroupName, GRANTED_PREFIX, userName } from '#domain/project/provisioning/resource-names.ts'
import type { NamedResource } from '#domain/project/events.ts'
import { platform, PROJECT, type Rig } from './rig.ts'

/**
 * Looks at the truth after every single call of the product and keeps what was broken: an invariant that holds only
 * when things are quiet is none. Gives the list, empty where all held.
 */
export function watch(rig: Rig): readonly string[] {
  const broken: string[] = []
  const { world, calls } = rig.simulator
  const push = calls.push.bind(calls)
  const expect = (holds: boolean, what: string) => {
    if (!holds && !broken.includes(what)) broken.push(what)
  }
  const named = (kind: NamedResource['kind'], personId?: string) =>
    rig.project.named.some((name) => name.kind === kind && (!('personId' in name) || name.personId === personId))
  const personOf = (user: string) => [...people].find((personId) => userName(PROJECT, personId) === user)
  const people = new Set<string>(rig.project.handlers.map(({ personId }) => personId))
  const approved = () => Object.values(rig.project.approvals).some((given) => given.length >= 2)

  calls.push = (...added) => {
    for (const { operation, input, outcome } of added) {
      if (outcome !== 'ok' && outcome !== 'lost') continue
      if (operation === 'CreateTags') {
        const tags = input['Tags'] as { Key: string }[]
        if (tags.some(({ Key }) => Key.startsWith(GRANTED_PREFIX))) {
          for (const id of input['Resources'] as string[]) {
            const groups = world.ec2.interfaces.get(id)?.Groups ?? []
            const own = world.ec2.groups
              .all()
              .find(({ GroupName }) => GroupName === desktopGroupName('demo', PROJECT))?.GroupId
            expect(
              own !== undefined &&
                groups.length === 2 &&
                groups.includes(own) &&
                groups.includes(platform.cell.membersGroupId),
              `a granted tag came before the group on ${id}`,
            )
          }
        }
      }
      if (operation === 'CreateMountTarget')
        expect(
          (world.efs.fileSystems.get(String(input['FileSystemId']))?.policy ?? '') !== '',
          'a mount target came before the policy',
        )
      if (operation === 'TerminateWorkspaces') {
        for (const { WorkspaceId } of input['TerminateWorkspaceRequests'] as { WorkspaceId: string }[]) {
          const desktop = world.workspaces.desktops.get(WorkspaceId)
          expect(
            desktop === undefined || named('desktop', personOf(desktop.UserName)),
            `desktop ${WorkspaceId} was terminated unnamed`,
          )
        }
      }
      if (operation === 'DeleteUser') {
        const user = String(input['SAMAccountName'])
        expect(named('user', personOf(user)), `user ${user} was deleted unnamed`)
        expect(
          !world.workspaces.desktops.all().some(({ UserName }) => UserName === user),
          `user ${user} was deleted before the desktop`,
        )
      }
      if (operation === 'DeleteFileSystem' || operation === 'DeleteMountTarget' || operation === 'DeleteAccessPoint')
        expect(named('file-system') && approved(), `${operation} without name and approvals`)
      if (operation === 'DeleteSecurityGroup')
        expect(named('security-group') && approved(), 'a group was deleted without name and approvals')
      if (operation === 'ScheduleKeyDeletion')
        expect(named('key') && approved(), 'a key was scheduled for deletion without name and approvals')
      if (operation === 'DisableKey') expect(named('key'), 'a key was disabled unnamed')
    }
    const users = world.workspaces.desktops.all().map(({ UserName }) => UserName)
    expect(new Set(users).size === users.length, 'two desktops under one user name')
    return push(...added)
  }
  return broken
}
