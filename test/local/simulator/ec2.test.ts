import { expect, test } from '@jest/globals'
import {
  AuthorizeSecurityGroupEgressCommand,
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  DeleteSecurityGroupCommand,
  DescribeClientVpnConnectionsCommand,
  DescribeInstancesCommand,
  DescribeManagedPrefixListsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  DescribeTagsCommand,
  DescribeTransitGatewayAttachmentsCommand,
  DescribeVpnConnectionsCommand,
  ModifyNetworkInterfaceAttributeCommand,
  RevokeSecurityGroupEgressCommand,
  TerminateClientVpnConnectionsCommand,
} from '@aws-sdk/client-ec2'
import { cell, createDesktop, minute, simulated, type Simulated } from './support.ts'
import { expectThat } from '#test/support/expect.ts'

const VpcId = cell.vpcId!

async function group({ ec2 }: Pick<Simulated, 'ec2'>, name: string): Promise<string> {
  const { GroupId } = await ec2.send(
    new CreateSecurityGroupCommand({
      GroupName: name,
      Description: 'a project',
      VpcId,
      TagSpecifications: [{ ResourceType: 'security-group', Tags: [{ Key: 'renkei:project', Value: name }] }],
    }),
  )
  return GroupId!
}

/** An AVAILABLE desktop and its interface. */
async function desktopInterface(on: Simulated, user = 'p1-suzuki'): Promise<string> {
  await createDesktop(on, user)
  on.simulator.advance(21 * minute)
  return on.simulator.snapshot().desktops.find((desktop) => desktop.user === user)!.interface!
}

test('a new security group allows all egress until that is revoked', async () => {
  const on = simulated()
  const id = await group(on, 'p1')
  const describe = async () =>
    (
      await on.ec2.send(
        new DescribeSecurityGroupsCommand({
          Filters: [
            { Name: 'tag:renkei:project', Values: ['p1'] },
            { Name: 'vpc-id', Values: [VpcId] },
          ],
        }),
      )
    ).SecurityGroups?.[0]
  expect((await describe())?.IpPermissionsEgress).toEqual([
    { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }], Ipv6Ranges: [], PrefixListIds: [], UserIdGroupPairs: [] },
  ])
  await on.ec2.send(
    new RevokeSecurityGroupEgressCommand({
      GroupId: id,
      IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    }),
  )
  await on.ec2.send(
    new AuthorizeSecurityGroupEgressCommand({
      GroupId: id,
      IpPermissions: [
        { IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, PrefixListIds: [{ PrefixListId: 'pl-00000000000000001' }] },
      ],
    }),
  )
  expect(
    (await describe())?.IpPermissionsEgress?.map((each) => [each.FromPort, each.PrefixListIds?.[0]?.PrefixListId]),
  ).toEqual([[5432, 'pl-00000000000000001']])
})

test('a group name is unique in its VPC, a rule in its group, and only what exists can be revoked', async () => {
  const on = simulated()
  const GroupId = await group(on, 'p1')
  await expect(group(on, 'p1')).rejects.toThrow(expect.objectContaining({ name: 'InvalidGroup.Duplicate' }))
  const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '172.24.0.0/16' }] }]
  await expect(on.ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions }))).rejects.toThrow(
    expect.objectContaining({
      name: 'InvalidPermission.NotFound',
    }),
  )
  await on.ec2.send(new AuthorizeSecurityGroupEgressCommand({ GroupId, IpPermissions }))
  await expect(on.ec2.send(new AuthorizeSecurityGroupEgressCommand({ GroupId, IpPermissions }))).rejects.toThrow(
    expect.objectContaining({
      name: 'InvalidPermission.Duplicate',
    }),
  )
})

