import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import { BLOCKED_TAG, grantedTag, userName } from '#domain/project/provisioning/resource-names.ts'
import { setGroups, tagInterface } from '#lambda/project/provisioning/perform/network.ts'
import { enableUser } from '#lambda/project/provisioning/perform/people.ts'
import { suspend } from '#lambda/project/suspend/suspend.ts'
import { CLIENT_VPN, platform, PROJECT, Rig } from '../reconcile/rig.ts'
import { expectThat } from '#test/support/expect.ts'

const openRig = async () => {
  const rig = new Rig()
  await rig.settle()
  rig.simulator.advance(5 * 60_000)
  for (const Username of ['taro', 'hanako', 'taro'])
    rig.simulator.connectClient({
      ClientVpnEndpointId: CLIENT_VPN,
      Username,
      CommonName: `terminal-${Username}`,
      ClientIp: '172.25.0.10',
    })
  return rig
}
const interfaceOf = (rig: Rig, personId: string) =>
  rig.truth.interfaces.find(({ tags }) => tags['renkei:person'] === personId)
const desktopOf = (rig: Rig, personId: string) =>
  rig.truth.desktops.find(({ UserName }) => UserName === userName(PROJECT, personId))
const message = (rig: Rig, personId?: string) => ({ projectId: PROJECT, sequence: rig.events.length, personId })

test('[VIS-7] within 60 s who is suspended has no connection, way to a database, user or running desktop', async () => {
  const rig = await openRig()
  const flow = rig.simulator.connect(interfaceOf(rig, 'taro')?.NetworkInterfaceId ?? '', '172.20.0.1', 5432)
  assert.ok('flowId' in flow, JSON.stringify(flow))
  rig.ask({ type: 'SuspendProject', reason: 'abnormal use', personId: 'taro' })
  const began = rig.simulator.clock.now()
  const cut = await suspend(rig.suspendPort, message(rig, 'taro'))
  expect(cut).toEqual({ people: 1, interfaces: 1, failures: [] })
  rig.simulator.advance(15_000)
  assert.ok(rig.simulator.clock.now() - began < 60_000)
  const found = interfaceOf(rig, 'taro')
  expect(found?.Groups).toEqual([platform.cell.quarantineGroupId])
  expect(found?.tags[BLOCKED_TAG]).toBe('true')
  expect(found?.tags[grantedTag('NDB')]).toBe(undefined)
  expect(desktopOf(rig, 'taro')?.State).toBe('STOPPING')
  expect(rig.truth.users.find(({ SAMAccountName }) => SAMAccountName === userName(PROJECT, 'taro'))?.enabled).toBe(
    false,
  )
  const connections = rig.simulator.world.ec2.clientConnections
    .all()
    .map(({ Username, Status }) => `${Username} ${Status}`)
    .sort()
  expect(connections).toEqual(['hanako active', 'taro terminated', 'taro terminated'])
  expectThat(rig.simulator.carries(flow.flowId), 'the open connection is cut too').toBe(false)
  assert.ok('refused' in rig.simulator.connect(found?.NetworkInterfaceId ?? '', '172.20.0.1', 5432))
})

test('[VIS-7] nobody else in the project notices', async () => {
  const rig = await openRig()
  rig.ask({ type: 'SuspendProject', reason: 'abnormal use', personId: 'taro' })
  await suspend(rig.suspendPort, message(rig, 'taro'))
  expect(interfaceOf(rig, 'hanako')?.tags[grantedTag('NDB')]).toBe('true')
  expect(desktopOf(rig, 'hanako')?.State).toBe('AVAILABLE')
})

test('[VIS-7] suspending a project cuts everybody in it', async () => {
  const rig = await openRig()
  rig.ask({ type: 'SuspendProject', reason: 'illicit login' })
  const cut = await suspend(rig.suspendPort, message(rig))
  expect(cut).toEqual({ people: 2, interfaces: 2, failures: [] })
  assert.ok(
    rig.truth.interfaces.every(
      ({ tags, Groups }) => tags[BLOCKED_TAG] === 'true' && Groups[0] === platform.cell.quarantineGroupId,
    ),
  )
})

