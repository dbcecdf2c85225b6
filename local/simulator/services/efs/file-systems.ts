import {
  CreateFileSystem$,
  DeleteFileSystem$,
  DeleteFileSystemPolicy$,
  DescribeBackupPolicy$,
  DescribeFileSystemPolicy$,
  DescribeFileSystems$,
  PutBackupPolicy$,
  PutFileSystemPolicy$,
  type BackupPolicyDescription,
  type CreateFileSystemRequest,
  type DeleteFileSystemPolicyRequest,
  type DeleteFileSystemRequest,
  type DescribeBackupPolicyRequest,
  type DescribeFileSystemPolicyRequest,
  type DescribeFileSystemsRequest,
  type DescribeFileSystemsResponse,
  type FileSystemDescription,
  type FileSystemPolicyDescription,
  type PutBackupPolicyRequest,
  type PutFileSystemPolicyRequest,
} from '@aws-sdk/client-efs'
import { operation } from '#local/simulator/operation.ts'
import type { World } from '#local/simulator/world.ts'
import { paged } from '#local/simulator/paging.ts'
import { keyUsable } from '../kms/lookup.ts'
import { quotaValue } from '../quotas/lookup.ts'
import { availableFileSystem, bad, efsError, efsTags, fileSystem, setEfsTags } from './lookup.ts'
import type { FileSystem } from './state.ts'

function describe(world: World, system: FileSystem): FileSystemDescription {
  const { policy: _policy, backup: _backup, ...shown } = system
  const tags = efsTags(world, system.FileSystemId)
  return {
    ...shown,
    NumberOfMountTargets: world.efs.mountTargets.all().filter((target) => target.FileSystemId === system.FileSystemId)
      .length,
    Tags: tags,
    Name: tags.find((tag) => tag.Key === 'Name')?.Value,
  }
}

