import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import { BLOCKED_TAG, grantedTag, userName } from '#domain/project/provisioning/resource-names.ts'
import { platform, PROJECT, Rig } from './rig.ts'
import { watch } from './watch.ts'
import { expectThat } from '#test/support/expect.ts'

const openRig = async (people?: readonly string[]) => {
  const rig = new Rig({}, people)
  const broken = watch(rig)
  await rig.settle()
  return { rig, broken }
}

test('[CON-2] an opened project gets what its grant names: a desktop each, let out to its databases', async () => {
  const { rig, broken } = await openRig()
  const { desktops, users, keys, fileSystems, groups, interfaces } = rig.truth
  expect(rig.project.convergedAt !== undefined).toBe(true)
  expect([desktops.length, users.length, keys.length, fileSystems.length, groups.length]).toEqual([2, 2, 1, 1, 2])
  for (const found of interfaces) {
    expect(found.Groups.length).toBe(2)
    expect(
      Object.keys(found.tags)
        .filter((tag) => tag.startsWith('renkei:granted:'))
        .sort(),
    ).toEqual([grantedTag('NDB'), grantedTag('RWD1')])
  }
  expect(broken).toEqual([])
})

test("[CRY-3] volumes and files are under the project's own key, which rotates", async () => {
  const { rig } = await openRig()
  const { desktops, keys, fileSystems } = rig.truth
  expect(keys[0]?.rotation).toBe(true)
  assert.ok(
    desktops.every(
      (desktop) =>
        desktop.VolumeEncryptionKey === keys[0]?.Arn &&
        desktop.RootVolumeEncryptionEnabled &&
        desktop.UserVolumeEncryptionEnabled,
    ),
  )
  expect(fileSystems[0]?.KmsKeyId).toBe(keys[0]?.Arn)
})

test("[C-2] the project's group lets out to its databases' ports and its store alone; nothing comes in", async () => {
  const { rig } = await openRig()
  const { world } = rig.simulator
  const desktop = rig.truth.groups.find(({ GroupName }) => GroupName.includes('-project-'))?.GroupId
  const store = rig.truth.groups.find(({ GroupName }) => GroupName.includes('-store-'))?.GroupId
  const rules = world.ec2.rules
    .all()
    .filter(({ GroupId }) => GroupId === desktop || GroupId === store)
    .map(({ GroupId, IsEgress, IpProtocol, FromPort, PrefixListId, ReferencedGroupId }) =>
      [
        GroupId === desktop ? 'desktop' : 'store',
        IsEgress ? 'out' : 'in',
        IpProtocol,
        FromPort,
        PrefixListId ?? (ReferencedGroupId === store ? 'store' : 'desktop'),
      ].join(' '),
    )
  expect(rules.sort()).toEqual([
    'desktop out tcp 2049 store',
    'desktop out tcp 5432 pl-00000000000000001',
    'desktop out tcp 5433 pl-00000000000000002',
    'store in tcp 2049 desktop',
  ])
})

test('[C-2] a desktop reaches the ports of its databases and nothing else, and nothing out of its period', async () => {
  const { rig } = await openRig()
  rig.simulator.advance(5 * 60_000)
  const [found] = rig.truth.interfaces
  const reaches = (address: string, port: number) =>
    'flowId' in rig.simulator.connect(found?.NetworkInterfaceId ?? '', address, port)
  const neighbour = rig.truth.interfaces[1]?.PrivateIpAddress ?? ''
  expect([
    reaches('172.20.0.1', 5432),
    reaches('172.20.0.1', 5433),
    reaches('172.20.0.17', 5432),
    reaches('192.0.2.1', 443),
    reaches(neighbour, 22),
  ]).toEqual([true, false, false, false, false])
  rig.simulator.advance(200 * 86_400_000)
  await rig.pass()
  expectThat(reaches('172.20.0.1', 5432), 'the period is over, though nobody ended the project yet').toBe(false)
})

