import type { GrantListEntry, KeyMetadata } from '@aws-sdk/client-kms'
import type { Collection, MakeTable } from '#local/simulator/store.ts'

export type Key = KeyMetadata & {
  readonly KeyId: string
  readonly Arn: string
  readonly policy: string
  readonly tags: Readonly<Record<string, string>>
  readonly rotation: boolean
}

interface Alias {
  readonly AliasName: string
  readonly TargetKeyId: string
  readonly created: number
}

export interface KmsTables {
  readonly keys: Collection<Key>
  readonly aliases: Collection<Alias>
  readonly grants: Collection<GrantListEntry & { readonly GrantId: string; readonly KeyId: string }>
  /** keys that live in another endpoint (the emulator): any key id that is not here counts as usable */
  elsewhere: boolean
}

export function kmsTables(table: MakeTable): KmsTables {
  return { keys: table('kms'), aliases: table('kms'), grants: table('kms'), elsewhere: false }
}
