import { ServiceError } from '#local/simulator/errors.ts'
import type { World } from '#local/simulator/world.ts'
import type { Registration } from './state.ts'

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
