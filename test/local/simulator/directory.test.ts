import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  DescribeDirectoriesCommand,
  DescribeDirectoryDataAccessCommand,
  EnableDirectoryDataAccessCommand,
  ResetUserPasswordCommand,
} from '@aws-sdk/client-directory-service'
import { cell, createUser, directoryId, minute, simulated } from './kit.ts'

const SAMAccountName = 'p1-suzuki'

test('users cannot be reached until data access was enabled, which takes a while', async () => {
  const on = simulated({}, { ...cell, directory: {} })
  await assert.rejects(createUser(on, SAMAccountName), { name: 'AccessDeniedException' })
  await on.directory.send(new EnableDirectoryDataAccessCommand({ DirectoryId: directoryId }))
  assert.equal(
    (await on.directory.send(new DescribeDirectoryDataAccessCommand({ DirectoryId: directoryId }))).DataAccessStatus,
    'Enabling',
  )
  await assert.rejects(createUser(on, SAMAccountName), { name: 'AccessDeniedException' })
  on.simulator.advance(5 * minute)
  await createUser(on, SAMAccountName)
  await assert.rejects(on.directory.send(new EnableDirectoryDataAccessCommand({ DirectoryId: directoryId })), {
    name: 'DirectoryInDesiredStateException',
  })
})

test('a new user is disabled, and a password reset enables: it would also undo a suspension', async () => {
  const on = simulated()
  await createUser(on, SAMAccountName)
  const enabled = async () => (await on.data.describeUser({ DirectoryId: directoryId, SAMAccountName })).Enabled
  const reset = () =>
    on.directory.send(
      new ResetUserPasswordCommand({
        DirectoryId: directoryId,
        UserName: SAMAccountName,
        NewPassword: 'One-time 4711',
      }),
    )
  assert.equal(await enabled(), false)
  await reset()
  assert.equal(await enabled(), true)
  await on.data.disableUser({ DirectoryId: directoryId, SAMAccountName })
  assert.equal(await enabled(), false)
  await reset()
  assert.equal(await enabled(), true)
})

test('a weak password, and one for nobody, are refused', async () => {
  const on = simulated()
  await createUser(on, SAMAccountName)
  const reset = (UserName: string, NewPassword: string) =>
    on.directory.send(new ResetUserPasswordCommand({ DirectoryId: directoryId, UserName, NewPassword }))
  await assert.rejects(reset(SAMAccountName, 'password'), { name: 'InvalidPasswordException' })
  await assert.rejects(reset('nobody', 'One-time 4711'), { name: 'UserDoesNotExistException' })
})

test('names: at most 20 characters, taken once, without regard to case', async () => {
  const on = simulated()
  await assert.rejects(createUser(on, 'a'.repeat(21)), { name: 'ValidationException' })
  await createUser(on, SAMAccountName)
  await assert.rejects(createUser(on, SAMAccountName.toUpperCase()), { name: 'ConflictException' })
})

test('a client token makes a repeat harmless, and another request under it a conflict', async () => {
  const { data } = simulated()
  const request = { DirectoryId: directoryId, SAMAccountName, ClientToken: 'token-1' }
  const first = await data.createUser(request)
  assert.deepEqual(await data.createUser(request), first)
  await assert.rejects(data.createUser({ ...request, SAMAccountName: 'other' }), { name: 'ConflictException' })
})

test('attributes are listed only where asked for, users in pages', async () => {
  const { data } = simulated()
  for (const name of ['a', 'b', 'c'])
    await data.createUser({
      DirectoryId: directoryId,
      SAMAccountName: name,
      OtherAttributes: { department: { S: 'p1' } },
    })
  await data.updateUser({
    DirectoryId: directoryId,
    SAMAccountName: 'a',
    OtherAttributes: { department: { S: 'p2' } },
    UpdateType: 'REPLACE',
  })
  assert.equal((await data.describeUser({ DirectoryId: directoryId, SAMAccountName: 'a' })).OtherAttributes, undefined)
  assert.deepEqual(
    (await data.describeUser({ DirectoryId: directoryId, SAMAccountName: 'a', OtherAttributes: ['department'] }))
      .OtherAttributes,
    { department: { S: 'p2' } },
  )
  const first = await data.listUsers({ DirectoryId: directoryId, MaxResults: 2 })
  const second = await data.listUsers({ DirectoryId: directoryId, NextToken: first.NextToken })
  assert.deepEqual(
    [...first.Users!, ...second.Users!].map((user) => user.SAMAccountName),
    ['a', 'b', 'c'],
  )
  await data.deleteUser({ DirectoryId: directoryId, SAMAccountName: 'a' })
  await assert.rejects(data.describeUser({ DirectoryId: directoryId, SAMAccountName: 'a' }), {
    name: 'ResourceNotFoundException',
  })
})

test('a managed directory has two controllers, each with an address', async () => {
  const { directory } = simulated()
  const { DirectoryDescriptions } = await directory.send(
    new DescribeDirectoriesCommand({ DirectoryIds: [directoryId] }),
  )
  assert.equal(DirectoryDescriptions?.[0]?.Stage, 'Active')
  assert.equal(DirectoryDescriptions[0].DnsIpAddrs?.length, 2)
  await assert.rejects(directory.send(new DescribeDirectoriesCommand({ DirectoryIds: ['d-0000000000'] })), {
    name: 'EntityDoesNotExistException',
  })
})
