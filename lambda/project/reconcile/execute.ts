import type { Action, ActionOf, ActionType } from '#domain/project/provisioning/actions.ts'
import type { Note } from '#domain/project/provisioning/observed.ts'
import { errorName } from '#lambda/kernel/errors.ts'
import type { Aws } from '../provisioning/aws.ts'
import type { Memory } from '../provisioning/memory.ts'
import {
  createAlias,
  createKey,
  disableKey,
  enableKeyRotation,
  scheduleKeyDeletion,
} from '../provisioning/perform/keys.ts'
import {
  authorizeRules,
  createGroup,
  deleteGroup,
  revokeRules,
  setGroups,
  tagInterface,
  untagInterface,
} from '../provisioning/perform/network.ts'
import {
  BATCH,
  createDesktops,
  createUser,
  deleteUser,
  disableUser,
  enableUser,
  setAutoStop,
  stopDesktops,
  terminateDesktops,
  type ItemFailures,
} from '../provisioning/perform/people.ts'
import {
  createAccessPoint,
  createFileSystem,
  createMountTarget,
  deleteAccessPoint,
  deleteFileSystem,
  deleteMountTarget,
  putFileSystemPolicy,
} from '../provisioning/perform/store.ts'

type Result =
  | { readonly outcome: 'done' }
  | { readonly outcome: 'failed'; readonly reason: string }
  /** something it must come after did not succeed */
  | { readonly outcome: 'skipped' }

export interface ExecutionPort {
  readonly aws: Aws
  readonly memory: Memory
  readonly projectId: string
  readonly now: () => string
  readonly notes: Readonly<Record<string, Note>>
  /** asked before every action: false once a suspension came that this pass does not know of */
  readonly mayGoOn: () => Promise<boolean>
}

export interface Execution {
  readonly results: ReadonlyMap<string, Result>
  /** false where a suspension or the deadline ended it: the rest was not tried */
  readonly complete: boolean
}

/** Performs a plan's actions in their order. One that fails stops only what must come after it. */
export async function execute(port: ExecutionPort, actions: readonly Action[]): Promise<Execution> {
  const results = new Map<string, Result>()
  for (const batch of batches(actions)) {
    if (!(await port.mayGoOn())) return { results, complete: false }
    const ready = batch.filter((action) => (action.after ?? []).every((id) => results.get(id)?.outcome === 'done'))
    for (const action of batch) results.set(action.id, { outcome: 'skipped' })
    if (ready.length === 0) continue
    try {
      for (const action of ready) await writeIntent(port, action)
      const failures = await performBatch(port, ready)
      ready.forEach((action, index) => {
        const reason = failures.get(index)
        results.set(action.id, reason === undefined ? { outcome: 'done' } : { outcome: 'failed', reason })
      })
    } catch (error) {
      for (const action of ready) results.set(action.id, { outcome: 'failed', reason: errorName(error) })
    }
  }
  return { results, complete: true }
}

/** Actions that AWS takes several of in one call; neighbours of one type go together. */
const BATCHED: readonly ActionType[] = ['CreateDesktop', 'StopDesktop', 'TerminateDesktop']

function batches(actions: readonly Action[]): readonly (readonly Action[])[] {
  const all: Action[][] = []
  // Notes written between the terminations of several people must not part them.
  const sorted = actions.toSorted((a, b) => rank(a) - rank(b))
  for (const action of sorted) {
    const last = all.at(-1)
    if (last !== undefined && BATCHED.includes(action.type) && last[0]?.type === action.type && last.length < BATCH)
      last.push(action)
    else all.push([action])
  }
  return all
}

const rank = ({ type }: Action) =>
  type === 'WriteNote' || type === 'ForgetNote' ? 0 : type === 'TerminateDesktop' ? 2 : 1

async function writeIntent({ memory, notes, projectId, now }: ExecutionPort, { intent }: Action): Promise<void> {
  if (intent !== undefined) await memory.write(projectId, intent, { at: now(), times: (notes[intent]?.times ?? 0) + 1 })
}

const NONE: ItemFailures = new Map()

async function performBatch(port: ExecutionPort, batch: readonly Action[]): Promise<ItemFailures> {
  const [first] = batch
  if (first === undefined) return NONE
  switch (first.type) {
    case 'CreateDesktop':
      return createDesktops(port.aws, batch as readonly ActionOf<'CreateDesktop'>[])
    case 'StopDesktop':
      return stopDesktops(
        port.aws,
        batch.map((action) => (action as ActionOf<'StopDesktop'>).desktopId),
      )
    case 'TerminateDesktop':
      return terminateDesktops(
        port.aws,
        batch.map((action) => (action as ActionOf<'TerminateDesktop'>).desktopId),
      )
    default:
      await perform(port, first)
      return NONE
  }
}

function perform({ aws, memory, projectId, now, notes }: ExecutionPort, action: Action): Promise<unknown> {
  switch (action.type) {
    case 'CreateKey':
      return createKey(aws, action, (id) =>
        memory.write(projectId, action.intent ?? action.id, {
          at: now(),
          id,
          times: (notes[action.intent ?? action.id]?.times ?? 0) + 1,
        }),
      )
    case 'CreateAlias':
      return createAlias(aws, action)
    case 'EnableKeyRotation':
      return enableKeyRotation(aws, action)
    case 'DisableKey':
      return disableKey(aws, action)
    case 'ScheduleKeyDeletion':
      return scheduleKeyDeletion(aws, action)
    case 'CreateGroup':
      return createGroup(aws, action)
    case 'RevokeRules':
      return revokeRules(aws, action)
    case 'AuthorizeRules':
      return authorizeRules(aws, action)
    case 'DeleteGroup':
      return deleteGroup(aws, action)
    case 'CreateFileSystem':
      return createFileSystem(aws, action)
    case 'PutFileSystemPolicy':
      return putFileSystemPolicy(aws, action)
    case 'CreateAccessPoint':
      return createAccessPoint(aws, action)
    case 'CreateMountTarget':
      return createMountTarget(aws, action)
    case 'DeleteMountTarget':
      return deleteMountTarget(aws, action)
    case 'DeleteAccessPoint':
      return deleteAccessPoint(aws, action)
    case 'DeleteFileSystem':
      return deleteFileSystem(aws, action)
    case 'CreateUser':
      return createUser(aws, action)
    case 'EnableUser':
      return enableUser(aws, action)
    case 'DisableUser':
      return disableUser(aws, action)
    case 'DeleteUser':
      return deleteUser(aws, action)
    case 'SetAutoStop':
      return setAutoStop(aws, action)
    case 'SetGroups':
      return setGroups(aws, action)
    case 'TagInterface':
      return tagInterface(aws, action)
    case 'UntagInterface':
      return untagInterface(aws, action)
    case 'WriteNote':
      return memory.write(projectId, action.name, action.note)
    case 'ForgetNote':
      return memory.forget(projectId, action.name)
    case 'CreateDesktop':
    case 'StopDesktop':
    case 'TerminateDesktop':
      throw new Error(`${action.type} goes in a batch`)
  }
}
