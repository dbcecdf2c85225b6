import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
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
  PutFileSystemPolicyCommand,
} from '@aws-sdk/client-efs'
import {
  CreateAliasCommand,
  CreateGrantCommand,
  CreateKeyCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EncryptCommand,
  EnableKeyCommand,
  ListAliasesCommand,
  ListGrantsCommand,
  ListResourceTagsCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms'
import { CreateWorkspacesCommand } from '@aws-sdk/client-workspaces'
import { createUser, desktopRequest, minute, simulated, subnets } from './support.ts'

const second = 1_000
const day = 24 * 60 * minute

test('a creation token makes one file system: a repeat names the one that exists', async () => {
  const { efs } = simulated()
  const create = () => efs.send(new CreateFileSystemCommand({ CreationToken: 'renkei-demo-p1', Encrypted: true }))
  const { FileSystemId } = await create()
  await assert.rejects(
    create(),
    (error) =>
      error instanceof FileSystemAlreadyExists &&
      error.FileSystemId === FileSystemId &&
      error.ErrorCode === 'FileSystemAlreadyExists',
  )
})

test('the trap: a file system has no policy from the start, and takes nothing while it is being created', async () => {
  const { simulator, efs } = simulated()
  const { FileSystemId } = await efs.send(new CreateFileSystemCommand({ CreationToken: 'p1', Encrypted: true }))
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Deny', Principal: '*', Action: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    ],
  })
  const put = () => efs.send(new PutFileSystemPolicyCommand({ FileSystemId, Policy }))
  const mount = (SubnetId: string) => efs.send(new CreateMountTargetCommand({ FileSystemId, SubnetId }))
  await expect(efs.send(new DescribeFileSystemPolicyCommand({ FileSystemId }))).rejects.toThrow(
    expect.objectContaining({ name: 'PolicyNotFound' }),
  )
  await expect(put()).rejects.toThrow(expect.objectContaining({ name: 'IncorrectFileSystemLifeCycleState' }))
  await expect(mount(subnets[0])).rejects.toThrow(
    expect.objectContaining({ name: 'IncorrectFileSystemLifeCycleState' }),
  )
  simulator.advance(minute)
  await mount(subnets[0])
  await put()
  expect((await efs.send(new DescribeFileSystemPolicyCommand({ FileSystemId }))).Policy).toBe(Policy)
})

test('one mount target in a zone; a file system with one cannot be deleted until it is gone', async () => {
  const { simulator, efs } = simulated()
  const { FileSystemId } = await efs.send(new CreateFileSystemCommand({ CreationToken: 'p1' }))
  simulator.advance(minute)
  const { AccessPointId } = await efs.send(
    new CreateAccessPointCommand({
      FileSystemId,
      ClientToken: 'p1',
      PosixUser: { Uid: 1000, Gid: 1000 },
      RootDirectory: { Path: '/project' },
    }),
  )
  expect(AccessPointId!).toMatch(/^fsap-/)
  const { MountTargetId, NetworkInterfaceId } = await efs.send(
    new CreateMountTargetCommand({ FileSystemId, SubnetId: subnets[0] }),
  )
  await expect(efs.send(new CreateMountTargetCommand({ FileSystemId, SubnetId: subnets[0] }))).rejects.toThrow(
    expect.objectContaining({
      name: 'MountTargetConflict',
    }),
  )
  const state = async () =>
    (await efs.send(new DescribeMountTargetsCommand({ FileSystemId }))).MountTargets?.[0]?.LifeCycleState
  expect(await state()).toBe('creating')
  simulator.advance(2 * minute)
  expect(await state()).toBe('available')
  await efs.send(new DeleteMountTargetCommand({ MountTargetId }))
  await expect(efs.send(new DeleteFileSystemCommand({ FileSystemId }))).rejects.toThrow(
    expect.objectContaining({ name: 'FileSystemInUse' }),
  )
  simulator.advance(2 * minute)
  expect(simulator.snapshot().interfaces.some((each) => each.id === NetworkInterfaceId)).toBe(false)
  await efs.send(new DeleteFileSystemCommand({ FileSystemId }))
  simulator.advance(30 * second)
  await expect(efs.send(new DescribeFileSystemsCommand({ FileSystemId }))).rejects.toThrow(
    expect.objectContaining({ name: 'FileSystemNotFound' }),
  )
  expect((await efs.send(new DescribeFileSystemsCommand({ CreationToken: 'p1' }))).FileSystems).toEqual([])
})