test('a prefix list counts its maximum entries towards the 60 rules of a group', async () => {
  const on = simulated(
    {},
    { ...cell, prefixLists: [{ id: 'pl-00000000000000001', name: 'wide', maxEntries: 60, cidrs: ['172.20.0.0/28'] }] },
  )
  const GroupId = await group(on, 'p1')
  const IpPermissions = [
    { IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, PrefixListIds: [{ PrefixListId: 'pl-00000000000000001' }] },
  ]
  await expect(on.ec2.send(new AuthorizeSecurityGroupEgressCommand({ GroupId, IpPermissions }))).rejects.toThrow(
    expect.objectContaining({
      name: 'RulesPerSecurityGroupLimitExceeded',
    }),
  )
})

test('a group in use cannot be deleted', async () => {
  const on = simulated()
  const eni = await desktopInterface(on)
  const [members] = on.simulator.snapshot().interfaces.find((each) => each.id === eni)!.groups
  const GroupId = await group(on, 'p1')
  await on.ec2.send(
    new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId: eni, Groups: [members!, GroupId] }),
  )
  await expect(on.ec2.send(new DeleteSecurityGroupCommand({ GroupId }))).rejects.toThrow(
    expect.objectContaining({ name: 'DependencyViolation' }),
  )
  await on.ec2.send(new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId: eni, Groups: [members!] }))
  await on.ec2.send(new DeleteSecurityGroupCommand({ GroupId }))
  await expect(on.ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [GroupId] }))).rejects.toThrow(
    expect.objectContaining({
      name: 'InvalidGroup.NotFound',
    }),
  )
})

test('an interface takes at most five groups, and the list given replaces the one before', async () => {
  const on = simulated()
  const eni = await desktopInterface(on)
  const groups = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => group(on, name)))
  await expect(
    on.ec2.send(new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId: eni, Groups: groups })),
  ).rejects.toThrow(expect.objectContaining({ name: 'SecurityGroupsPerInterfaceLimitExceeded' }))
  await on.ec2.send(new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId: eni, Groups: groups.slice(0, 5) }))
  const { NetworkInterfaces } = await on.ec2.send(new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [eni] }))
  expectThat(
    NetworkInterfaces?.[0]?.Groups?.map((each) => each.GroupId),
    'the group of the directory is gone: it was not in the list',
  ).toEqual(groups.slice(0, 5))
})

test('tags are written to all resources or to none', async () => {
  const on = simulated()
  const eni = await desktopInterface(on)
  const Tags = [{ Key: 'renkei:granted:NDB', Value: 'true' }]
  await expect(on.ec2.send(new CreateTagsCommand({ Resources: [eni, 'eni-00000000000000000'], Tags }))).rejects.toThrow(
    expect.objectContaining({
      name: 'InvalidID',
    }),
  )
  expect(
    (await on.ec2.send(new DescribeTagsCommand({ Filters: [{ Name: 'resource-id', Values: [eni] }] }))).Tags,
  ).toEqual([])
  await on.ec2.send(new CreateTagsCommand({ Resources: [eni], Tags }))
  const { NetworkInterfaces } = await on.ec2.send(
    new DescribeNetworkInterfacesCommand({ Filters: [{ Name: 'tag:renkei:granted:NDB', Values: ['true'] }] }),
  )
  expect(NetworkInterfaces?.length).toBe(1)
})

test('describes can lag: a new group is not found at first, a deleted one is still listed', async () => {
  const on = simulated({ lags: { ec2: 5_000 }, latencies: { call: 0 } })
  on.simulator.advance(6_000)
  const GroupId = await group(on, 'p1')
  const describe = () => on.ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [GroupId] }))
  await expect(describe()).rejects.toThrow(expect.objectContaining({ name: 'InvalidGroup.NotFound' }))
  on.simulator.advance(5_000)
  await describe()
  await on.ec2.send(new DeleteSecurityGroupCommand({ GroupId }))
  expect((await describe()).SecurityGroups?.length).toBe(1)
  on.simulator.advance(5_000)
  await expect(describe()).rejects.toThrow(expect.objectContaining({ name: 'InvalidGroup.NotFound' }))
})

