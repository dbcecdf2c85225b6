import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import { DIRECTORY, directory, Region, registered, SUBNETS } from './support.ts'
import { expectThat } from '#test/support/expect.ts'

const TYPE = 'Custom::RenkeiWorkspaceDirectory'
const ID = `workspace-directory/${DIRECTORY}`
const registration = (region: Region) => region.simulator.world.workspaces.directories.get(DIRECTORY)

test('[VIS-2] a registered directory has no administrators, self-service, public addresses, odd devices', async () => {
  const region = new Region()
  const answer = await region.send(TYPE, { kind: 'create', properties: directory })
  expectThat(answer.Status, answer.Reason).toBe('SUCCESS')
  const made = registration(region)!
  expect(made.WorkspaceCreationProperties).toEqual({
    UserEnabledAsLocalAdministrator: false,
    EnableInternetAccess: false,
    EnableMaintenanceMode: true,
  })
  assert.ok(Object.values(made.SelfservicePermissions!).every((permission) => permission === 'DISABLED'))
  expect(made.WorkspaceAccessProperties?.DeviceTypeWeb).toBe('DENY')
  expect(made.SamlProperties?.Status).toBe('ENABLED')
  expect(answer.Data).toEqual({
    DirectoryId: DIRECTORY,
    MembersSecurityGroupId: made.WorkspaceSecurityGroupId,
    RegistrationCode: made.RegistrationCode,
  })
})

test('[VIS-2] local administrators and public addresses are refused before anything is registered', async () => {
  const region = new Region()
  for (const { setting, reason } of [
    { setting: 'UserEnabledAsLocalAdministrator', reason: /VIS-2/ },
    { setting: 'EnableInternetAccess', reason: /NET-4/ },
  ] as const) {
    const answer = await region.send(TYPE, {
      kind: 'create',
      properties: {
        ...directory,
        WorkspaceCreationProperties: { ...(directory['WorkspaceCreationProperties'] as object), [setting]: 'true' },
      },
    })
    expect(answer.Status).toBe('FAILED')
    expect(answer.Reason!).toMatch(reason)
  }
  expect(region.simulator.calls.length).toBe(0)
})

test('[C-11] a directory registered by something else is refused; the rollback leaves it registered', async () => {
  const region = new Region(registered)
  const answer = await region.send(TYPE, { kind: 'create', properties: directory })
  expect(answer.Status).toBe('FAILED')
  expect(answer.Reason!).toMatch(
    /was registered by something else, not by Renkei-demo-visiting-1\/Resource: deregister it there, or tag it/,
  )
  const rolledBack = await region.send(TYPE, { kind: 'delete', id: answer.PhysicalResourceId, properties: directory })
  expect(rolledBack.Status).toBe('SUCCESS')
  expect(registration(region)?.State).toBe('REGISTERED')
})

test('[C-11] one stack does not deregister what another registered', async () => {
  const region = new Region()
  await region.send(TYPE, { kind: 'create', properties: directory })
  await region.send(TYPE, { kind: 'delete', id: ID, properties: directory }, 'Resource', 'Renkei-demo-visiting-2')
  expect(registration(region)?.State).toBe('REGISTERED')
})

test('[C-11] deleting the stack never deletes a desktop: it fails and says what to do', async () => {
  const region = new Region()
  await region.send(TYPE, { kind: 'create', properties: directory })
  region.simulator.world.workspaces.desktops.put('ws-1', {
    WorkspaceId: 'ws-1',
    DirectoryId: DIRECTORY,
    UserName: 'p1',
    userSid: 's',
    BundleId: 'wsb-1',
    State: 'AVAILABLE',
    properties: {},
    UserVolumeEncryptionEnabled: true,
    RootVolumeEncryptionEnabled: true,
    connected: false,
  })
  const answer = await region.send(TYPE, { kind: 'delete', id: ID, properties: directory })
  expect(answer.Status).toBe('FAILED')
  expect(answer.Reason!).toMatch(/still has desktops.+end their projects first/)
  assert.ok(!region.simulator.calls.some(({ operation }) => operation === 'TerminateWorkspaces'))
})

test('[ARC-5] subnets other than two, and other than the registered ones, are refused with what to do', async () => {
  const region = new Region()
  const three = await region.send(TYPE, {
    kind: 'create',
    properties: { ...directory, SubnetIds: [...SUBNETS, 'subnet-0cc0000000000000c'] },
  })
  expect(three.Reason!).toMatch(/SubnetIds: a directory is registered with exactly two subnets/)
  await region.send(TYPE, { kind: 'create', properties: directory })
  const moved = { ...directory, SubnetIds: [SUBNETS[0], 'subnet-0cc0000000000000c'] }
  const answer = await region.send(TYPE, { kind: 'update', id: ID, properties: moved, former: directory })
  expect(answer.Status).toBe('FAILED')
  expect(answer.PhysicalResourceId).toBe(ID)
  expect(answer.Reason!).toMatch(/subnets of a registered directory cannot change\. Make a new cell/)
})

test('[NET-1] without workspaces_DefaultRole the reason reaches the person who deploys', async () => {
  const region = new Region({ workspacesDefaultRole: false })
  const answer = await region.send(TYPE, { kind: 'create', properties: directory })
  expect(answer.Reason!).toMatch(
    /^Custom::RenkeiWorkspaceDirectory Resource: WorkspacesDefaultRoleNotFoundException: .+workspaces_DefaultRole/,
  )
})

test('[NET-1] a registration that never ends is answered in time; the next deployment goes on from there', async () => {
  const region = new Region()
  region.simulator.fault({ kind: 'stuck', operation: 'RegisterWorkspaceDirectory' })
  const start = region.simulator.clock.now()
  const answer = await region.send(TYPE, { kind: 'create', properties: directory })
  expect(answer.Status).toBe('FAILED')
  expect(answer.Reason!).toMatch(/Waited in vain for directory d-9567a1b2c3 to be registered/)
  assert.ok(region.simulator.clock.now() - start < 15 * 60_000)
})

test('[VIS-7] settings are changed at a pace that leaves calls for others', async () => {
  const region = new Region()
  await region.send(TYPE, { kind: 'create', properties: directory })
  const times = region.simulator.calls.filter(({ operation }) => operation.startsWith('Modify')).map(({ at }) => at)
  assert.ok(times.length >= 4)
  assert.ok(times.every((time, index) => index === 0 || time - times[index - 1]! >= 1_000))
})

test('[VIS-2] a setting that somebody changed by hand is put back by the next update', async () => {
  const region = new Region()
  await region.send(TYPE, { kind: 'create', properties: directory })
  region.simulator.world.workspaces.directories.update(DIRECTORY, {
    WorkspaceCreationProperties: {
      UserEnabledAsLocalAdministrator: true,
      EnableInternetAccess: false,
      EnableMaintenanceMode: true,
    },
  })
  region.settle()
  await region.send(TYPE, { kind: 'update', id: ID, properties: directory, former: directory })
  expect(registration(region)?.WorkspaceCreationProperties?.UserEnabledAsLocalAdministrator).toBe(false)
})
