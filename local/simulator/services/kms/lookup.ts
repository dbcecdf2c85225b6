import { ServiceError } from '#local/simulator/errors.ts'
import type { World } from '#local/simulator/world.ts'
import type { Key } from './state.ts'

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
