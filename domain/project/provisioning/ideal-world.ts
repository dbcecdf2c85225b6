import type { Action } from './actions.ts'
import type { Desired } from './desired.ts'
import {
  seen,
  type Note,
  type Observed,
  type ObservedDesktop,
  type ObservedFileSystem,
  type ObservedGroup,
  type ObservedInterface,
  type ObservedKey,
} from './observed.ts'

/** An account in which every call succeeds at once: what a plan leads to when nothing goes wrong. */
export interface IdealWorld {
  keys: ObservedKey[]
  groups: ObservedGroup[]
  fileSystem: ObservedFileSystem | undefined
  users: Map<string, boolean>
  desktops: (ObservedDesktop & { readonly userName: string })[]
  interfaces: ObservedInterface[]
  notes: Record<string, Note>
  /** ids in the order of their making, each with the action that made it */
  readonly madeBy: Map<string, Action>
}

export const emptyWorld = (): IdealWorld => ({
  keys: [],
  groups: [],
  fileSystem: undefined,
  users: new Map(),
  desktops: [],
  interfaces: [],
  notes: {},
  madeBy: new Map(),
})

export const keyArnOf = (keyId: string) => `arn:aws:kms:::key/${keyId}`

/** What a complete and current view of the world shows. */
export function look(world: IdealWorld, desired: Desired): Observed {
  return {
    keys: seen([...world.keys]),
    groups: seen([...world.groups]),
    fileSystem: seen(world.fileSystem),
    people: Object.fromEntries(
      desired.people.map(({ personId, userName }) => {
        const enabled = world.users.get(userName)
        return [
          personId,
          {
            user: seen(enabled === undefined ? undefined : { enabled }),
            desktops: seen(world.desktops.filter((desktop) => desktop.userName === userName)),
          },
        ]
      }),
    ),
    interfaces: seen([...world.interfaces]),
    notes: { ...world.notes },
  }
}
