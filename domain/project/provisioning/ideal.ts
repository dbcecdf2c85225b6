import type { Action, ActionOf } from './actions.ts'
import type { Desired } from './desired.ts'
import {
  ruleKey,
  seen,
  type Note,
  type Observed,
  type ObservedDesktop,
  type ObservedFileSystem,
  type ObservedGroup,
  type ObservedInterface,
  type ObservedKey,
  type Rule,
} from './observed.ts'
import { plan } from './plan.ts'

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
/** What AWS gives every new group: all traffic out. */
const OPEN_EGRESS: Rule = { protocol: '-1', from: -1, to: -1, peer: 'cidr/0.0.0.0/0' }

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

/** Performs one action, with AWS's own idempotency: the same name or token makes nothing twice. */
export function perform(world: IdealWorld, action: Action, now: string): void {
  if (action.intent !== undefined)
    world.notes[action.intent] = { at: now, times: (world.notes[action.intent]?.times ?? 0) + 1 }
  const next = (prefix: string) => {
    const id = `${prefix}-${world.madeBy.size + 1}`
    world.madeBy.set(id, action)
    return id
  }
  const changeKey = (keyId: string, change: Partial<ObservedKey>) => {
    world.keys = world.keys.map((key) => (key.id === keyId ? { ...key, ...change } : key))
  }
  const changeStore = (change: (fileSystem: ObservedFileSystem) => Partial<ObservedFileSystem>) => {
    if (world.fileSystem !== undefined) world.fileSystem = { ...world.fileSystem, ...change(world.fileSystem) }
  }
  const changeInterface = (id: string, change: (found: ObservedInterface) => Partial<ObservedInterface>) => {
    world.interfaces = world.interfaces.map((found) => (found.id === id ? { ...found, ...change(found) } : found))
  }
  const changeDesktop = (id: string, change: Partial<ObservedDesktop>) => {
    world.desktops = world.desktops.map((desktop) => (desktop.id === id ? { ...desktop, ...change } : desktop))
  }
  switch (action.type) {
    case 'CreateKey': {
      const id = next('key')
      world.keys.push({ id, arn: keyArnOf(id), aliased: true, state: 'Enabled', rotates: false })
      return
    }
    case 'CreateAlias':
      return changeKey(action.keyId, { aliased: true })
    case 'EnableKeyRotation':
      return changeKey(action.keyId, { rotates: true })
    case 'DisableKey':
      return changeKey(action.keyId, { state: 'Disabled' })
    case 'ScheduleKeyDeletion':
      return changeKey(action.keyId, { state: 'PendingDeletion' })
    case 'CreateGroup':
      if (!world.groups.some(({ name }) => name === action.name))
        world.groups.push({ id: next('sg'), name: action.name, egress: [OPEN_EGRESS], ingress: [] })
      return
    case 'RevokeRules':
    case 'AuthorizeRules':
      world.groups = world.groups.map((group) =>
        group.id === action.groupId
          ? { ...group, [action.direction]: changeRules(group[action.direction], action) }
          : group,
      )
      return
    case 'DeleteGroup':
      world.groups = world.groups.filter(({ id }) => id !== action.groupId)
      return
    case 'CreateFileSystem':
      world.fileSystem ??= {
        id: next('fs'),
        state: 'available',
        keyArn: action.keyArn,
        policy: undefined,
        accessPoints: [],
        mountTargets: [],
      }
      return
    case 'PutFileSystemPolicy':
      return changeStore(() => ({ policy: action.policy }))
    case 'CreateAccessPoint':
      return changeStore(({ accessPoints }) =>
        accessPoints.some(({ clientToken }) => clientToken === action.clientToken)
          ? {}
          : {
              accessPoints: [
                ...accessPoints,
                { id: next('fsap'), state: 'available', clientToken: action.clientToken },
              ],
            },
      )
    case 'CreateMountTarget':
      return changeStore(({ mountTargets }) =>
        mountTargets.some(({ subnetId }) => subnetId === action.subnetId)
          ? {}
          : { mountTargets: [...mountTargets, { id: next('fsmt'), state: 'available', subnetId: action.subnetId }] },
      )
    case 'DeleteMountTarget':
      return changeStore(({ mountTargets }) => ({
        mountTargets: mountTargets.filter(({ id }) => id !== action.mountTargetId),
      }))
    case 'DeleteAccessPoint':
      return changeStore(({ accessPoints }) => ({
        accessPoints: accessPoints.filter(({ id }) => id !== action.accessPointId),
      }))
    case 'DeleteFileSystem':
      world.fileSystem = undefined
      return
    case 'CreateUser':
      world.users.set(action.userName, world.users.get(action.userName) ?? false)
      return
    case 'EnableUser':
    case 'DisableUser':
      world.users.set(action.userName, action.type === 'EnableUser')
      return
    case 'DeleteUser':
      world.users.delete(action.userName)
      return
    case 'CreateDesktop':
      return createDesktop(world, action, next)
    case 'SetAutoStop':
      return changeDesktop(action.desktopId, { autoStop: true })
    case 'StopDesktop':
      return changeDesktop(action.desktopId, { state: 'STOPPED' })
    case 'TerminateDesktop': {
      const address = world.desktops.find(({ id }) => id === action.desktopId)?.address
      world.desktops = world.desktops.filter(({ id }) => id !== action.desktopId)
      world.interfaces = world.interfaces.filter((found) => found.address !== address)
      return
    }
    case 'SetGroups':
      return changeInterface(action.interfaceId, () => ({ groups: action.groups }))
    case 'TagInterface':
      return changeInterface(action.interfaceId, ({ tags }) => ({ tags: { ...tags, ...action.tags } }))
    case 'UntagInterface':
      return changeInterface(action.interfaceId, ({ tags }) => ({
        tags: Object.fromEntries(Object.entries(tags).filter(([tag]) => !action.keys.includes(tag))),
      }))
    case 'WriteNote':
      world.notes[action.name] = action.note
      return
    case 'ForgetNote':
      delete world.notes[action.name]
      return
  }
}

