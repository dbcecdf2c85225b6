import {
  CreateAccessPointCommand,
  CreateFileSystemCommand,
  CreateMountTargetCommand,
  DeleteFileSystemCommand,
  DeleteMountTargetCommand,
  DescribeFileSystemPolicyCommand,
  DescribeFileSystemsCommand,
  DescribeMountTargetsCommand,
  FileSystemAlreadyExists,
} from '@aws-sdk/client-efs'
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DeleteAliasCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms'
import { expect, refused, until, type Check, type Context } from './context.ts'

const reference = 'https://docs.aws.amazon.com/efs/latest/ug/'
const minute = 60_000

async function fileSystem(context: Context) {
  const { efs } = context
  const CreationToken = context.unique('conformance')
  const { FileSystemId } = await efs.send(new CreateFileSystemCommand({ CreationToken, Encrypted: true }))
  context.cleanUp(async () => {
    await until(context, 'its mount targets are gone', 10 * minute, async () =>
      (await efs.send(new DescribeMountTargetsCommand({ FileSystemId }))).MountTargets?.length === 0 ? true : undefined,
    )
    await efs.send(new DeleteFileSystemCommand({ FileSystemId }))
  })
  return { CreationToken, FileSystemId: FileSystemId! }
}

function available(context: Context, FileSystemId: string) {
  return until(context, 'the file system is available', 5 * minute, async () =>
    (await context.efs.send(new DescribeFileSystemsCommand({ FileSystemId }))).FileSystems?.[0]?.LifeCycleState ===
    'available'
      ? true
      : undefined,
  )
}

export const storageChecks: readonly Check[] = [
  {
    service: 'efs',
    name: 'a creation token makes one file system: the repeat names it',
    source: `${reference}API_CreateFileSystem.html`,
    async run(context) {
      const { CreationToken, FileSystemId } = await fileSystem(context)
      const error: unknown = await context.efs
        .send(new CreateFileSystemCommand({ CreationToken, Encrypted: true }))
        .catch((thrown: unknown) => thrown)
      expect(
        error instanceof FileSystemAlreadyExists && error.FileSystemId === FileSystemId,
        'the repeat did not answer FileSystemAlreadyExists with the id',
      )
      await available(context, FileSystemId)
    },
  },
  {
    service: 'efs',
    name: 'a new file system has no policy: the default one is open',
    source: `${reference}iam-access-control-nfs-efs.html`,
    async run(context) {
      const { FileSystemId } = await fileSystem(context)
      await available(context, FileSystemId)
      await refused(context.efs.send(new DescribeFileSystemPolicyCommand({ FileSystemId })), 'PolicyNotFound')
    },
  },
  {
    service: 'efs',
    name: 'one mount target in a zone; a file system with one cannot be deleted; access points are idempotent',
    source: `${reference}API_DeleteFileSystem.html`,
    async run(context) {
      const { efs, fixture } = context
      const { FileSystemId } = await fileSystem(context)
      await available(context, FileSystemId)
      const point = () =>
        efs.send(
          new CreateAccessPointCommand({
            FileSystemId,
            ClientToken: FileSystemId,
            PosixUser: { Uid: 1000, Gid: 1000 },
          }),
        )
      await point()
      await refused(point(), 'AccessPointAlreadyExists')
      const mount = () => efs.send(new CreateMountTargetCommand({ FileSystemId, SubnetId: fixture.subnetIds[0] }))
      const { MountTargetId } = await mount()
      context.cleanUp(() => efs.send(new DeleteMountTargetCommand({ MountTargetId })))
      await refused(mount(), 'MountTargetConflict')
      await refused(efs.send(new DeleteFileSystemCommand({ FileSystemId })), 'FileSystemInUse')
      await until(context, 'the mount target is available', 10 * minute, async () =>
        (await efs.send(new DescribeMountTargetsCommand({ FileSystemId }))).MountTargets?.[0]?.LifeCycleState ===
        'available'
          ? true
          : undefined,
      )
    },
  },
  {
    service: 'kms',
    name:
      'a key that is disabled and scheduled for deletion cannot be enabled or scheduled again; ' +
      'its alias still finds it',
    source: 'https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html',
    async run(context) {
      const { kms } = context
      const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Description: 'conformance' }))
      const KeyId = KeyMetadata!.KeyId!
      const AliasName = `alias/renkei/${context.unique('conformance')}`
      await kms.send(new CreateAliasCommand({ AliasName, TargetKeyId: KeyId }))
      context.cleanUp(() => kms.send(new DeleteAliasCommand({ AliasName })))
      await refused(kms.send(new CreateAliasCommand({ AliasName, TargetKeyId: KeyId })), 'AlreadyExistsException')
      await kms.send(new DisableKeyCommand({ KeyId }))
      await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }))
      await refused(kms.send(new EnableKeyCommand({ KeyId })), 'KMSInvalidStateException')
      await refused(kms.send(new ScheduleKeyDeletionCommand({ KeyId })), 'KMSInvalidStateException')
      const found = await until(context, 'the alias is known', minute, () =>
        kms.send(new DescribeKeyCommand({ KeyId: AliasName })).catch(() => undefined),
      )
      expect(found.KeyMetadata?.KeyState === 'PendingDeletion', `state ${found.KeyMetadata?.KeyState}`)
    },
  },
]
