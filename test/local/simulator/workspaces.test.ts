import { expect, test } from '@jest/globals'
import { DescribeNetworkInterfacesCommand, DescribeSecurityGroupsCommand } from '@aws-sdk/client-ec2'
import {
  CreateWorkspacesCommand,
  DeregisterWorkspaceDirectoryCommand,
  DescribeTagsCommand,
  DescribeWorkspaceDirectoriesCommand,
  DescribeWorkspacesCommand,
  RegisterWorkspaceDirectoryCommand,
  StopWorkspacesCommand,
  TerminateWorkspacesCommand,
} from '@aws-sdk/client-workspaces'
import { cell, createDesktop, createUser, desktopRequest, directoryId, minute, simulated, subnets } from './support.ts'
import { expectThat } from '#test/support/expect.ts'

const second = 1_000

test('registering a directory makes _workspacesMembers, with all egress open', async () => {
  const { simulator, workspaces, ec2 } = simulated({}, { ...cell, directory: {} })
  await workspaces.send(new RegisterWorkspaceDirectoryCommand({ DirectoryId: directoryId, SubnetIds: [...subnets] }))
  simulator.advance(10 * minute)
  const { Directories } = await workspaces.send(
    new DescribeWorkspaceDirectoriesCommand({ DirectoryIds: [directoryId] }),
  )
  expect(Directories?.[0]?.State).toBe('REGISTERED')
  expectThat(
    Directories![0]!.WorkspaceCreationProperties?.UserEnabledAsLocalAdministrator,
    'users are local administrators unless that is changed',
  ).toBe(true)
  const { SecurityGroups } = await ec2.send(
    new DescribeSecurityGroupsCommand({ GroupIds: [Directories![0]!.WorkspaceSecurityGroupId!] }),
  )
  expect(SecurityGroups?.[0]?.GroupName).toBe(`${directoryId}_workspacesMembers`)
  expect(SecurityGroups![0]!.IpPermissionsEgress?.map((each) => [each.IpProtocol, each.IpRanges?.[0]?.CidrIp])).toEqual(
    [['-1', '0.0.0.0/0']],
  )
})

test('registration is refused without the role workspaces_DefaultRole', async () => {
  const { workspaces } = simulated({}, { ...cell, directory: {}, workspacesDefaultRole: false })
  await expect(
    workspaces.send(new RegisterWorkspaceDirectoryCommand({ DirectoryId: directoryId, SubnetIds: [...subnets] })),
  ).rejects.toThrow(expect.objectContaining({ name: 'WorkspacesDefaultRoleNotFoundException' }))
})

test('registration is refused in one subnet, and in a zone that WorkSpaces does not have', async () => {
  const { workspaces } = simulated(
    {},
    {
      ...cell,
      directory: {},
      subnets: [...cell.subnets!, { id: 'subnet-00000000000000003', cidr: '172.24.2.0/24', azId: 'apne1-az2' }],
    },
  )
  await expect(
    workspaces.send(new RegisterWorkspaceDirectoryCommand({ DirectoryId: directoryId, SubnetIds: [subnets[0]] })),
  ).rejects.toThrow(expect.objectContaining({ name: 'InvalidParameterValuesException' }))
  await expect(
    workspaces.send(
      new RegisterWorkspaceDirectoryCommand({
        DirectoryId: directoryId,
        SubnetIds: [subnets[0], 'subnet-00000000000000003'],
      }),
    ),
  ).rejects.toThrow(expect.objectContaining({ name: 'UnsupportedNetworkConfigurationException' }))
})

test('a new desktop is not described, then PENDING for 20 minutes, then AVAILABLE with an interface', async () => {
  const on = simulated()
  const id = await createDesktop(on, 'p1-suzuki')
  const describe = async () =>
    (await on.workspaces.send(new DescribeWorkspacesCommand({ WorkspaceIds: [id] }))).Workspaces ?? []
  expect(await describe()).toEqual([])
  on.simulator.advance(5 * second)
  expect((await describe())[0]?.State).toBe('PENDING')
  on.simulator.advance(19 * minute)
  expect((await describe())[0]?.State).toBe('PENDING')
  on.simulator.advance(minute)
  const [desktop] = await describe()
  expect(desktop?.State).toBe('AVAILABLE')
  const { NetworkInterfaces } = await on.ec2.send(
    new DescribeNetworkInterfacesCommand({
      Filters: [
        { Name: 'private-ip-address', Values: [desktop!.IpAddress!] },
        { Name: 'subnet-id', Values: [desktop!.SubnetId!] },
      ],
    }),
  )
  expect(NetworkInterfaces?.[0]?.Groups?.map((group) => group.GroupName)).toEqual([`${directoryId}_workspacesMembers`])
})

test('a desktop carries no tags in Describe, DescribeTags answers for one resource', async () => {
  const on = simulated()
  await createUser(on, 'p1-sato')
  const { PendingRequests } = await on.workspaces.send(
    new CreateWorkspacesCommand({
      Workspaces: [{ ...desktopRequest('p1-sato'), Tags: [{ Key: 'renkei:project', Value: 'p1' }] }],
    }),
  )
  on.simulator.advance(minute)
  const { Workspaces } = await on.workspaces.send(
    new DescribeWorkspacesCommand({ DirectoryId: directoryId, UserName: 'P1-SATO' }),
  )
  expect('Tags' in Workspaces![0]!).toBe(false)
  const { TagList } = await on.workspaces.send(
    new DescribeTagsCommand({ ResourceId: PendingRequests![0]!.WorkspaceId! }),
  )
  expect(TagList).toEqual([{ Key: 'renkei:project', Value: 'p1' }])
})