test('[C-10] a pass over a converged project calls nothing that changes anything', async () => {
  const { rig } = await openRig()
  const before = rig.simulator.calls.length
  await rig.settle()
  expect(
    rig.simulator.calls
      .slice(before)
      .filter(({ operation }) => !/^(Describe|List|Get)/.test(operation))
      .map(({ operation }) => operation),
  ).toEqual([])
})

test('[CON-2] a handler who leaves loses desktop and user; the others keep theirs', async () => {
  const { rig, broken } = await openRig()
  rig.ask({ type: 'RemoveHandler', personId: 'taro', reason: 'left' })
  await rig.settle()
  expect(rig.truth.desktops.map(({ UserName }) => UserName)).toEqual([userName(PROJECT, 'hanako')])
  expect(rig.truth.users.map(({ SAMAccountName }) => SAMAccountName)).toEqual([userName(PROJECT, 'hanako')])
  assert.ok(rig.project.destroyed.some(({ kind, personId }) => kind === 'desktop' && personId === 'taro'))
  expect(broken).toEqual([])
})

test('[C-11] who has left and is destroyed with evidence is no longer looked for; until then they are', async () => {
  const { rig } = await openRig()
  rig.ask({ type: 'RemoveHandler', personId: 'taro', reason: 'left' })
  const asked = () => JSON.stringify(rig.simulator.calls).split(userName(PROJECT, 'taro')).length
  const evidence = () => rig.project.destroyed.filter(({ personId }) => personId === 'taro').map(({ kind }) => kind)
  while (evidence().length < 2) {
    const before = asked()
    await rig.pass()
    assert.ok(asked() > before, 'looked for while anything may be left')
    rig.simulator.advance(60_000)
  }
  expect(evidence().sort()).toEqual(['desktop', 'user'])
  await rig.settle()
  const before = asked()
  await rig.pass()
  expect(asked()).toBe(before)
  rig.ask({ type: 'EndProject', cause: 'end-of-use' })
  await rig.settle()
  expectThat(asked(), 'nor at the end').toBe(before)
})

const searches = (rig: Rig) => rig.simulator.calls.filter(({ operation }) => operation === 'ListKeys').length

test('[C-6] after the end all keys are searched until the views have caught up, and then no more', async () => {
  const rig = new Rig()
  rig.simulator.fault({ kind: 'lostRequest', operation: 'CreateKey' })
  await rig.settle()
  expect(rig.notes.get('create key')?.times).toBe(2)
  rig.ask({ type: 'EndProject', cause: 'end-of-use' })
  const before = searches(rig)
  await rig.settle()
  assert.ok(searches(rig) > before)
  expect(rig.notes.has('create key')).toBe(false)
  const after = searches(rig)
  await rig.pass()
  expect(searches(rig)).toBe(after)
})

test('[C-6] a key that only a search finds is searched for until its deletion is scheduled', async () => {
  const rig = new Rig({ lags: { kms: 40_000 } })
  rig.settleSeconds = 20
  rig.simulator.fault({ kind: 'lostAnswer', operation: 'CreateKey' })
  await rig.settle(200, 15_000)
  expectThat(rig.truth.keys.length, 'the first was not to be seen when the second was made').toBe(2)
  rig.settleSeconds = 60
  rig.ask({ type: 'EndProject', cause: 'end-of-use' })
  await rig.settle()
  expect(rig.truth.keys.map(({ KeyState }) => KeyState)).toEqual(['Disabled', 'Disabled'])
  assert.ok(rig.notes.has('create key'))
  for (const by of ['operator-2', 'operator-3'])
    rig.ask({ type: 'ApproveRemoval', digest: rig.project.heldRemoval ?? '' }, by)
  await rig.settle()
  expect(rig.truth.keys.map(({ KeyState }) => KeyState)).toEqual(['PendingDeletion', 'PendingDeletion'])
  expect(rig.project.status).toBe('closed')
})

