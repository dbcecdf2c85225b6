import type { Desired, DesiredPerson } from './desired.ts'
import type { PlanBuilder } from './plan-builder.ts'
import { BLOCKED_TAG, GRANTED_PREFIX, grantedTag, projectTags } from './resource-names.ts'
import type { ObservedDesktop, ObservedInterface, ObservedKey, ObservedPerson } from './observed.ts'

/** What must stand before a desktop is made, and before it is let out to a database. */
export interface Groundwork {
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

/** Makes a person's user and desktop, and lets the desktop out or shuts it off, as their access says. */
export function planPerson(
  desired: Desired,
  person: DesiredPerson,
  seen: ObservedPerson,
  groundwork: Groundwork,
  builder: PlanBuilder,
): void {
  const desktops = builder.value(`the desktops of ${person.userName}`, seen.desktops)?.value
  const open = person.access === 'granted' || person.access === 'idle'
  const userReady = planUser(desired, person, seen, builder, open)
  if (desktops === undefined) return
  const staying = desktops.filter(({ state }) => !LEAVING.has(state))
  if (desktops.length !== staying.length) builder.wait(`a desktop of ${person.userName} is being terminated`)
  if (open && desired.wanted && desktops.length === 0)
    return planDesktop(desired, person, userReady, groundwork, builder)
  const suspects = staying.filter((desktop) => staying.length > 1 || isSuspect(desktop, groundwork.key))
  for (const desktop of suspects) builder.raise({ kind: 'desktop', id: desktop.id, personId: person.personId })
  const sound = open && suspects.length === 0
  for (const desktop of staying) planAccess({ desired, groundwork, builder }, person, desktop, sound)
}

/**
 * Not what was ordered: broken from its making, or its volumes not under the project's key (CRY-3). Kept and raised,
 * never replaced (C-11).
 */
const isSuspect = (desktop: ObservedDesktop, key: ObservedKey | undefined) =>
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
  builder: PlanBuilder,
  open: boolean,
): boolean {
  const found = builder.value(`the user ${userName}`, seen.user)
  if (found === undefined) return false
  const user = found.value
  if (user === undefined) {
    if (open && wanted) builder.add({ type: 'CreateUser', directoryId, userName }, userName)
    return false
  }
  if (open && !user.enabled) {
    if (builder.fresh(enableIntent(userName))) builder.wait(`user ${userName} was enabled and does not show it yet`)
    else builder.add({ type: 'EnableUser', directoryId, userName }, userName, { intent: enableIntent(userName) })
  }
  if (!open && user.enabled) builder.add({ type: 'DisableUser', directoryId, userName }, userName)
  return user.enabled
}

