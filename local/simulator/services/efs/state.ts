import type { AccessPointDescription, FileSystemDescription, MountTargetDescription } from '@aws-sdk/client-efs'
import type { Collection, MakeTable } from '#local/simulator/store.ts'

export type FileSystem = Omit<FileSystemDescription, 'Tags' | 'NumberOfMountTargets' | 'Name'> & {
  readonly FileSystemId: string
  readonly policy?: string
  readonly backup: boolean
}
export type AccessPoint = Omit<AccessPointDescription, 'Tags' | 'Name'> & {
  readonly AccessPointId: string
  readonly FileSystemId: string
}
export type MountTarget = MountTargetDescription & {
  readonly MountTargetId: string
  readonly FileSystemId: string
  readonly SubnetId: string
  readonly SecurityGroups: readonly string[]
}

export interface EfsTables {
  readonly fileSystems: Collection<FileSystem>
  readonly accessPoints: Collection<AccessPoint>
  readonly mountTargets: Collection<MountTarget>
  readonly tags: Collection<{ readonly tags: Readonly<Record<string, string>> }>
}

export function efsTables(table: MakeTable): EfsTables {
  return { fileSystems: table('efs'), accessPoints: table('efs'), mountTargets: table('efs'), tags: table('efs') }
}
