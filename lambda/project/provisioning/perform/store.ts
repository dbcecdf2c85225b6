import {
  CreateAccessPointCommand,
  CreateFileSystemCommand,
  CreateMountTargetCommand,
  DeleteAccessPointCommand,
  DeleteFileSystemCommand,
  DeleteMountTargetCommand,
  PutFileSystemPolicyCommand,
} from '@aws-sdk/client-efs'
import type { ActionOf } from '#domain/project/provisioning/actions.ts'
import { isNamed, type Aws } from '../aws.ts'

const tagList = (tags: Readonly<Record<string, string>>) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))

async function unlessDone(work: Promise<unknown>, done: string): Promise<void> {
  try {
    await work
  } catch (error) {
    if (!isNamed(error, done)) throw error
  }
}

/** Without a backup: what a project makes is destroyed with it (VIS-6). */
export async function createFileSystem(
  { efs }: Aws,
  { creationToken, keyArn, tags }: ActionOf<'CreateFileSystem'>,
): Promise<void> {
  await unlessDone(
    efs.send(
      new CreateFileSystemCommand({
        CreationToken: creationToken,
        Encrypted: true,
        KmsKeyId: keyArn,
        PerformanceMode: 'generalPurpose',
        ThroughputMode: 'elastic',
        Backup: false,
        Tags: tagList({ Name: creationToken, ...tags }),
      }),
    ),
    'FileSystemAlreadyExists',
  )
}

export async function putFileSystemPolicy(
  { efs }: Aws,
  { fileSystemId, policy }: ActionOf<'PutFileSystemPolicy'>,
): Promise<void> {
  await efs.send(new PutFileSystemPolicyCommand({ FileSystemId: fileSystemId, Policy: JSON.stringify(policy) }))
}

export async function createAccessPoint(
  { efs }: Aws,
  { fileSystemId, clientToken, posixId, path, tags }: ActionOf<'CreateAccessPoint'>,
): Promise<void> {
  await unlessDone(
    efs.send(
      new CreateAccessPointCommand({
        FileSystemId: fileSystemId,
        ClientToken: clientToken,
        PosixUser: { Uid: posixId, Gid: posixId },
        RootDirectory: { Path: path, CreationInfo: { OwnerUid: posixId, OwnerGid: posixId, Permissions: '0770' } },
        Tags: tagList(tags),
      }),
    ),
    'AccessPointAlreadyExists',
  )
}

export async function createMountTarget(
  { efs }: Aws,
  { fileSystemId, subnetId, groupId }: ActionOf<'CreateMountTarget'>,
): Promise<void> {
  await unlessDone(
    efs.send(
      new CreateMountTargetCommand({ FileSystemId: fileSystemId, SubnetId: subnetId, SecurityGroups: [groupId] }),
    ),
    'MountTargetConflict',
  )
}

export async function deleteMountTarget({ efs }: Aws, { mountTargetId }: ActionOf<'DeleteMountTarget'>): Promise<void> {
  await unlessDone(efs.send(new DeleteMountTargetCommand({ MountTargetId: mountTargetId })), 'MountTargetNotFound')
}

export async function deleteAccessPoint({ efs }: Aws, { accessPointId }: ActionOf<'DeleteAccessPoint'>): Promise<void> {
  await unlessDone(efs.send(new DeleteAccessPointCommand({ AccessPointId: accessPointId })), 'AccessPointNotFound')
}

export async function deleteFileSystem({ efs }: Aws, { fileSystemId }: ActionOf<'DeleteFileSystem'>): Promise<void> {
  await unlessDone(efs.send(new DeleteFileSystemCommand({ FileSystemId: fileSystemId })), 'FileSystemNotFound')
}
