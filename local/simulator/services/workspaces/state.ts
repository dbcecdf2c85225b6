import type { WorkspaceDirectory, WorkspaceProperties, WorkspaceState } from '@aws-sdk/client-workspaces'
import type { Collection, MakeTable } from '#local/simulator/store.ts'

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
