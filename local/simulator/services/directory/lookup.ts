import type { World } from '#local/simulator/world.ts'
import type { User } from './state.ts'

/** Names are not case-sensitive in Active Directory. */
export const userKey = (directoryId: string, name: string) => `${directoryId}/${name.toLowerCase()}`

export function userByName(world: World, directoryId: string, name: string): User | undefined {
  return world.directories.users.get(userKey(directoryId, name))
}
