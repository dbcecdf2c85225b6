import type { Action, ActionOf, ActionType } from './actions.ts'
import { keyArnOf, type IdealWorld } from './ideal-world.ts'
import {
  ruleKey,
  type ObservedDesktop,
  type ObservedFileSystem,
  type ObservedInterface,
  type ObservedKey,
  type Rule,
} from './observed.ts'

/** What AWS gives every new group: all traffic out. */
const OPEN_EGRESS: Rule = { protocol: '-1', from: -1, to: -1, peer: 'cidr/0.0.0.0/0' }

/** Performs one action, with AWS's own idempotency: the same name or token makes nothing twice. */
export function perform(world: IdealWorld, action: Action, now: string): void {
  if (action.intent !== undefined)
    world.notes[action.intent] = { at: now, times: (world.notes[action.intent]?.times ?? 0) + 1 }
  const effect = effects[action.type] as (world: IdealWorld, action: Action) => void
  effect(world, action)
}

/** What each action changes in the world. */
const effects: { readonly [Type in ActionType]: (world: IdealWorld, action: ActionOf<Type>) => void } = {
  CreateKey(world, action) {
    const id = newId(world, 'key', action)
    world.keys.push({ id, arn: keyArnOf(id), aliased: true, state: 'Enabled', rotates: false })
  },
  CreateAlias: (world, { keyId }) => changeKey(world, keyId, { aliased: true }),
  EnableKeyRotation: (world, { keyId }) => changeKey(world, keyId, { rotates: true }),
  DisableKey: (world, { keyId }) => changeKey(world, keyId, { state: 'Disabled' }),
  ScheduleKeyDeletion: (world, { keyId }) => changeKey(world, keyId, { state: 'PendingDeletion' }),

  CreateGroup(world, action) {
    if (world.groups.some(({ name }) => name === action.name)) return
    world.groups.push({ id: newId(world, 'sg', action), name: action.name, egress: [OPEN_EGRESS], ingress: [] })
  },
  RevokeRules: changeRules,
  AuthorizeRules: changeRules,
  DeleteGroup(world, { groupId }) {
    world.groups = world.groups.filter(({ id }) => id !== groupId)
  },

  CreateFileSystem(world, action) {
    world.fileSystem ??= {
      id: newId(world, 'fs', action),
      state: 'available',
      keyArn: action.keyArn,
      policy: undefined,
      accessPoints: [],
      mountTargets: [],
    }
  },
  PutFileSystemPolicy: (world, { policy }) => changeStore(world, () => ({ policy })),
  CreateAccessPoint(world, action) {
    const { clientToken } = action
    if (world.fileSystem?.accessPoints.some((point) => point.clientToken === clientToken)) return
    const point = { id: newId(world, 'fsap', action), state: 'available', clientToken }
    changeStore(world, ({ accessPoints }) => ({ accessPoints: [...accessPoints, point] }))
  },
  CreateMountTarget(world, action) {
    const { subnetId } = action
    if (world.fileSystem?.mountTargets.some((target) => target.subnetId === subnetId)) return
    const target = { id: newId(world, 'fsmt', action), state: 'available', subnetId }
    changeStore(world, ({ mountTargets }) => ({ mountTargets: [...mountTargets, target] }))
  },
  DeleteMountTarget: (world, { mountTargetId }) =>
    changeStore(world, ({ mountTargets }) => ({ mountTargets: mountTargets.filter(({ id }) => id !== mountTargetId) })),
  DeleteAccessPoint: (world, { accessPointId }) =>
    changeStore(world, ({ accessPoints }) => ({ accessPoints: accessPoints.filter(({ id }) => id !== accessPointId) })),
  DeleteFileSystem(world) {
    world.fileSystem = undefined
  },

  CreateUser(world, { userName }) {
    world.users.set(userName, world.users.get(userName) ?? false)
  },
  EnableUser(world, { userName }) {
    world.users.set(userName, true)
  },
  DisableUser(world, { userName }) {
    world.users.set(userName, false)
  },
  DeleteUser(world, { userName }) {
    world.users.delete(userName)
  },

  CreateDesktop(world, action) {
    const { userName } = action
    if (world.desktops.some((desktop) => desktop.userName === userName)) return
    const address = `address-${world.madeBy.size + 1}`
    const id = newId(world, 'ws', action)
    world.desktops.push({ id, userName, state: 'AVAILABLE', address, autoStop: true, volumeKey: action.keyArn })
    world.interfaces.push({ id: newId(world, 'eni', action), address, groups: [], tags: {} })
  },
  SetAutoStop: (world, { desktopId }) => changeDesktop(world, desktopId, { autoStop: true }),
  StopDesktop: (world, { desktopId }) => changeDesktop(world, desktopId, { state: 'STOPPED' }),
  TerminateDesktop(world, { desktopId }) {
    const address = world.desktops.find(({ id }) => id === desktopId)?.address
    world.desktops = world.desktops.filter(({ id }) => id !== desktopId)
    world.interfaces = world.interfaces.filter((found) => found.address !== address)
  },

  SetGroups: (world, { interfaceId, groups }) => changeInterface(world, interfaceId, () => ({ groups })),
  TagInterface: (world, { interfaceId, tags: added }) =>
    changeInterface(world, interfaceId, ({ tags }) => ({ tags: { ...tags, ...added } })),
  UntagInterface: (world, { interfaceId, keys }) =>
    changeInterface(world, interfaceId, ({ tags }) => ({
      tags: Object.fromEntries(Object.entries(tags).filter(([tag]) => !keys.includes(tag))),
    })),

  WriteNote(world, { name, note }) {
    world.notes[name] = note
  },
  ForgetNote(world, { name }) {
    delete world.notes[name]
  },
}

function newId(world: IdealWorld, prefix: string, action: Action): string {
  const id = `${prefix}-${world.madeBy.size + 1}`
  world.madeBy.set(id, action)
  return id
}

function changeKey(world: IdealWorld, keyId: string, change: Partial<ObservedKey>): void {
  world.keys = world.keys.map((key) => (key.id === keyId ? { ...key, ...change } : key))
}

function changeRules(world: IdealWorld, action: ActionOf<'RevokeRules' | 'AuthorizeRules'>): void {
  const keys = new Set(action.rules.map(ruleKey))
  world.groups = world.groups.map((group) => {
    if (group.id !== action.groupId) return group
    const others = group[action.direction].filter((rule) => !keys.has(ruleKey(rule)))
    return { ...group, [action.direction]: action.type === 'RevokeRules' ? others : [...others, ...action.rules] }
  })
}

function changeStore(world: IdealWorld, change: (fileSystem: ObservedFileSystem) => Partial<ObservedFileSystem>): void {
  if (world.fileSystem !== undefined) world.fileSystem = { ...world.fileSystem, ...change(world.fileSystem) }
}

function changeDesktop(world: IdealWorld, desktopId: string, change: Partial<ObservedDesktop>): void {
  world.desktops = world.desktops.map((desktop) => (desktop.id === desktopId ? { ...desktop, ...change } : desktop))
}

function changeInterface(
  world: IdealWorld,
  interfaceId: string,
  change: (found: ObservedInterface) => Partial<ObservedInterface>,
): void {
  world.interfaces = world.interfaces.map((found) =>
    found.id === interfaceId ? { ...found, ...change(found) } : found,
  )
}
