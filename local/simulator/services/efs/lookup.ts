import type { Tag } from '@aws-sdk/client-efs'
import { ServiceError } from '#local/simulator/errors.ts'
import type { World } from '#local/simulator/world.ts'
import type { FileSystem } from './state.ts'

/**
 * An error of EFS: its shapes carry `ErrorCode` and `Message`. Statuses: EFS API reference, errors of each operation.
 */
export function efsError(
  code: string,
  message: string,
  status: number,
  details: Readonly<Record<string, unknown>> = {},
): ServiceError {
  return new ServiceError(code, message, status, { ErrorCode: code, ...details })
}

export const bad = (message: string) => efsError('BadRequest', message, 400)

/** Ids may be given as ARN. */
export function fileSystem(world: World, idOrArn: string): FileSystem {
  const id = idOrArn.split('/').at(-1)!
  const found = world.efs.fileSystems.get(id)
  if (!found) throw efsError('FileSystemNotFound', `File system '${id}' does not exist.`, 404)
  return found
}

/** Most operations need the lifecycle state `available`. */
export function availableFileSystem(world: World, id: string): FileSystem {
  const found = fileSystem(world, id)
  if (found.LifeCycleState !== 'available')
    throw efsError(
      'IncorrectFileSystemLifeCycleState',
      `File system '${found.FileSystemId}' is in state ${found.LifeCycleState}.`,
      409,
    )
  return found
}

export const tagsOf = (world: World) => world.efs.tags

export function efsTags(world: World, id: string): Tag[] {
  return Object.entries(world.efs.tags.seen(id)?.tags ?? {}).map(([Key, Value]) => ({ Key, Value }))
}

export function setEfsTags(world: World, id: string, tags: readonly Tag[] | undefined): void {
  if (!tags) return
  const merged: Record<string, string> = { ...world.efs.tags.get(id)?.tags }
  for (const { Key, Value } of tags) {
    if (!Key || Key.length > 128 || Key.startsWith('aws:')) throw bad(`The tag key '${Key ?? ''}' is not valid.`)
    merged[Key] = Value ?? ''
  }
  if (Object.keys(merged).length > 50) throw bad('A resource can have at most 50 tags.')
  world.efs.tags.put(id, { tags: merged })
}
