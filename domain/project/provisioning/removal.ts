import { digestOf } from '#domain/ledger/canonical.ts'
import type { NamedResource } from '../events.ts'
import type { Desired, DesiredPerson } from './desired.ts'
import type { PlanBuilder } from './plan-builder.ts'
import type { Observed, ObservedDesktop, ObservedPerson } from './observed.ts'

/** The most desktops one pass removes without two approvals (C-11). */
const MAX_DESKTOPS = 20
/**
 * The largest share of all desktops that one pass removes without two approvals, once there are more than 20 (C-11).
 */
const MAX_SHARE = 0.05
/** The longest wait KMS offers, and ours (C-6). */
export const KEY_DELETION_DAYS = 30

/** A removal that waits for two approvals of its digest. */
export interface HeldRemoval {
  /** SHA-256 over the canonical JSON of the project's id and `removes`: an approval of it is good for nothing else */
  readonly digest: string
  readonly removes: readonly NamedResource[]
}

const order = ['desktop', 'user', 'file-system', 'security-group', 'key']
const byName = (a: NamedResource, b: NamedResource) => (sortKey(a) < sortKey(b) ? -1 : 1)
const sortKey = (name: NamedResource) => `${order.indexOf(name.kind)} ${'personId' in name ? name.personId : ''}`

/**
 * What is removed, in one order, and its digest: the same until another event names more, so that an approval outlives
 * a pass.
 */
export function heldRemoval(projectId: string, removes: readonly NamedResource[]): HeldRemoval {
  const sorted = removes.toSorted(byName)
  return { digest: digestOf({ projectId, removes: sorted }), removes: sorted }
}

/** Whether so many desktops at once need two approvals. Uncounted, more than one does. */
export function tooMany(removes: number, existing: number | undefined): boolean {
  if (removes > MAX_DESKTOPS) return true
  if (existing === undefined) return removes > 1
  return existing > MAX_DESKTOPS && removes > Math.max(1, Math.floor(existing * MAX_SHARE))
}

/**
 * The bound is the platform's, not one project's: what other passes removed during the last day counts with what this
 * one would. What was let through once is let through again, since it counts already.
 */
function beyondBound(
  ids: readonly string[],
  { limits: { desktopsExisting, removalsOfLastDay = [] } }: PlanBuilder,
): boolean {
  const fresh = ids.filter((id) => !removalsOfLastDay.includes(id))
  if (fresh.length === 0) return false
  const gone = removalsOfLastDay.filter((id) => !ids.includes(id)).length
  return tooMany(
    fresh.length + removalsOfLastDay.length,
    desktopsExisting === undefined ? undefined : desktopsExisting + gone,
  )
}

/** Desktops of named persons that a pass would terminate now. */
function desktopsToRemove(
  desired: Desired,
  observed: Observed,
  builder: PlanBuilder,
): ReadonlyMap<string, readonly ObservedDesktop[]> {
  return new Map(
    desired.people
      .filter(({ named }) => named.desktop)
      .map((person) => {
        const found = observed.people[person.personId]?.desktops
        const staying =
          found?.seen === true
            ? found.value.filter(({ state }) => state !== 'TERMINATING' && state !== 'TERMINATED')
            : []
        return [person.personId, own(person, staying, desired, builder)]
      }),
  )
}

/**
 * Under one user name there is one desktop, and naming the person named it. Where there are two, only those the ledger
 * knows are named; another is nobody's, and stays until an operator decides (C-11).
 */
function own(
  { personId, userName }: DesiredPerson,
  staying: readonly ObservedDesktop[],
  { known }: Desired,
  builder: PlanBuilder,
): readonly ObservedDesktop[] {
  if (staying.length <= 1) return staying
  const ours = staying.filter(({ id }) =>
    known.some((resource) => resource.kind === 'desktop' && resource.id === id && resource.personId === personId),
  )
  if (ours.length < staying.length)
    builder.wait(`two desktops under ${userName}: the one the ledger does not know needs an operator's decision`)
  return ours
}

