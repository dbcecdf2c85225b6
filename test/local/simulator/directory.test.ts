import { expect, test } from '@jest/globals'
import {
  DescribeDirectoriesCommand,
  DescribeDirectoryDataAccessCommand,
  EnableDirectoryDataAccessCommand,
  ResetUserPasswordCommand,
} from '@aws-sdk/client-directory-service'
import { cell, createUser, directoryId, minute, simulated } from './support.ts'

const SAMAccountName = 'p1-suzuki'

test('users cannot be reached until data access was enabled, which takes a while', async () => {
  const on = simulated({}, { ...cell, directory: {} })
  await expect(createUser(on, SAMAccountName)).rejects.toThrow(
    expect.objectContaining({ name: 'AccessDeniedException' }),
  )
  await on.directory.send(new EnableDirectoryDataAccessCommand({ DirectoryId: directoryId }))
  expect(
    (await on.directory.send(new DescribeDirectoryDataAccessCommand({ DirectoryId: directoryId }))).DataAccessStatus,
  ).toBe('Enabling')
  await expect(createUser(on, SAMAccountName)).rejects.toThrow(
    expect.objectContaining({ name: 'AccessDeniedException' }),
  )
  on.simulator.advance(5 * minute)
  await createUser(on, SAMAccountName)
  await expect(on.directory.send(new EnableDirectoryDataAccessCommand({ DirectoryId: directoryId }))).rejects.toThrow(
    expect.objectContaining({
      name: 'DirectoryInDesiredStateException',
    }),
  )
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
  expect(await enabled()).toBe(false)
  await reset()
  expect(await enabled()).toBe(true)
  await on.data.disableUser({ DirectoryId: directoryId, SAMAccountName })
  expect(await enabled()).toBe(false)
  await reset()
  expect(await enabled()).toBe(true)
})

test('a weak password, and one for nobody, are refused', async () => {
  const on = simulated()
  await createUser(on, SAMAccountName)
  const reset = (UserName: string, NewPassword: string) =>
    on.directory.send(new ResetUserPasswordCommand({ DirectoryId: directoryId, UserName, NewPassword }))
  await expect(reset(SAMAccountName, 'password')).rejects.toThrow(
    expect.objectContaining({ name: 'InvalidPasswordException' }),
  )
  await expect(reset('nobody', 'One-time 4711')).rejects.toThrow(
    expect.objectContaining({ name: 'UserDoesNotExistException' }),
  )
})

test('names: at most 20 characters, taken once, without regard to case', async () => {
  const on = simulated()
  await expect(createUser(on, 'a'.repeat(21))).rejects.toThrow(expect.objectContaining({ name: 'ValidationException' }))
  await createUser(on, SAMAccountName)
  await expect(createUser(on, SAMAccountName.toUpperCase())).rejects.toThrow(
    expect.objectContaining({ name: 'ConflictException' }),
  )
})

test('a client token makes a repeat harmless, and another request under it a conflict', async () => {
  const { data } = simulated()
  const request = { DirectoryId: directoryId, SAMAccountName, ClientToken: 'token-1' }
  const first = await data.createUser(request)
  expect(await data.createUser(request)).toEqual(first)
  await expect(data.createUser({ ...request, SAMAccountName: 'other' })).rejects.toThrow(
    expect.objectContaining({ name: 'ConflictException' }),
  )
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
  expect((await data.describeUser({ DirectoryId: directoryId, SAMAccountName: 'a' })).OtherAttributes).toBe(undefined)
  expect(
    (await data.describeUser({ DirectoryId: directoryId, SAMAccountName: 'a', OtherAttributes: ['department'] }))
      .OtherAttributes,
  ).toEqual({ department: { S: 'p2' } })
  const first = await data.listUsers({ DirectoryId: directoryId, MaxResults: 2 })
  const second = await data.listUsers({ DirectoryId: directoryId, NextToken: first.NextToken })
  expect([...first.Users!, ...second.Users!].map((user) => user.SAMAccountName)).toEqual(['a', 'b', 'c'])
  await data.deleteUser({ DirectoryId: directoryId, SAMAccountName: 'a' })
  await expect(data.describeUser({ DirectoryId: directoryId, SAMAccountName: 'a' })).rejects.toThrow(
    expect.objectContaining({
      name: 'ResourceNotFoundException',
    }),
  )
})

test('a managed directory has two controllers, each with an address', async () => {
  const { directory } = simulated()
  const { DirectoryDescriptions } = await directory.send(
    new DescribeDirectoriesCommand({ DirectoryIds: [directoryId] }),
  )
  expect(DirectoryDescriptions?.[0]?.Stage).toBe('Active')
  expect(DirectoryDescriptions![0]!.DnsIpAddrs?.length).toBe(2)
  await expect(directory.send(new DescribeDirectoriesCommand({ DirectoryIds: ['d-0000000000'] }))).rejects.toThrow(
    expect.objectContaining({
      name: 'EntityDoesNotExistException',
    }),
  )
})
