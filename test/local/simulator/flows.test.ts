import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import {
  AuthorizeSecurityGroupEgressCommand,
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  DeleteTagsCommand,
  ModifyNetworkInterfaceAttributeCommand,
  RevokeSecurityGroupEgressCommand,
} from '@aws-sdk/client-ec2'
import { DescribeFlowOperationCommand, StartFlowFlushCommand } from '@aws-sdk/client-network-firewall'
import { cell, createDesktop, directoryId, minute, simulated } from './support.ts'
import { expectThat } from '#test/support/expect.ts'

const FirewallArn = 'arn:aws:network-firewall:ap-northeast-1:000000000000:firewall/renkei'
const NDB = '172.20.0.1'
const granted = 'renkei-demo-granted-NDB'
const blocked = 'renkei-demo-blocked'

/** A desktop whose project may reach NDB by its group, not yet by the firewall; _workspacesMembers is narrowed. */
async function ready() {
  const on = simulated(
    {},
    {
      ...cell,
      resourceGroups: [
        { name: granted, tagKey: 'renkei:granted:NDB' },
        { name: blocked, tagKey: 'renkei:blocked' },
      ],
      firewalls: [{ arn: FirewallArn, blocked, admits: [{ group: granted, cidr: '172.20.0.0/28', port: 5432 }] }],
    },
  )
  const { ec2, simulator } = on
  const members = simulator.snapshot().directories.find((each) => each.id === directoryId)!.membersGroup!
  await createDesktop(on, 'p1-suzuki')
  simulator.advance(21 * minute)
  const eni = simulator.snapshot().desktops[0]!.interface!
  const openBefore = simulator.connect(eni, '198.51.100.1', 443)
  await ec2.send(
    new RevokeSecurityGroupEgressCommand({
      GroupId: members,
      IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    }),
  )
  const { GroupId } = await ec2.send(
    new CreateSecurityGroupCommand({ GroupName: 'p1', Description: 'p1', VpcId: cell.vpcId }),
  )
  await ec2.send(
    new RevokeSecurityGroupEgressCommand({
      GroupId,
      IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    }),
  )
  await ec2.send(
    new AuthorizeSecurityGroupEgressCommand({
      GroupId,
      IpPermissions: [
        { IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, PrefixListIds: [{ PrefixListId: 'pl-00000000000000001' }] },
      ],
    }),
  )
  await ec2.send(new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId: eni, Groups: [members, GroupId!] }))
  const tag = async (Key: string) => {
    await ec2.send(new CreateTagsCommand({ Resources: [eni], Tags: [{ Key, Value: 'true' }] }))
    simulator.advance(10_000)
  }
  const connect = () => simulator.connect(eni, NDB, 5432)
  return { ...on, eni, members, connect, tag, openBefore }
}

const refused = (attempt: object) => 'refused' in attempt

test('[C-2] each layer alone stops a desktop: group without granted set, granted set without group', async () => {
  const { connect, tag, ec2, eni, members } = await ready()
  expect(JSON.stringify(connect())).toMatch(/firewall drops/)
  await tag('renkei:granted:NDB')
  expect(refused(connect())).toBe(false)
  await ec2.send(new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId: eni, Groups: [members] }))
  expect(JSON.stringify(connect())).toMatch(/no egress rule/)
})

test("the trap: an open _workspacesMembers makes a project's group limit nothing", async () => {
  const { openBefore } = await ready()
  expectThat(JSON.stringify(openBefore), 'the security groups let it through to the firewall').toMatch(/firewall drops/)
})

test('the trap: an open flow survives the loss of grant and group, until it is flushed', async () => {
  const { simulator, ec2, firewall, connect, tag, eni, members } = await ready()
  await tag('renkei:granted:NDB')
  const flow = connect()
  assert.ok('flowId' in flow)
  await ec2.send(new DeleteTagsCommand({ Resources: [eni], Tags: [{ Key: 'renkei:granted:NDB' }] }))
  await tag('renkei:blocked')
  await ec2.send(new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId: eni, Groups: [members] }))
  expect(simulator.membersOf(blocked)).toEqual([eni])
  expectThat(refused(connect()), 'a new flow is refused').toBe(true)
  expectThat(simulator.carries(flow.flowId), 'the open one goes on').toBe(true)
  const source = simulator.snapshot().interfaces.find((each) => each.id === eni)!.address
  const { FlowOperationId } = await firewall.send(
    new StartFlowFlushCommand({ FirewallArn, FlowFilters: [{ SourceAddress: { AddressDefinition: `${source}/32` } }] }),
  )
  const status = async () =>
    (await firewall.send(new DescribeFlowOperationCommand({ FirewallArn, FlowOperationId }))).FlowOperationStatus
  expect(await status()).toBe('IN_PROGRESS')
  simulator.advance(minute)
  expect(await status()).toBe('COMPLETED')
  expect(simulator.carries(flow.flowId)).toBe(false)
})

test('a flush touches only the flows its filters name', async () => {
  const { simulator, firewall, connect, tag } = await ready()
  await tag('renkei:granted:NDB')
  const flow = connect()
  assert.ok('flowId' in flow)
  for (const filter of [
    { SourceAddress: { AddressDefinition: '172.24.9.9/32' } },
    { DestinationPort: '5433' },
    { Protocols: ['17'] },
  ]) {
    await firewall.send(new StartFlowFlushCommand({ FirewallArn, FlowFilters: [filter] }))
  }
  await firewall.send(
    new StartFlowFlushCommand({
      FirewallArn,
      MinimumFlowAgeInSeconds: 3_600,
      FlowFilters: [{ DestinationPort: 'ANY' }],
    }),
  )
  simulator.advance(minute)
  expect(simulator.carries(flow.flowId)).toBe(true)
})

test('the blocked set is stronger than any grant', async () => {
  const { connect, tag } = await ready()
  await tag('renkei:granted:NDB')
  await tag('renkei:blocked')
  expect(JSON.stringify(connect())).toMatch(/renkei-demo-blocked/)
})