export const fileSystemOperations = [
  /**
   * "Calling the operation with same creation token has no effect": it answers FileSystemAlreadyExists with the id.
   * Encryption and its key are chosen here, once.
   * Source: CreateFileSystem, https://docs.aws.amazon.com/efs/latest/ug/API_CreateFileSystem.html
   */
  operation<CreateFileSystemRequest, FileSystemDescription>(
    CreateFileSystem$,
    ['CreationToken', 'PerformanceMode', 'Encrypted', 'KmsKeyId', 'ThroughputMode', 'Backup', 'Tags'],
    (input, world) => {
      const all = world.efs.fileSystems.all()
      const before = all.find((system) => system.CreationToken === input.CreationToken)
      if (before)
        throw efsError(
          'FileSystemAlreadyExists',
          `File system '${before.FileSystemId}' already exists with creation token '${input.CreationToken}'`,
          409,
          { FileSystemId: before.FileSystemId },
        )
      if (all.length >= quotaValue(world, 'elasticfilesystem', 'L-848C634D'))
        throw efsError('FileSystemLimitExceeded', 'The maximum number of file systems has been reached.', 403)
      if (input.KmsKeyId && !input.Encrypted) throw bad('KmsKeyId is only allowed when Encrypted is set to true.')
      if (input.KmsKeyId && !keyUsable(world, input.KmsKeyId))
        throw bad(`The key ${input.KmsKeyId} does not exist or is not enabled.`)
      const id = `fs-${world.random.hex(17)}`
      setEfsTags(world, id, input.Tags)
      const system = world.efs.fileSystems.put(id, {
        FileSystemId: id,
        FileSystemArn: world.arn('elasticfilesystem', `file-system/${id}`),
        OwnerId: world.account,
        CreationToken: input.CreationToken,
        CreationTime: world.date(),
        LifeCycleState: 'creating',
        SizeInBytes: { Value: 6_144 },
        PerformanceMode: input.PerformanceMode ?? 'generalPurpose',
        ThroughputMode: input.ThroughputMode ?? 'bursting',
        Encrypted: input.Encrypted ?? false,
        ...(input.Encrypted ? { KmsKeyId: input.KmsKeyId ?? world.arn('kms', 'alias/aws/elasticfilesystem') } : {}),
        FileSystemProtection: { ReplicationOverwriteProtection: 'ENABLED' },
        backup: input.Backup ?? false,
      })
      world.later('CreateFileSystem', input, world.latencies.createFileSystem, () => {
        if (world.efs.fileSystems.get(id)?.LifeCycleState === 'creating')
          world.efs.fileSystems.update(id, { LifeCycleState: 'available' })
      })
      return describe(world, system)
    },
  ),

  operation<DescribeFileSystemsRequest, DescribeFileSystemsResponse>(
    DescribeFileSystems$,
    ['FileSystemId', 'CreationToken', 'MaxItems', 'Marker'],
    (input, world) => {
      const id = input.FileSystemId?.split('/').at(-1)
      const found = world.efs.fileSystems
        .allSeen()
        .filter(
          (system) =>
            (!id || system.FileSystemId === id) &&
            (!input.CreationToken || system.CreationToken === input.CreationToken),
        )
      if (id && found.length === 0) throw efsError('FileSystemNotFound', `File system '${id}' does not exist.`, 404)
      const page = paged(found, input.Marker, input.MaxItems, 100, 'BadRequest')
      return { FileSystems: page.items.map((system) => describe(world, system)), NextMarker: page.NextToken }
    },
  ),

  /** Refused while a mount target exists; access points go with it (DeleteFileSystem, EFS API reference). */
  operation<DeleteFileSystemRequest, object>(DeleteFileSystem$, ['FileSystemId'], (input, world) => {
    const { FileSystemId: id } = fileSystem(world, input.FileSystemId)
    if (world.efs.mountTargets.all().some((target) => target.FileSystemId === id))
      throw efsError('FileSystemInUse', `File system '${id}' has mount targets created on it.`, 409)
    world.efs.fileSystems.update(id, { LifeCycleState: 'deleting' })
    world.later('DeleteFileSystem', input, world.latencies.deleteFileSystem, () => {
      for (const point of world.efs.accessPoints.all())
        if (point.FileSystemId === id) world.efs.accessPoints.remove(point.AccessPointId)
      world.efs.fileSystems.remove(id)
      world.efs.tags.remove(id)
    })
    return {}
  }),

  /**
   * The trap: a file system without an explicit policy has the default one, which admits any client that reaches a
   * mount target (Default EFS file system policy, EFS user guide).
   */
  operation<PutFileSystemPolicyRequest, FileSystemPolicyDescription>(
    PutFileSystemPolicy$,
    ['FileSystemId', 'Policy', 'BypassPolicyLockoutSafetyCheck'],
    (input, world) => {
      const { FileSystemId } = availableFileSystem(world, input.FileSystemId)
      const invalid = (why: string) => efsError('InvalidPolicyException', `The policy is not valid: ${why}`, 400)
      let statements: unknown
      try {
        statements = (JSON.parse(input.Policy) as { Statement?: unknown }).Statement
      } catch {
        throw invalid('it is not JSON')
      }
      if (!Array.isArray(statements) || statements.length === 0) throw invalid('it has no statement')
      if (input.Policy.length > 20_000) throw invalid('it is longer than 20,000 characters')
      world.efs.fileSystems.update(FileSystemId, { policy: input.Policy })
      return { FileSystemId, Policy: input.Policy }
    },
  ),

  operation<DescribeFileSystemPolicyRequest, FileSystemPolicyDescription>(
    DescribeFileSystemPolicy$,
    ['FileSystemId'],
    (input, world) => {
      const { FileSystemId } = fileSystem(world, input.FileSystemId)
      const Policy = world.efs.fileSystems.seen(FileSystemId)?.policy
      if (!Policy)
        throw efsError('PolicyNotFound', `No policy is set for ${FileSystemId}: the default policy is in effect.`, 404)
      return { FileSystemId, Policy }
    },
  ),

  operation<DeleteFileSystemPolicyRequest, object>(DeleteFileSystemPolicy$, ['FileSystemId'], (input, world) => {
    world.efs.fileSystems.update(availableFileSystem(world, input.FileSystemId).FileSystemId, { policy: undefined })
    return {}
  }),

  operation<PutBackupPolicyRequest, BackupPolicyDescription>(
    PutBackupPolicy$,
    ['FileSystemId', 'BackupPolicy'],
    (input, world) => {
      const backup = input.BackupPolicy.Status === 'ENABLED'
      world.efs.fileSystems.update(availableFileSystem(world, input.FileSystemId).FileSystemId, { backup })
      return { BackupPolicy: { Status: backup ? 'ENABLED' : 'DISABLED' } }
    },
  ),

  operation<DescribeBackupPolicyRequest, BackupPolicyDescription>(
    DescribeBackupPolicy$,
    ['FileSystemId'],
    (input, world) => {
      return { BackupPolicy: { Status: fileSystem(world, input.FileSystemId).backup ? 'ENABLED' : 'DISABLED' } }
    },
  ),
]
