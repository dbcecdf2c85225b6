import type { GrantListEntry, KeyMetadata } from '@aws-sdk/client-kms'
import { ServiceError } from '#local/simulator/errors.ts'
import type { Collection } from '#local/simulator/store.ts'
import type { MakeTable, World } from '#local/simulator/world.ts'

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

/** A key by id, ARN, alias name or alias ARN. */
export function lookup(world: World, id: string): Key | undefined {
  const name = id.startsWith('arn:') ? id.slice(id.indexOf(':', id.lastIndexOf(world.account)) + 1) : id
  if (name.startsWith('alias/')) return world.kms.keys.get(world.kms.aliases.get(name)?.TargetKeyId ?? '')
  return world.kms.keys.get(name.replace(/^key\//, ''))
}

export function key(world: World, id: string): Key {
  const found = lookup(world, id)
  if (!found)
    throw new ServiceError(
      'NotFoundException',
      id.includes('alias/') ? `Alias ${id} is not found.` : `Key '${id}' does not exist`,
    )
  return found
}

/** Whether a service can encrypt with this key now. */
export function keyUsable(world: World, id: string): boolean {
  const found = lookup(world, id)
  return found ? found.KeyState === 'Enabled' : world.kms.elsewhere
}
