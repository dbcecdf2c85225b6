import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DIRECTORY, directory, Region, registered, SUBNETS } from './cloudformation.ts'

const TYPE = 'Custom::RenkeiWorkspaceDirectory'
const ID = `workspace-directory/${DIRECTORY}`
const registration = (region: Region) => region.simulator.world.workspaces.directories.get(DIRECTORY)

test('[VIS-2] a registered directory has no local administrators, no self-service, no public addresses, only the named devices', async () => {
  const region = new Region()
  const answer = await region.send(TYPE, { kind: 'create', properties: directory })
  assert.equal(answer.Status, 'SUCCESS', answer.Reason)
  const made = registration(region)!
  assert.deepEqual(made.WorkspaceCreationProperties, {
    UserEnabledAsLocalAdministrator: false,
    EnableInternetAccess: false,
    EnableMaintenanceMode: true,
  })
  assert.ok(Object.values(made.SelfservicePermissions!).every((permission) => permission === 'DISABLED'))
  assert.equal(made.WorkspaceAccessProperties?.DeviceTypeWeb, 'DENY')
  assert.equal(made.SamlProperties?.Status, 'ENABLED')
  assert.deepEqual(answer.Data, {
    DirectoryId: DIRECTORY,
    MembersSecurityGroupId: made.WorkspaceSecurityGroupId,
    RegistrationCode: made.RegistrationCode,
  })
})

test('[VIS-2] local administrators and public addresses are refused before anything is registered', async () => {
  const region = new Region()
  for (const [setting, reason] of [
    ['UserEnabledAsLocalAdministrator', /VIS-2/],
    ['EnableInternetAccess', /NET-4/],
  ] as const) {
    const answer = await region.send(TYPE, {
      kind: 'create',
      properties: {
        ...directory,
        WorkspaceCreationProperties: { ...(directory['WorkspaceCreationProperties'] as object), [setting]: 'true' },
      },
    })
    assert.equal(answer.Status, 'FAILED')
    assert.match(answer.Reason!, reason)
  }
  assert.equal(region.simulator.calls.length, 0)
})

test('[C-11] a directory that something else registered is refused, and the rollback leaves it registered', async () => {
  const region = new Region(registered)
  const answer = await region.send(TYPE, { kind: 'create', properties: directory })
  assert.equal(answer.Status, 'FAILED')
  assert.match(
    answer.Reason!,
    /was registered by something else, not by Renkei-demo-visiting-1\/Resource: deregister it there, or tag it/,
  )
  const rolledBack = await region.send(TYPE, { kind: 'delete', id: answer.PhysicalResourceId, properties: directory })
  assert.equal(rolledBack.Status, 'SUCCESS')
  assert.equal(registration(region)?.State, 'REGISTERED')
})

test('[C-11] one stack does not deregister what another registered', async () => {
  const region = new Region()
  await region.send(TYPE, { kind: 'create', properties: directory })
  await region.send(TYPE, { kind: 'delete', id: ID, properties: directory }, 'Resource', 'Renkei-demo-visiting-2')
  assert.equal(registration(region)?.State, 'REGISTERED')
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
  assert.equal(answer.Status, 'FAILED')
  assert.match(answer.Reason!, /still has desktops.+end their projects first/)
  assert.ok(!region.simulator.calls.some(({ operation }) => operation === 'TerminateWorkspaces'))
})

test('[ARC-5] subnets other than two, and other than the registered ones, are refused with what to do', async () => {
  const region = new Region()
  const three = await region.send(TYPE, {
    kind: 'create',
    properties: { ...directory, SubnetIds: [...SUBNETS, 'subnet-0cc0000000000000c'] },
  })
  assert.match(three.Reason!, /SubnetIds: a directory is registered with exactly two subnets/)
  await region.send(TYPE, { kind: 'create', properties: directory })
  const moved = { ...directory, SubnetIds: [SUBNETS[0], 'subnet-0cc0000000000000c'] }
  const answer = await region.send(TYPE, { kind: 'update', id: ID, properties: moved, former: directory })
  assert.equal(answer.Status, 'FAILED')
  assert.equal(answer.PhysicalResourceId, ID)
  assert.match(answer.Reason!, /subnets of a registered directory cannot change\. Make a new cell/)
})

test('[NET-1] without workspaces_DefaultRole the reason reaches the person who deploys', async () => {
  const region = new Region({ workspacesDefaultRole: false })
  const answer = await region.send(TYPE, { kind: 'create', properties: directory })
  assert.match(
    answer.Reason!,
    /^Custom::RenkeiWorkspaceDirectory Resource: WorkspacesDefaultRoleNotFoundException: .+workspaces_DefaultRole/,
  )
})

test('[NET-1] a registration that never ends is answered in time, and the next deployment goes on from there', async () => {
  const region = new Region()
  region.simulator.fault({ kind: 'stuck', operation: 'RegisterWorkspaceDirectory' })
  const start = region.simulator.clock.now()
  const answer = await region.send(TYPE, { kind: 'create', properties: directory })
  assert.equal(answer.Status, 'FAILED')
  assert.match(answer.Reason!, /Waited in vain for directory d-9567a1b2c3 to be registered/)
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
  assert.equal(registration(region)?.WorkspaceCreationProperties?.UserEnabledAsLocalAdministrator, false)
})
