import type { WorkspaceDirectory, WorkspaceProperties, WorkspaceState } from '@aws-sdk/client-workspaces'
import { ServiceError } from '#local/simulator/errors.ts'
import type { Collection } from '#local/simulator/store.ts'
import type { MakeTable, World } from '#local/simulator/world.ts'

export type Registration = WorkspaceDirectory & { readonly DirectoryId: string; readonly SubnetIds: string[] }

export interface Desktop {
  readonly WorkspaceId: string
  readonly DirectoryId: string
  readonly UserName: string
  /** the AD object this desktop belongs to: not the name, so a recreated user gets a second desktop under one name */
  readonly userSid: string
  readonly BundleId: string
  readonly State: WorkspaceState
  readonly properties: WorkspaceProperties
  readonly VolumeEncryptionKey?: string
  readonly UserVolumeEncryptionEnabled: boolean
  readonly RootVolumeEncryptionEnabled: boolean
  readonly IpAddress?: string
  readonly SubnetId?: string
  readonly ComputerName?: string
  readonly ErrorCode?: string
  readonly ErrorMessage?: string
  readonly interfaceId?: string
  readonly connected: boolean
  readonly lastConnection?: number
}

interface Bundle {
  readonly BundleId: string
  readonly Name: string
  readonly Owner: string
  readonly compute: string
}

export interface WorkspacesTables {
  readonly directories: Collection<Registration>
  readonly desktops: Collection<Desktop>
  readonly bundles: Collection<Bundle>
  readonly tags: Collection<{ readonly tags: Readonly<Record<string, string>> }>
  /** whether the role `workspaces_DefaultRole` exists in the account */
  defaultRole: boolean
}

export function workspacesTables(table: MakeTable): WorkspacesTables {
  return {
    directories: table('workspaces'),
    desktops: table('workspaces'),
    bundles: table('workspaces'),
    tags: table('workspaces'),
    defaultRole: true,
  }
}

/** Empty members count as absent in this API's parameters. */
export function invalid(message: string): ServiceError {
  return new ServiceError('InvalidParameterValuesException', message)
}

export function resourceNotFound(id: string): ServiceError {
  return new ServiceError('ResourceNotFoundException', `The specified resource ${id} is not found.`, 400, {
    ResourceId: id,
  })
}

/** A directory that is registered now. */
export function registered(world: World, id: string): Registration {
  const directory = world.workspaces.directories.get(id)
  if (!directory || directory.State === 'DEREGISTERED') throw resourceNotFound(id)
  return directory
}