test('[VIS-6] at the end all is destroyed with evidence, the key disabled at once, deleted when approved', async () => {
  const { rig, broken } = await openRig()
  const existed = rig.project.exists
  rig.ask({ type: 'EndProject', cause: 'end-of-use' })
  await rig.pass()
  expect(rig.truth.keys[0]?.KeyState).toBe('Disabled')
  await rig.settle()
  expect([rig.truth.desktops.length, rig.truth.fileSystems.length, rig.project.status]).toEqual([0, 1, 'ended'])
  rig.ask({ type: 'ApproveRemoval', digest: rig.project.heldRemoval ?? '' }, 'operator-2')
  await rig.settle()
  expectThat(rig.truth.fileSystems.length, 'one approval is not enough').toBe(1)
  rig.ask({ type: 'ApproveRemoval', digest: rig.project.heldRemoval ?? '' }, 'operator-3')
  await rig.settle()
  const { desktops, users, keys, fileSystems, groups } = rig.truth
  expect([desktops, users, fileSystems, groups]).toEqual([[], [], [], []])
  expect(keys.map(({ KeyState, PendingDeletionWindowInDays }) => [KeyState, PendingDeletionWindowInDays])).toEqual([
    ['PendingDeletion', 30],
  ])
  expect(rig.project.status).toBe('closed')
  for (const { kind, id } of existed)
    assert.ok(
      rig.project.destroyed.some((gone) => gone.kind === kind && gone.id === id),
      `no evidence for ${kind} ${id}`,
    )
  expect([...rig.notes.keys()]).toEqual([])
  expect(broken).toEqual([])
})

test('[VIS-7] the reconciler alone shuts a suspended person off too, and lets them out when resumed', async () => {
  const { rig } = await openRig()
  rig.ask({ type: 'SuspendProject', reason: 'abnormal use', personId: 'taro' })
  await rig.settle()
  rig.simulator.advance(5 * 60_000)
  const of = (personId: string) => rig.truth.interfaces.find(({ tags }) => tags['renkei:person'] === personId)
  expect(of('taro')?.Groups).toEqual([platform.cell.quarantineGroupId])
  expect(of('taro')?.tags[BLOCKED_TAG]).toBe('true')
  expect(of('taro')?.tags[grantedTag('NDB')]).toBe(undefined)
  expect(of('hanako')?.tags[grantedTag('NDB')]).toBe('true')
  expect(rig.truth.desktops.find(({ UserName }) => UserName === userName(PROJECT, 'taro'))?.State).toBe('STOPPED')
  rig.ask({ type: 'ResumeProject', reason: 'cleared', personId: 'taro' })
  await rig.settle()
  expect(of('taro')?.tags[grantedTag('NDB')]).toBe('true')
  expect(of('taro')?.tags[BLOCKED_TAG]).toBe(undefined)
})

test('[C-11] more than 20 desktops are removed only with two approvals, the people shut off meanwhile', async () => {
  const people = Array.from({ length: 22 }, (_, index) => `person-${String(index).padStart(2, '0')}`)
  const { rig, broken } = await openRig(people)
  rig.ask({ type: 'EndProject', cause: 'end-of-use' })
  await rig.settle()
  expect(rig.truth.desktops.length).toBe(22)
  assert.ok(
    rig.truth.interfaces.every(
      ({ Groups, tags }) =>
        Groups[0] === platform.cell.quarantineGroupId &&
        tags[BLOCKED_TAG] === 'true' &&
        tags[grantedTag('NDB')] === undefined,
    ),
  )
  for (const by of ['operator-2', 'operator-3'])
    rig.ask({ type: 'ApproveRemoval', digest: rig.project.heldRemoval ?? '' }, by)
  await rig.settle()
  expect(rig.truth.desktops.length).toBe(0)
  expectThat(rig.truth.fileSystems.length, 'the store and the key are another removal, with approvals of its own').toBe(
    1,
  )
  expect(broken).toEqual([])
})

test('[C-11] a desktop in ERROR is raised and kept, never replaced', async () => {
  const rig = new Rig({ faults: { failedDesktop: 1 } }, ['taro'])
  const result = await rig.settle()
  expect(result.converged).toBe(false)
  expect(rig.truth.desktops.length).toBe(1)
  expect(rig.project.quarantined?.map(({ kind }) => kind)).toEqual(['desktop'])
  const before = rig.events.length
  await rig.settle()
  expectThat(rig.events.length, 'it is raised once').toBe(before)
})