/**
 * Terminates the named desktops, then, once they are gone, deletes the named users. Gives the removal that is held, if
 * it is.
 */
export function removePeople(desired: Desired, observed: Observed, builder: PlanBuilder): HeldRemoval | undefined {
  const desktops = desktopsToRemove(desired, observed, builder)
  const ids = [...desktops.values()].flat().map(({ id }) => id)
  const removal = heldRemoval(
    desired.projectId,
    desired.named.filter(({ kind }) => kind === 'desktop'),
  )
  const approved = desired.approved.includes(removal.digest)
  const stopped = beyondBound(ids, builder) && !approved
  if (!stopped && !approved) builder.removes.push(...ids)
  for (const person of desired.people) {
    for (const desktop of desktops.get(person.personId) ?? []) {
      if (!stopped) terminate(desktop, person, builder)
      // HeldRemoval: it stands still meanwhile, since connections that are open outlive a change of group.
      else if (desktop.state === 'AVAILABLE' && desktop.autoStop)
        builder.add({ type: 'StopDesktop', desktopId: desktop.id }, desktop.id)
    }
    if (person.named.user) removeUser(desired, person, observed.people[person.personId], builder)
  }
  return stopped ? removal : undefined
}

/** After whatever this pass does to shut it off: tags, then group, then termination. */
function terminate(desktop: ObservedDesktop, { personId }: DesiredPerson, builder: PlanBuilder): void {
  removing({ kind: 'desktop', id: desktop.id, personId }, builder)
  builder.add({ type: 'TerminateDesktop', desktopId: desktop.id }, desktop.id, {
    after: builder.shutOffActions.get(desktop.id),
  })
}

/**
 * A user goes only after their desktop is gone: deleted before, a user made again under the same name could get a
 * second desktop (docs/aws-behaviour.md, WorkSpaces). Nothing in AWS enforces it, hence the lasting absence.
 */
function removeUser(
  {
    platform: {
      cell: { directoryId },
    },
  }: Desired,
  person: DesiredPerson,
  found: ObservedPerson | undefined,
  builder: PlanBuilder,
): void {
  if (found?.desktops.seen !== true || !found.user.seen || found.user.value === undefined) return
  const gone = builder.lasting(`every desktop of ${person.personId}`, found.desktops.value.length === 0)
  if (!gone) return
  removing({ kind: 'user', id: person.userName, personId: person.personId }, builder)
  builder.add({ type: 'DeleteUser', directoryId, userName: person.userName }, person.userName)
}

/** Written before the call, so that evidence of the destruction (VIS-6) has the id even where the answer is lost. */
function removing(resource: NonNullable<Observed['notes'][string]['resource']>, builder: PlanBuilder): void {
  const name = `removing ${resource.kind} ${resource.id}`
  if (builder.notes[name] === undefined)
    builder.add({ type: 'WriteNote', name, note: { at: builder.limits.now, resource } }, name)
}

/**
 * A named key is disabled at once, without approval: it can be undone, and the data are unreadable from now on (C-6).
 */
export function closeKey(desired: Desired, observed: Observed, builder: PlanBuilder): void {
  if (!names(desired, 'key')) return
  const keys = builder.value('the key', observed.keys)?.value ?? []
  for (const key of keys) {
    if (key.state === 'Enabled') builder.add({ type: 'DisableKey', keyId: key.id }, key.id)
  }
}

const names = ({ named }: Desired, kind: NamedResource['kind']) => named.some((name) => name.kind === kind)