test('a key: disabled at once, deletion 7 to 30 days away, then gone with its aliases', async () => {
  const { simulator, kms } = simulated()
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Tags: [{ TagKey: 'renkei:project', TagValue: 'p1' }] }))
  const KeyId = KeyMetadata!.KeyId!
  const AliasName = 'alias/renkei/demo/project/p1'
  await kms.send(new CreateAliasCommand({ AliasName, TargetKeyId: KeyId }))
  await expect(kms.send(new CreateAliasCommand({ AliasName, TargetKeyId: KeyId }))).rejects.toThrow(
    expect.objectContaining({
      name: 'AlreadyExistsException',
    }),
  )
  expect((await kms.send(new ListResourceTagsCommand({ KeyId }))).Tags).toEqual([
    { TagKey: 'renkei:project', TagValue: 'p1' },
  ])
  await kms.send(new DisableKeyCommand({ KeyId }))
  await kms.send(new DisableKeyCommand({ KeyId }))
  await expect(
    kms.send(
      new CreateGrantCommand({ KeyId, GranteePrincipal: 'arn:aws:iam::000000000000:role/x', Operations: ['Decrypt'] }),
    ),
  ).rejects.toThrow(expect.objectContaining({ name: 'DisabledException' }))
  await expect(kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 1 }))).rejects.toThrow(
    expect.objectContaining({
      name: 'ValidationException',
    }),
  )
  await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 30 }))
  await expect(kms.send(new ScheduleKeyDeletionCommand({ KeyId }))).rejects.toThrow(
    expect.objectContaining({ name: 'KMSInvalidStateException' }),
  )
  await expect(kms.send(new EnableKeyCommand({ KeyId }))).rejects.toThrow(
    expect.objectContaining({ name: 'KMSInvalidStateException' }),
  )
  expect((await kms.send(new DescribeKeyCommand({ KeyId: AliasName }))).KeyMetadata?.KeyState).toBe('PendingDeletion')
  simulator.advance(30 * day)
  await expect(kms.send(new DescribeKeyCommand({ KeyId }))).rejects.toThrow(
    expect.objectContaining({ name: 'NotFoundException' }),
  )
  expect((await kms.send(new ListAliasesCommand({}))).Aliases).toEqual([])
})

test('a grant with a name is made once', async () => {
  const { kms } = simulated()
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}))
  const KeyId = KeyMetadata!.KeyId!
  const grant = () =>
    kms.send(
      new CreateGrantCommand({
        KeyId,
        Name: 'volumes',
        GranteePrincipal: 'arn:aws:iam::000000000000:role/x',
        Operations: ['Decrypt', 'CreateGrant'],
      }),
    )
  expect((await grant()).GrantId).toBe((await grant()).GrantId)
  expect((await kms.send(new ListGrantsCommand({ KeyId }))).Grants?.length).toBe(1)
})

test('a desktop with a disabled volume key fails alone, a file system with one is refused', async () => {
  const on = simulated()
  const { KeyMetadata } = await on.kms.send(new CreateKeyCommand({}))
  const key = KeyMetadata!.Arn!
  await on.kms.send(new DisableKeyCommand({ KeyId: key }))
  await createUser(on, 'p1-a')
  const { FailedRequests } = await on.workspaces.send(
    new CreateWorkspacesCommand({
      Workspaces: [
        {
          ...desktopRequest('p1-a'),
          VolumeEncryptionKey: key,
          UserVolumeEncryptionEnabled: true,
          RootVolumeEncryptionEnabled: true,
        },
      ],
    }),
  )
  expect(FailedRequests?.[0]?.ErrorCode).toBe('InvalidVolumeEncryptionKey')
  await expect(
    on.efs.send(new CreateFileSystemCommand({ CreationToken: 'p1', Encrypted: true, KmsKeyId: key })),
  ).rejects.toThrow(expect.objectContaining({ name: 'BadRequest' }))
})

test('cryptography is not modelled and says so', async () => {
  const { kms } = simulated()
  await expect(kms.send(new EncryptCommand({ KeyId: 'x', Plaintext: new Uint8Array(1) }))).rejects.toThrow(
    expect.objectContaining({
      name: 'UnknownOperationException',
    }),
  )
})