function changeRules(rules: readonly Rule[], action: ActionOf<'RevokeRules' | 'AuthorizeRules'>): readonly Rule[] {
  const keys = new Set(action.rules.map(ruleKey))
  const others = rules.filter((rule) => !keys.has(ruleKey(rule)))
  return action.type === 'RevokeRules' ? others : [...others, ...action.rules]
}

function createDesktop(world: IdealWorld, action: ActionOf<'CreateDesktop'>, next: (prefix: string) => string): void {
  if (world.desktops.some(({ userName }) => userName === action.userName)) return
  const address = `address-${world.madeBy.size + 1}`
  world.desktops.push({
    id: next('ws'),
    userName: action.userName,
    state: 'AVAILABLE',
    address,
    autoStop: true,
    volumeKey: action.keyArn,
  })
  world.interfaces.push({ id: next('eni'), address, groups: [], tags: {} })
}

/** The passes a plan may take from nothing to everything; more means that it goes round in a circle. */
const MAX_PASSES = 30

/** Every action from an empty account to the desired state, in the order in which they would be made. */
export function actionsFromNothing(
  desired: Desired,
  now: string,
): { readonly actions: readonly Action[]; readonly world: IdealWorld } {
  const world = emptyWorld()
  const done: Action[] = []
  for (let pass = 0; pass < MAX_PASSES; pass += 1) {
    const { actions, converged, waiting } = plan(desired, look(world, desired), {
      now,
      desktopsExisting: 0,
      settleSeconds: 0,
    })
    if (converged) return { actions: done, world }
    if (actions.length === 0)
      throw new Error(`project ${desired.projectId} cannot be provisioned: ${waiting.join('; ')}`)
    for (const action of actions) {
      perform(world, action, now)
      done.push(action)
    }
  }
  throw new Error(`the plan of project ${desired.projectId} does not end after ${MAX_PASSES} passes`)
}