test('items of one CreateWorkspaces fail alone: a second desktop, an unknown user, an unknown bundle', async () => {
  const on = simulated()
  await createDesktop(on, 'p1-ito')
  await createUser(on, 'p1-abe')
  const { FailedRequests, PendingRequests } = await on.workspaces.send(
    new CreateWorkspacesCommand({
      Workspaces: [
        desktopRequest('p1-ito'),
        desktopRequest('nobody'),
        { ...desktopRequest('p1-abe'), BundleId: 'wsb-000000000' },
        desktopRequest('p1-abe'),
      ],
    }),
  )
  expect(FailedRequests?.map((each) => each.ErrorCode)).toEqual([
    'ResourceExists.WorkSpace',
    'ResourceNotFound.User',
    'ResourceNotFound.Bundle',
  ])
  expect(PendingRequests?.length).toBe(1)
})

test('26 desktops in one call, and more than the quota, are refused as a whole', async () => {
  const on = simulated({}, { ...cell, quotas: { 'workspaces/L-34278094': 1 } })
  await expect(
    on.workspaces.send(
      new CreateWorkspacesCommand({ Workspaces: Array.from({ length: 26 }, () => desktopRequest('x')) }),
    ),
  ).rejects.toThrow(expect.objectContaining({ name: 'ValidationException' }))
  await expect(
    on.workspaces.send(new CreateWorkspacesCommand({ Workspaces: [desktopRequest('x'), desktopRequest('y')] })),
  ).rejects.toThrow(expect.objectContaining({ name: 'ResourceLimitExceededException' }))
})

test('the trap: a user deleted before the desktop and created again gets a second desktop of that name', async () => {
  const on = simulated()
  await createDesktop(on, 'p1-mori')
  await on.data.deleteUser({ DirectoryId: directoryId, SAMAccountName: 'p1-mori' })
  await createDesktop(on, 'p1-mori')
  on.simulator.advance(minute)
  const { Workspaces } = await on.workspaces.send(
    new DescribeWorkspacesCommand({ DirectoryId: directoryId, UserName: 'p1-mori' }),
  )
  expect(Workspaces?.length).toBe(2)
})

test('a terminated desktop is TERMINATING first, then its id and its interface are gone', async () => {
  const on = simulated()
  const id = await createDesktop(on, 'p1-kato')
  on.simulator.advance(21 * minute)
  await on.workspaces.send(new TerminateWorkspacesCommand({ TerminateWorkspaceRequests: [{ WorkspaceId: id }] }))
  on.simulator.advance(10 * second)
  const describe = async () =>
    (await on.workspaces.send(new DescribeWorkspacesCommand({ WorkspaceIds: [id] }))).Workspaces ?? []
  const [terminating] = await describe()
  expect(terminating?.State).toBe('TERMINATING')
  on.simulator.advance(10 * minute)
  expect(await describe()).toEqual([])
  const { NetworkInterfaces } = await on.ec2.send(
    new DescribeNetworkInterfacesCommand({
      Filters: [{ Name: 'private-ip-address', Values: [terminating!.IpAddress!] }],
    }),
  )
  expect(NetworkInterfaces).toEqual([])
})

test('stop is refused for a desktop that is ALWAYS_ON', async () => {
  const on = simulated()
  await createUser(on, 'p1-ono')
  const { PendingRequests } = await on.workspaces.send(
    new CreateWorkspacesCommand({
      Workspaces: [{ ...desktopRequest('p1-ono'), WorkspaceProperties: { RunningMode: 'ALWAYS_ON' } }],
    }),
  )
  on.simulator.advance(21 * minute)
  const { FailedRequests } = await on.workspaces.send(
    new StopWorkspacesCommand({ StopWorkspaceRequests: [{ WorkspaceId: PendingRequests![0]!.WorkspaceId! }] }),
  )
  expect(FailedRequests?.[0]?.ErrorCode).toBe('OperationNotSupported.RunningMode')
})

test('all WorkSpaces calls share 2 a second with a burst of 5', async () => {
  const { simulator, workspaces } = simulated({ latencies: { call: 0 } })
  const describe = () => workspaces.send(new DescribeWorkspacesCommand({}))
  const directories = () => workspaces.send(new DescribeWorkspaceDirectoriesCommand({}))
  for (const call of [describe, directories, describe, directories, describe]) await call()
  await expect(directories()).rejects.toThrow(expect.objectContaining({ name: 'ThrottlingException' }))
  simulator.advance(1_000)
  await describe()
  await directories()
  await expect(describe()).rejects.toThrow(expect.objectContaining({ name: 'ThrottlingException' }))
})

test('a directory with desktops cannot be deregistered', async () => {
  const on = simulated()
  await createDesktop(on, 'p1-ueda')
  await expect(
    on.workspaces.send(new DeregisterWorkspaceDirectoryCommand({ DirectoryId: directoryId })),
  ).rejects.toThrow(
    expect.objectContaining({
      name: 'InvalidResourceStateException',
    }),
  )
})