test('long lists come in pages', async () => {
  const on = simulated()
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) await group(on, name)
  const first = await on.ec2.send(new DescribeSecurityGroupsCommand({ MaxResults: 5 }))
  const second = await on.ec2.send(new DescribeSecurityGroupsCommand({ MaxResults: 5, NextToken: first.NextToken }))
  expect(first.SecurityGroups!.length).toBe(5)
  expectThat(
    new Set([...first.SecurityGroups!, ...second.SecurityGroups!].map((each) => each.GroupId)).size,
    'seven, and those of the VPC, the directory and WorkSpaces',
  ).toBe(10)
  expect(second.NextToken).toBe(undefined)
})

test('the attachment of a VPN connection is found only minutes after the connection', async () => {
  const on = simulated(
    {},
    { ...cell, transitGateway: { id: 'tgw-1' }, vpnConnections: [{ id: 'vpn-1', transitGatewayId: 'tgw-1' }] },
  )
  const find = async () =>
    (
      await on.ec2.send(
        new DescribeTransitGatewayAttachmentsCommand({
          Filters: [
            { Name: 'resource-id', Values: ['vpn-1'] },
            { Name: 'resource-type', Values: ['vpn'] },
          ],
        }),
      )
    ).TransitGatewayAttachments
  expect(
    (await on.ec2.send(new DescribeVpnConnectionsCommand({ VpnConnectionIds: ['vpn-1'] }))).VpnConnections?.[0]?.State,
  ).toBe('pending')
  expect(await find()).toEqual([])
  on.simulator.advance(5 * minute)
  expect((await find())?.[0]?.State).toBe('available')
})

test("a person's Client VPN connections are terminated by user name", async () => {
  const ClientVpnEndpointId = 'cvpn-endpoint-1'
  const on = simulated({}, { ...cell, clientVpnEndpointIds: [ClientVpnEndpointId] })
  on.simulator.connectClient({
    ClientVpnEndpointId,
    Username: 'suzuki',
    CommonName: 'terminal-1',
    ClientIp: '10.0.0.2',
  })
  on.simulator.connectClient({ ClientVpnEndpointId, Username: 'sato', CommonName: 'terminal-2', ClientIp: '10.0.0.3' })
  const { ConnectionStatuses } = await on.ec2.send(
    new TerminateClientVpnConnectionsCommand({ ClientVpnEndpointId, Username: 'suzuki' }),
  )
  expect(ConnectionStatuses?.map((each) => each.CurrentStatus?.Code)).toEqual(['terminating'])
  on.simulator.advance(minute)
  const { Connections } = await on.ec2.send(new DescribeClientVpnConnectionsCommand({ ClientVpnEndpointId }))
  expect(Connections?.map((each) => [each.Username, each.Status?.Code])).toEqual([
    ['suzuki', 'terminated'],
    ['sato', 'active'],
  ])
})

test('an operation, a filter and a member that are not modelled are refused, never quietly ignored', async () => {
  const { ec2 } = simulated()
  await expect(ec2.send(new DescribeInstancesCommand({}))).rejects.toThrow(
    expect.objectContaining({ name: 'InvalidAction' }),
  )
  await expect(
    ec2.send(new DescribeManagedPrefixListsCommand({ Filters: [{ Name: 'colour', Values: ['red'] }] })),
  ).rejects.toThrow(expect.objectContaining({ name: 'InvalidParameterValue' }))
  await expect(
    ec2.send(new CreateSecurityGroupCommand({ GroupName: 'x', Description: 'x', VpcId, DryRun: true })),
  ).rejects.toThrow(expect.objectContaining({ name: 'SimulatorDoesNotModel' }))
  await expect(ec2.send(new DescribeSecurityGroupRulesCommand({ SecurityGroupRuleIds: ['sgr-1'] }))).rejects.toThrow(
    expect.objectContaining({
      name: 'InvalidSecurityGroupRuleId.NotFound',
    }),
  )
})