test('[VIS-7] a pass of the reconciler that is under way stops at the mark and undoes nothing', async () => {
  const rig = await openRig()
  const before = await rig.load()
  rig.ask({ type: 'SuspendProject', reason: 'abnormal use', personId: 'taro' })
  await suspend(rig.suspendPort, message(rig, 'taro'))
  // A pass that still believes what the ledger said before.
  const load = rig.load.bind(rig)
  let stale = true
  rig.load = async () => {
    if (!stale) return load()
    stale = false
    return before
  }
  await rig.pass()
  expect(interfaceOf(rig, 'taro')?.Groups).toEqual([platform.cell.quarantineGroupId])
  expect(interfaceOf(rig, 'taro')?.tags[grantedTag('NDB')]).toBe(undefined)
})

test('[VIS-7] each step is tried although another fails, and a second run completes the cut', async () => {
  const rig = await openRig()
  rig.ask({ type: 'SuspendProject', reason: 'abnormal use', personId: 'taro' })
  rig.simulator
    .fault({ kind: 'serverError', operation: 'ModifyNetworkInterfaceAttribute', times: 1 })
    .fault({ kind: 'throttle', operation: 'TerminateClientVpnConnections', times: 1 })
  const first = await suspend(rig.suspendPort, message(rig, 'taro'))
  expect(first.failures.map((failure) => failure.split(':')[0])).toEqual(['connections', 'group'])
  expect(interfaceOf(rig, 'taro')?.tags[BLOCKED_TAG]).toBe('true')
  expect(desktopOf(rig, 'taro')?.State).toBe('STOPPING')
  expect((await suspend(rig.suspendPort, message(rig, 'taro'))).failures).toEqual([])
  expect(interfaceOf(rig, 'taro')?.Groups).toEqual([platform.cell.quarantineGroupId])
})

test('[C-10] a suspension that comes late, after the person was resumed, cuts nobody', async () => {
  const rig = await openRig()
  rig.ask({ type: 'SuspendProject', reason: 'abnormal use', personId: 'taro' })
  const late = message(rig, 'taro')
  rig.ask({ type: 'ResumeProject', reason: 'cleared', personId: 'taro' })
  expect((await suspend(rig.suspendPort, late)).people).toBe(0)
  expect(interfaceOf(rig, 'taro')?.tags[grantedTag('NDB')]).toBe('true')
})

test('[VIS-7] the reconciler leaves WorkSpaces calls for a suspension, however busy it is', async () => {
  const rig = await openRig()
  for (let call = 0; call < 20; call += 1) await rig.aws.tokens.take()
  const before = rig.simulator.clock.now()
  const { tokens } = rig.suspendPort.aws
  await tokens.take()
  await tokens.take()
  expectThat(rig.simulator.clock.now(), 'two calls without waiting').toBe(before)
})

test('[VIS-7] parameters that cannot be read keep nobody from being cut off', async () => {
  const rig = await openRig()
  rig.ask({ type: 'SuspendProject', reason: 'abnormal use', personId: 'taro' })
  const cut = await suspend(
    { ...rig.suspendPort, perimeter: () => Promise.reject(new Error('no parameters')) },
    message(rig, 'taro'),
  )
  expect(cut.failures).toEqual(['perimeter: Error'])
  expect(interfaceOf(rig, 'taro')?.Groups).toEqual([platform.cell.quarantineGroupId])
  expect(desktopOf(rig, 'taro')?.State).toBe('STOPPING')
})

test('[VIS-7] a call of the reconciler that lands just after the cut is undone by the second look', async () => {
  const rig = await openRig()
  rig.ask({ type: 'SuspendProject', reason: 'abnormal use', personId: 'taro' })
  await suspend(rig.suspendPort, message(rig, 'taro'))
  const interfaceId = interfaceOf(rig, 'taro')?.NetworkInterfaceId ?? ''
  // Sent before the mark was left, answered after it.
  await setGroups(rig.aws, { interfaceId, groups: [platform.cell.membersGroupId] })
  await tagInterface(rig.aws, { interfaceId, tags: { [grantedTag('NDB')]: 'true' } })
  await enableUser(rig.aws, {
    type: 'EnableUser',
    id: 'x',
    directoryId: platform.cell.directoryId,
    userName: userName(PROJECT, 'taro'),
  })
  expect((await suspend(rig.suspendPort, message(rig, 'taro'))).failures).toEqual([])
  expect(interfaceOf(rig, 'taro')?.Groups).toEqual([platform.cell.quarantineGroupId])
  expect(interfaceOf(rig, 'taro')?.tags[grantedTag('NDB')]).toBe(undefined)
  expect(rig.truth.users.find(({ SAMAccountName }) => SAMAccountName === userName(PROJECT, 'taro'))?.enabled).toBe(
    false,
  )
})
