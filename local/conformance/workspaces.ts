import { DescribeNetworkInterfacesCommand, DescribeSecurityGroupsCommand } from '@aws-sdk/client-ec2'
import {
  CreateWorkspacesCommand,
  DescribeTagsCommand,
  DescribeWorkspaceDirectoriesCommand,
  DescribeWorkspacesCommand,
  RegisterWorkspaceDirectoryCommand,
  StopWorkspacesCommand,
  TerminateWorkspacesCommand,
  type Workspace,
} from '@aws-sdk/client-workspaces'
import { expect, refused, until, type Check, type Context } from './context.ts'

const reference = 'https://docs.aws.amazon.com/workspaces/latest/api/'
const hour = 3_600_000

/** The shared rate is 2 a second: the suite itself keeps to it. */
async function calmly<T>(context: Context, call: () => Promise<T>): Promise<T> {
  await context.pass(1_000)
  return call()
}

const request = ({ fixture }: Context, UserName: string) => ({
  DirectoryId: fixture.directoryId,
  UserName,
  BundleId: fixture.bundleId,
  WorkspaceProperties: { RunningMode: 'AUTO_STOP' as const },
  Tags: [{ Key: 'renkei:conformance', Value: 'yes' }],
})

async function describe(context: Context, id: string): Promise<Workspace | undefined> {
  const { Workspaces } = await calmly(context, () =>
    context.workspaces.send(new DescribeWorkspacesCommand({ WorkspaceIds: [id] })),
  )
  return Workspaces?.[0]
}

async function terminate(context: Context, id: string): Promise<void> {
  await calmly(context, () =>
    context.workspaces.send(new TerminateWorkspacesCommand({ TerminateWorkspaceRequests: [{ WorkspaceId: id }] })),
  )
  await until(context, `${id} is gone`, hour, async () =>
    (await describe(context, id)) === undefined ? true : undefined,
  )
}

