import type { Desired, DesiredPerson } from './desired.ts'
import type { Draft } from './draft.ts'
import { BLOCKED_TAG, GRANTED_PREFIX, grantedTag, projectTags } from './resource-names.ts'
import type { ObservedDesktop, ObservedInterface, ObservedKey, ObservedPerson } from './observed.ts'

/** What must stand before a desktop is made, and before it is let out to a database. */
export interface Foundation {
  readonly key: ObservedKey | undefined
  /** the desktops' group and whether its rules are exactly right; undefined where there is none yet */
  readonly group: { readonly id: string; readonly right: boolean } | undefined
  /** false where the groups could not be seen: then no interface is moved */
  readonly groupsSeen: boolean
  /** key, groups and store are all as they should be */
  readonly complete: boolean
  readonly interfaces: readonly ObservedInterface[] | undefined
}

/** The note of an asked-for desktop: CreateWorkspaces takes no token, and its describe shows a new desktop late. */
const desktopIntent = (userName: string) => `create desktop ${userName}`
const enableIntent = (userName: string) => `enable user ${userName}`

/** States in which a desktop is whole and may be let out; a stopped one keeps its interface. */
const SOUND = new Set(['AVAILABLE', 'STOPPED', 'STOPPING', 'STARTING', 'REBOOTING'])
/** Its interface goes away by itself, and its address may already be another's. */
const LEAVING = new Set(['TERMINATING', 'TERMINATED'])

/** Makes a person's user and desktop, and lets the desktop out or fences it, as their access says. */
export function planPerson(
  desired: Desired,
  person: DesiredPerson,
  seen: ObservedPerson,
  foundation: Foundation,
  draft: Draft,
): void {
  const desktops = draft.value(`the desktops of ${person.userName}`, seen.desktops)?.value
  const open = person.access === 'granted' || person.access === 'idle'
  const userReady = planUser(desired, person, seen, draft, open)
  if (desktops === undefined) return
  const staying = desktops.filter(({ state }) => !LEAVING.has(state))
  if (desktops.length !== staying.length) draft.wait(`a desktop of ${person.userName} is being terminated`)
  if (open && desired.wanted && desktops.length === 0) return planDesktop(desired, person, userReady, foundation, draft)
  const odd = staying.filter((desktop) => staying.length > 1 || isOdd(desktop, foundation.key))
  for (const desktop of odd) draft.raise({ kind: 'desktop', id: desktop.id, personId: person.personId })
  for (const desktop of staying) planAccess(desired, person, desktop, open && odd.length === 0, foundation, draft)
}

/** Not what was ordered: broken from its making, or its volumes not under the project's key (CRY-3). Kept and raised, never replaced (C-11). */
const isOdd = (desktop: ObservedDesktop, key: ObservedKey | undefined) =>
  desktop.state === 'ERROR' || (key !== undefined && desktop.volumeKey !== key.arn)

function planUser(
  {
    platform: {
      cell: { directoryId },
    },
    wanted,
  }: Desired,
  { userName }: DesiredPerson,
  seen: ObservedPerson,
  draft: Draft,
  open: boolean,
): boolean {
  const found = draft.value(`the user ${userName}`, seen.user)
  if (found === undefined) return false
  const user = found.value
  if (user === undefined) {
    if (open && wanted) draft.add({ type: 'CreateUser', directoryId, userName }, userName)
    return false
  }
  if (open && !user.enabled) {
    if (draft.fresh(enableIntent(userName))) draft.wait(`user ${userName} was enabled and does not show it yet`)
    else draft.add({ type: 'EnableUser', directoryId, userName }, userName, { intent: enableIntent(userName) })
  }
  if (!open && user.enabled) draft.add({ type: 'DisableUser', directoryId, userName }, userName)
  return user.enabled
}

function planDesktop(
  { platform, projectId }: Desired,
  { userName, personId }: DesiredPerson,
  userReady: boolean,
  { key }: Foundation,
  draft: Draft,
): void {
  if (key === undefined || !userReady) return
  if (draft.fresh(desktopIntent(userName))) {
    draft.wait(`the desktop of ${userName} was asked for and is not to be seen yet`)
    return
  }
  draft.add(
    {
      type: 'CreateDesktop',
      directoryId: platform.cell.directoryId,
      userName,
      bundleId: platform.bundleId,
      keyArn: key.arn,
      rootVolumeGib: platform.rootVolumeGib,
      userVolumeGib: platform.userVolumeGib,
      tags: projectTags(platform.environment, projectId, personId),
    },
    userName,
    { intent: desktopIntent(userName) },
  )
}

