import type { DirectoryStage } from '@aws-sdk/client-directory-service'
import type { Collection, MakeTable } from '#local/simulator/store.ts'

export interface Directory {
  readonly DirectoryId: string
  readonly Name: string
  readonly ShortName: string
  readonly Stage: DirectoryStage
  readonly vpcId: string
  readonly subnetIds: readonly string[]
  readonly dnsAddresses: readonly string[]
  readonly securityGroupId: string
  readonly dataAccess: 'Disabled' | 'Enabling' | 'Enabled' | 'Disabling' | 'Failed'
  readonly launched: number
}

export interface User {
  readonly directoryId: string
  readonly SAMAccountName: string
  /** the AD object's identity: a recreated user has another */
  readonly sid: string
  readonly GivenName?: string
  readonly Surname?: string
  readonly EmailAddress?: string
  readonly attributes: Readonly<Record<string, unknown>>
  readonly enabled: boolean
  /** when ResetUserPassword last set one; the password itself is not kept */
  readonly passwordSetAt?: number
}

export interface DirectoryTables {
  readonly directories: Collection<Directory>
  readonly users: Collection<User>
  /** ClientToken of Directory Service Data, with the request it first came with */
  readonly tokens: Map<string, { readonly request: string; readonly at: number }>
}

export function directoryTables(table: MakeTable): DirectoryTables {
  return { directories: table('directory-service'), users: table('directory-service-data'), tokens: new Map() }
}