export const workspacesChecks: readonly Check[] = [
  {
    service: 'workspaces',
    name:
      "a desktop's life: one of a batch succeeds and one fails; PENDING, AVAILABLE with an interface in the members " +
      'group; terminated, then not listed, interface gone',
    source: `${reference}API_CreateWorkspaces.html`,
    async run(context) {
      const { workspaces, data, ec2, fixture } = context
      const user = context.unique('c').slice(0, 20)
      await data.createUser({ DirectoryId: fixture.directoryId, SAMAccountName: user })
      context.cleanUp(() => data.deleteUser({ DirectoryId: fixture.directoryId, SAMAccountName: user }))
      const answer = await calmly(context, () =>
        workspaces.send(
          new CreateWorkspacesCommand({ Workspaces: [request(context, user), request(context, 'nobody-at-all')] }),
        ),
      )
      expect(
        answer.PendingRequests?.length === 1 && answer.FailedRequests?.length === 1,
        'not one pending and one failed',
      )
      const id = answer.PendingRequests[0]!.WorkspaceId!
      let gone = false
      context.cleanUp(async () => {
        if (!gone) await terminate(context, id)
      })
      const again = await calmly(context, () =>
        workspaces.send(new CreateWorkspacesCommand({ Workspaces: [request(context, user)] })),
      )
      expect(
        again.FailedRequests?.[0]?.ErrorCode === 'ResourceExists.WorkSpace',
        `a second desktop for one user: ${again.FailedRequests?.[0]?.ErrorCode ?? 'no failure'}`,
      )
      const pending = await until(context, 'the new id is described', 300_000, () => describe(context, id))
      expect(pending.State === 'PENDING' && !('Tags' in pending), `state ${pending.State}, or tags in the description`)
      const { TagList } = await calmly(context, () => workspaces.send(new DescribeTagsCommand({ ResourceId: id })))
      expect(TagList?.some((tag) => tag.Key === 'renkei:conformance') === true, 'DescribeTags does not answer the tags')
      const ready = await until(context, 'the desktop is AVAILABLE', hour, async () => {
        const desktop = await describe(context, id)
        return desktop?.State === 'AVAILABLE' ? desktop : undefined
      })
      const byAddress = () =>
        ec2.send(
          new DescribeNetworkInterfacesCommand({
            Filters: [
              { Name: 'private-ip-address', Values: [ready.IpAddress!] },
              { Name: 'subnet-id', Values: [ready.SubnetId!] },
            ],
          }),
        )
      const { NetworkInterfaces } = await byAddress()
      expect(
        NetworkInterfaces?.[0]?.Groups?.some(
          (group) => group.GroupName === `${fixture.directoryId}_workspacesMembers`,
        ) === true,
        'its interface is not in _workspacesMembers',
      )
      await terminate(context, id)
      gone = true
      await until(context, 'the interface is gone', hour, async () =>
        (await byAddress()).NetworkInterfaces?.length === 0 ? true : undefined,
      )
    },
  },
  {
    service: 'workspaces',
    name: 'an unknown id is not an error: it is not in the answer',
    source: `${reference}API_DescribeWorkspaces.html`,
    async run(context) {
      expect((await describe(context, 'ws-000000000')) === undefined, 'something was described')
    },
  },
  {
    service: 'workspaces',
    name: 'filters are not combined, and a user name needs its directory',
    source: `${reference}API_DescribeWorkspaces.html`,
    async run(context) {
      const { workspaces, fixture } = context
      await refused(
        calmly(context, () =>
          workspaces.send(
            new DescribeWorkspacesCommand({ WorkspaceIds: ['ws-000000000'], DirectoryId: fixture.directoryId }),
          ),
        ),
        'InvalidParameterValuesException',
      )
      await refused(
        calmly(context, () => workspaces.send(new DescribeWorkspacesCommand({ UserName: 'x' }))),
        'InvalidParameterValuesException',
      )
    },
  },
  {
    service: 'workspaces',
    name: 'what cannot be stopped or terminated fails as an item of a successful answer',
    source: `${reference}API_StopWorkspaces.html`,
    async run(context) {
      const stopped = await calmly(context, () =>
        context.workspaces.send(
          new StopWorkspacesCommand({ StopWorkspaceRequests: [{ WorkspaceId: 'ws-000000000' }] }),
        ),
      )
      const ended = await calmly(context, () =>
        context.workspaces.send(
          new TerminateWorkspacesCommand({ TerminateWorkspaceRequests: [{ WorkspaceId: 'ws-000000000' }] }),
        ),
      )
      expect(stopped.FailedRequests?.length === 1 && ended.FailedRequests?.length === 1, 'no failed item')
    },
  },
  {
    service: 'workspaces',
    name: 'a registered directory names its members group, and is not registered twice',
    source: `${reference}API_RegisterWorkspaceDirectory.html`,
    async run(context) {
      const { workspaces, ec2, fixture } = context
      const { Directories } = await calmly(context, () =>
        workspaces.send(new DescribeWorkspaceDirectoriesCommand({ DirectoryIds: [fixture.directoryId] })),
      )
      expect(Directories?.[0]?.State === 'REGISTERED', `state ${Directories?.[0]?.State}`)
      const { SecurityGroups } = await ec2.send(
        new DescribeSecurityGroupsCommand({ GroupIds: [Directories[0].WorkspaceSecurityGroupId!] }),
      )
      expect(
        SecurityGroups?.[0]?.GroupName === `${fixture.directoryId}_workspacesMembers`,
        `group ${SecurityGroups?.[0]?.GroupName}`,
      )
      await refused(
        calmly(context, () =>
          workspaces.send(
            new RegisterWorkspaceDirectoryCommand({
              DirectoryId: fixture.directoryId,
              SubnetIds: [...fixture.subnetIds],
            }),
          ),
        ),
        'ResourceAlreadyExistsException',
        'InvalidResourceStateException',
      )
    },
  },
]