function planDesktop(
  { platform, projectId }: Desired,
  { userName, personId }: DesiredPerson,
  userReady: boolean,
  { key }: Groundwork,
  builder: PlanBuilder,
): void {
  if (key === undefined || !userReady) return
  if (builder.fresh(desktopIntent(userName))) {
    builder.wait(`the desktop of ${userName} was asked for and is not to be seen yet`)
    return
  }
  builder.add(
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

/** What every step of a person's plan is made from. */
interface PersonPlan {
  readonly desired: Desired
  readonly groundwork: Groundwork
  readonly builder: PlanBuilder
}

/** Puts the desktop's interface where the person's access says; the two layers of C-2 are its group and its tags. */
function planAccess(plan: PersonPlan, person: DesiredPerson, desktop: ObservedDesktop, sound: boolean): void {
  const { desired, groundwork, builder } = plan
  if (!sound && desktop.state === 'AVAILABLE' && person.access === 'shut-off')
    builder.add({ type: 'StopDesktop', desktopId: desktop.id }, desktop.id)
  // WorkSpaces stops no desktop that is not AUTO_STOP, and suspension relies on stopping (VIS-7).
  if (!desktop.autoStop && SOUND.has(desktop.state))
    builder.add({ type: 'SetAutoStop', desktopId: desktop.id }, desktop.id)
  if (groundwork.interfaces === undefined) return
  const found =
    desktop.address === undefined ? undefined : groundwork.interfaces.find(({ address }) => address === desktop.address)
  if (found === undefined) {
    if (sound) builder.wait(`the interface of desktop ${desktop.id} (${desktop.state}) is not to be seen yet`)
    return
  }
  if ((found.tags['renkei:project'] ?? desired.projectId) !== desired.projectId) {
    builder.wait(
      `interface ${found.id} at the address of desktop ${desktop.id} belongs to another project; the view lags`,
    )
    return
  }
  if (!sound) builder.shutOffActions.set(desktop.id, shutOff(desired, found, builder))
  else if (!SOUND.has(desktop.state)) builder.wait(`desktop ${desktop.id} is ${desktop.state}`)
  else admit(plan, person, found)
}

const grantedTags = ({ tags }: ObservedInterface) => Object.keys(tags).filter((tag) => tag.startsWith(GRANTED_PREFIX))
const sameSet = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && new Set([...a, ...b]).size === a.length

/** Out of every granted set, into `blocked`, and no group that lets anything through. */
export function shutOff({ platform }: Desired, found: ObservedInterface, builder: PlanBuilder): readonly string[] {
  const done: string[] = []
  const granted = grantedTags(found)
  if (granted.length > 0)
    done.push(builder.add({ type: 'UntagInterface', interfaceId: found.id, keys: granted }, found.id))
  if (found.tags[BLOCKED_TAG] !== 'true')
    done.push(builder.add({ type: 'TagInterface', interfaceId: found.id, tags: { [BLOCKED_TAG]: 'true' } }, found.id))
  const groups = [platform.cell.quarantineGroupId]
  // Not `after` the tags: either layer alone shuts the desktop off, so neither waits for the other.
  if (!sameSet(found.groups, groups))
    done.push(builder.add({ type: 'SetGroups', interfaceId: found.id, groups }, found.id))
  return done
}

/** The project's group first; the granted tags only on a later pass that has seen everything right. */
function admit({ desired, groundwork, builder }: PersonPlan, person: DesiredPerson, found: ObservedInterface): void {
  const { platform, projectId } = desired
  const granted = person.access === 'granted'
  if (granted && !groundwork.groupsSeen) return
  const wanted = granted ? desired.databases.map(({ id }) => grantedTag(id)) : []
  if (granted && groundwork.group?.right !== true)
    builder.wait(`the security group of the project is not ready for interface ${found.id}`)
  // A group whose rules drifted is repaired in this pass: it stays where it is, and is put nowhere new.
  const own =
    granted && groundwork.group !== undefined && (groundwork.group.right || found.groups.includes(groundwork.group.id))
      ? [groundwork.group.id]
      : []
  const groups = [platform.cell.membersGroupId, ...own]
  const groupsRight = sameSet(found.groups, groups)
  const right = groupsRight && groundwork.complete && granted
  const surplus = grantedTags(found).filter((tag) => !groupsRight || !wanted.includes(tag))
  const after =
    surplus.length > 0
      ? [builder.add({ type: 'UntagInterface', interfaceId: found.id, keys: surplus }, `${found.id} granted`)]
      : []
  if (!groupsRight) builder.add({ type: 'SetGroups', interfaceId: found.id, groups }, found.id, { after })
  if (groupsRight && BLOCKED_TAG in found.tags)
    builder.add({ type: 'UntagInterface', interfaceId: found.id, keys: [BLOCKED_TAG] }, `${found.id} blocked`)
  const identity = Object.entries(projectTags(platform.environment, projectId, person.personId)).filter(
    ([tag, value]) => found.tags[tag] !== value,
  )
  const missing =
    right && identity.length === 0 && !(BLOCKED_TAG in found.tags)
      ? wanted.filter((tag) => found.tags[tag] !== 'true')
      : []
  const tags = Object.fromEntries([...identity, ...missing.map((tag) => [tag, 'true'] as const)])
  if (Object.keys(tags).length > 0) builder.add({ type: 'TagInterface', interfaceId: found.id, tags }, found.id)
  else if (granted && wanted.some((tag) => found.tags[tag] !== 'true'))
    builder.wait(`interface ${found.id} gets its granted tags when everything else is right`)
}
