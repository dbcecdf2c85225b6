import {
  DescribeDirectoryDataAccessCommand,
  EnableDirectoryDataAccessCommand,
  ResetUserPasswordCommand,
} from '@aws-sdk/client-directory-service'
import { expect, refused, until, type Check, type Context } from './context.ts'

const reference = 'https://docs.aws.amazon.com/directoryservicedata/latest/DirectoryServiceDataAPIReference/'

async function user(context: Context) {
  const { data, fixture } = context
  const SAMAccountName = context.unique('c').slice(0, 20)
  const key = { DirectoryId: fixture.directoryId, SAMAccountName }
  await data.createUser({ ...key, GivenName: 'Conformance' })
  context.cleanUp(() => data.deleteUser(key))
  await until(context, 'the new user is described', 60_000, () => data.describeUser(key).catch(() => undefined))
  return key
}

export const directoryChecks: readonly Check[] = [
  {
    service: 'directory',
    name: 'a new user is disabled; a password enables it, and enables it again after it was disabled',
    source: 'https://docs.aws.amazon.com/directoryservice/latest/devguide/API_ResetUserPassword.html',
    async run(context) {
      const { data, directory } = context
      const key = await user(context)
      const becomes = (enabled: boolean) =>
        until(context, `Enabled is ${enabled}`, 60_000, async () =>
          (await data.describeUser(key)).Enabled === enabled ? true : undefined,
        )
      const reset = () =>
        directory.send(
          new ResetUserPasswordCommand({
            DirectoryId: key.DirectoryId,
            UserName: key.SAMAccountName,
            NewPassword: `Aa1-${context.unique('pw')}`,
          }),
        )
      await becomes(false)
      await reset()
      await becomes(true)
      await data.disableUser(key)
      await becomes(false)
      await reset()
      await becomes(true)
    },
  },
  {
    service: 'directory',
    name: 'a name is taken once, without regard to case, and has at most 20 characters',
    source: `${reference}API_CreateUser.html`,
    async run(context) {
      const key = await user(context)
      await refused(
        context.data.createUser({ ...key, SAMAccountName: key.SAMAccountName.toUpperCase() }),
        'ConflictException',
      )
      await refused(context.data.createUser({ ...key, SAMAccountName: 'x'.repeat(21) }), 'ValidationException')
    },
  },
  {
    service: 'directory',
    name: 'an unknown user is ResourceNotFoundException to every operation',
    source: `${reference}API_DescribeUser.html`,
    async run({ data, fixture }) {
      const key = { DirectoryId: fixture.directoryId, SAMAccountName: 'nobody-at-all' }
      await refused(data.describeUser(key), 'ResourceNotFoundException')
      await refused(data.disableUser(key), 'ResourceNotFoundException')
      await refused(data.deleteUser(key), 'ResourceNotFoundException')
    },
  },
  {
    service: 'directory',
    name: 'enabling data access that is enabled is DirectoryInDesiredStateException',
    source: 'https://docs.aws.amazon.com/directoryservice/latest/devguide/API_EnableDirectoryDataAccess.html',
    async run({ directory, fixture }) {
      const { DataAccessStatus } = await directory.send(
        new DescribeDirectoryDataAccessCommand({ DirectoryId: fixture.directoryId }),
      )
      expect(DataAccessStatus === 'Enabled', `the fixture's data access is ${DataAccessStatus}`)
      await refused(
        directory.send(new EnableDirectoryDataAccessCommand({ DirectoryId: fixture.directoryId })),
        'DirectoryInDesiredStateException',
      )
    },
  },
  {
    service: 'directory',
    name: 'a weak password is refused',
    source: 'https://docs.aws.amazon.com/directoryservice/latest/devguide/API_ResetUserPassword.html',
    async run(context) {
      const key = await user(context)
      await refused(
        context.directory.send(
          new ResetUserPasswordCommand({
            DirectoryId: key.DirectoryId,
            UserName: key.SAMAccountName,
            NewPassword: 'password',
          }),
        ),
        'InvalidPasswordException',
      )
    },
  },
]