/** Store, groups and the key's deletion, in this order, once no desktop is left; held where a key is among them. */
export function removeGroundwork(desired: Desired, observed: Observed, builder: PlanBuilder): HeldRemoval | undefined {
  const removal = heldRemoval(
    desired.projectId,
    desired.named.filter(({ kind }) => kind === 'file-system' || kind === 'security-group' || kind === 'key'),
  )
  if (removal.removes.length === 0) return undefined
  const keys = builder.value('the key', observed.keys)?.value
  const store = builder.value('the file system', observed.fileSystem)
  const groups = builder.value('the security groups', observed.groups)?.value
  if (keys === undefined || store === undefined || groups === undefined) return undefined
  const keysLeft = names(desired, 'key') ? keys.filter(({ state }) => state !== 'PendingDeletion') : []
  const left =
    keysLeft.length > 0 ||
    (names(desired, 'file-system') && store.value !== undefined) ||
    (names(desired, 'security-group') && groups.length > 0)
  if (!left) return undefined
  if (names(desired, 'key') && !desired.approved.includes(removal.digest)) return removal
  const people = Object.values(observed.people)
  if (!people.every(({ desktops }) => desktops.seen && desktops.value.length === 0)) {
    builder.wait('the store, the groups and the key go after the last desktop')
    return undefined
  }
  const storeGone = removeStore(desired, store.value, builder)
  const groupsGone = removeGroups(desired, groups, observed, builder)
  if (!storeGone || !groupsGone) return undefined
  for (const key of keysLeft) {
    removing({ kind: 'key', id: key.id }, builder)
    builder.add({ type: 'ScheduleKeyDeletion', keyId: key.id, days: KEY_DELETION_DAYS }, key.id)
  }
  return undefined
}

/** Mount targets, then access points, then the file system. Gives true once it is gone. */
function removeStore(
  desired: Desired,
  fileSystem: Extract<Observed['fileSystem'], { seen: true }>['value'],
  builder: PlanBuilder,
): boolean {
  if (!names(desired, 'file-system') || fileSystem === undefined) return true
  const { id, mountTargets, accessPoints } = fileSystem
  const after: string[] = []
  for (const target of mountTargets) {
    if (target.state === 'deleting') continue
    removing({ kind: 'mount-target', id: target.id }, builder)
    after.push(builder.add({ type: 'DeleteMountTarget', mountTargetId: target.id }, target.id))
  }
  for (const point of accessPoints) {
    if (point.state === 'deleting') continue
    removing({ kind: 'access-point', id: point.id }, builder)
    after.push(builder.add({ type: 'DeleteAccessPoint', accessPointId: point.id }, point.id, { after: [...after] }))
  }
  if (mountTargets.length > 0 || accessPoints.length > 0 || fileSystem.state === 'deleting') {
    builder.wait(`file system ${id} and its parts are being deleted`)
    return false
  }
  removing({ kind: 'file-system', id }, builder)
  builder.add({ type: 'DeleteFileSystem', fileSystemId: id }, id)
  return false
}

/** The two groups name each other, so their rules go first. Gives true once both are gone. */
function removeGroups(
  desired: Desired,
  groups: Extract<Observed['groups'], { seen: true }>['value'],
  observed: Observed,
  builder: PlanBuilder,
): boolean {
  if (!names(desired, 'security-group')) return true
  const own = groups.filter(({ name }) => name === desired.names.desktopGroup || name === desired.names.storeGroup)
  const stillUsed = !observed.fileSystem.seen || (observed.fileSystem.value?.mountTargets.length ?? 0) > 0
  if (stillUsed) return false
  const after: string[] = []
  for (const group of own) {
    for (const direction of ['egress', 'ingress'] as const) {
      if (group[direction].length > 0) {
        after.push(
          builder.add(
            { type: 'RevokeRules', groupId: group.id, direction, rules: group[direction] },
            `${group.id} ${direction}`,
          ),
        )
      }
    }
  }
  for (const group of own) {
    removing({ kind: 'security-group', id: group.id }, builder)
    builder.add({ type: 'DeleteGroup', groupId: group.id }, group.id, { after })
  }
  return own.length === 0
}