/** Puts the desktop's interface where the person's access says; the two layers of C-2 are its group and its tags. */
function planAccess(
  desired: Desired,
  person: DesiredPerson,
  desktop: ObservedDesktop,
  sound: boolean,
  foundation: Foundation,
  draft: Draft,
): void {
  if (!sound && desktop.state === 'AVAILABLE' && person.access === 'shut-off')
    draft.add({ type: 'StopDesktop', desktopId: desktop.id }, desktop.id)
  // WorkSpaces stops no desktop that is not AUTO_STOP, and suspension relies on stopping (VIS-7).
  if (!desktop.autoStop && SOUND.has(desktop.state))
    draft.add({ type: 'SetAutoStop', desktopId: desktop.id }, desktop.id)
  if (foundation.interfaces === undefined) return
  const found =
    desktop.address === undefined ? undefined : foundation.interfaces.find(({ address }) => address === desktop.address)
  if (found === undefined) {
    if (sound) draft.wait(`the interface of desktop ${desktop.id} (${desktop.state}) is not to be seen yet`)
    return
  }
  if ((found.tags['renkei:project'] ?? desired.projectId) !== desired.projectId) {
    draft.wait(
      `interface ${found.id} at the address of desktop ${desktop.id} belongs to another project; the view lags`,
    )
    return
  }
  if (!sound) draft.fencing.set(desktop.id, fence(desired, found, draft))
  else if (!SOUND.has(desktop.state)) draft.wait(`desktop ${desktop.id} is ${desktop.state}`)
  else admit(desired, person, found, foundation, draft)
}

const grantedTags = ({ tags }: ObservedInterface) => Object.keys(tags).filter((tag) => tag.startsWith(GRANTED_PREFIX))
const sameSet = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && new Set([...a, ...b]).size === a.length

/** Out of every granted set, into `blocked`, and no group that lets anything through. */
export function fence({ platform }: Desired, found: ObservedInterface, draft: Draft): readonly string[] {
  const done: string[] = []
  const granted = grantedTags(found)
  if (granted.length > 0)
    done.push(draft.add({ type: 'UntagInterface', interfaceId: found.id, keys: granted }, found.id))
  if (found.tags[BLOCKED_TAG] !== 'true')
    done.push(draft.add({ type: 'TagInterface', interfaceId: found.id, tags: { [BLOCKED_TAG]: 'true' } }, found.id))
  const groups = [platform.cell.quarantineGroupId]
  // Not `after` the tags: either layer alone shuts the desktop off, so neither waits for the other.
  if (!sameSet(found.groups, groups))
    done.push(draft.add({ type: 'SetGroups', interfaceId: found.id, groups }, found.id))
  return done
}

/** The project's group first; the granted tags only on a later pass that has seen everything right. */
function admit(
  desired: Desired,
  person: DesiredPerson,
  found: ObservedInterface,
  foundation: Foundation,
  draft: Draft,
): void {
  const { platform, projectId } = desired
  const granted = person.access === 'granted'
  if (granted && !foundation.groupsSeen) return
  const wanted = granted ? desired.databases.map(({ id }) => grantedTag(id)) : []
  if (granted && foundation.group?.right !== true)
    draft.wait(`the security group of the project is not ready for interface ${found.id}`)
  // A group whose rules drifted is repaired in this pass: it stays where it is, and is put nowhere new.
  const own =
    granted && foundation.group !== undefined && (foundation.group.right || found.groups.includes(foundation.group.id))
      ? [foundation.group.id]
      : []
  const groups = [platform.cell.membersGroupId, ...own]
  const groupsRight = sameSet(found.groups, groups)
  const right = groupsRight && foundation.complete && granted
  const surplus = grantedTags(found).filter((tag) => !groupsRight || !wanted.includes(tag))
  const after =
    surplus.length > 0
      ? [draft.add({ type: 'UntagInterface', interfaceId: found.id, keys: surplus }, `${found.id} granted`)]
      : []
  if (!groupsRight) draft.add({ type: 'SetGroups', interfaceId: found.id, groups }, found.id, { after })
  if (groupsRight && BLOCKED_TAG in found.tags)
    draft.add({ type: 'UntagInterface', interfaceId: found.id, keys: [BLOCKED_TAG] }, `${found.id} blocked`)
  const identity = Object.entries(projectTags(platform.environment, projectId, person.personId)).filter(
    ([tag, value]) => found.tags[tag] !== value,
  )
  const missing =
    right && identity.length === 0 && !(BLOCKED_TAG in found.tags)
      ? wanted.filter((tag) => found.tags[tag] !== 'true')
      : []
  const tags = Object.fromEntries([...identity, ...missing.map((tag) => [tag, 'true'] as const)])
  if (Object.keys(tags).length > 0) draft.add({ type: 'TagInterface', interfaceId: found.id, tags }, found.id)
  else if (granted && wanted.some((tag) => found.tags[tag] !== 'true'))
    draft.wait(`interface ${found.id} gets its granted tags when everything else is right`)
}
