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
import { tagList } from '#domain/project/provisioning/resource-names.ts'
import { tolerate } from '#lambda/kernel/errors.ts'
import type { Aws } from '../aws.ts'

/** Without a backup: what a project makes is destroyed with it (VIS-6). */
export async function createFileSystem(
  { efs }: Aws,
  { creationToken, keyArn, tags }: ActionOf<'CreateFileSystem'>,
): Promise<void> {
  await tolerate(['FileSystemAlreadyExists'], () =>
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
  await tolerate(['AccessPointAlreadyExists'], () =>
    efs.send(
      new CreateAccessPointCommand({
        FileSystemId: fileSystemId,
        ClientToken: clientToken,
        PosixUser: { Uid: posixId, Gid: posixId },
        RootDirectory: { Path: path, CreationInfo: { OwnerUid: posixId, OwnerGid: posixId, Permissions: '0770' } },
        Tags: tagList(tags),
      }),
    ),
  )
}

export async function createMountTarget(
  { efs }: Aws,
  { fileSystemId, subnetId, groupId }: ActionOf<'CreateMountTarget'>,
): Promise<void> {
  await tolerate(['MountTargetConflict'], () =>
    efs.send(
      new CreateMountTargetCommand({ FileSystemId: fileSystemId, SubnetId: subnetId, SecurityGroups: [groupId] }),
    ),
  )
}

export async function deleteMountTarget({ efs }: Aws, { mountTargetId }: ActionOf<'DeleteMountTarget'>): Promise<void> {
  await tolerate(['MountTargetNotFound'], () =>
    efs.send(new DeleteMountTargetCommand({ MountTargetId: mountTargetId })),
  )
}

export async function deleteAccessPoint({ efs }: Aws, { accessPointId }: ActionOf<'DeleteAccessPoint'>): Promise<void> {
  await tolerate(['AccessPointNotFound'], () =>
    efs.send(new DeleteAccessPointCommand({ AccessPointId: accessPointId })),
  )
}

export async function deleteFileSystem({ efs }: Aws, { fileSystemId }: ActionOf<'DeleteFileSystem'>): Promise<void> {
  await tolerate(['FileSystemNotFound'], () => efs.send(new DeleteFileSystemCommand({ FileSystemId: fileSystemId })))
}
