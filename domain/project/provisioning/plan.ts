import type { ProvisionedResource } from '../events.ts'
import type { Action } from './actions.ts'
import type { Desired } from './desired.ts'
import { PlanBuilder, type Limits } from './plan-builder.ts'
import { evidence, existing } from './inventory.ts'
import type { Observed } from './observed.ts'
import { planGroups } from './plan-groups.ts'
import { endKeySearch, planKey } from './plan-key.ts'
import { shutOff, planPerson, type Groundwork } from './plan-person.ts'
import { planStore } from './plan-store.ts'
import { closeKey, removeGroundwork, removePeople, type HeldRemoval } from './removal.ts'

/** What one pass comes to. */
export interface Plan {
  /**
   * in the order to try them; all that can be done with what has been seen, and no more: the next pass sees the rest
   */
  readonly actions: readonly Action[]
  /** a removal that stops for two approvals (C-11) */
  readonly heldRemoval: HeldRemoval | undefined
  /** desktops that the actions terminate without approvals: they count towards the bound of every other pass (C-11) */
  readonly removes: readonly string[]
  /** under the project's names, and asked for by no event: kept, cut off, raised, never deleted (C-11) */
  readonly quarantine: readonly ProvisionedResource[]
  /** why the pass is not the last: what is still being made, or could not be seen */
  readonly waiting: readonly string[]
  /** what is gone for certain and was named */
  readonly destroyed: readonly ProvisionedResource[]
  readonly exists: readonly ProvisionedResource[]
  /** desired and observed agree, nothing is held, and nothing is there that nobody asked for */
  readonly converged: boolean
}

/**
 * What to do so that AWS becomes what the ledger says. Pure: the same desired state, view and limits always give the
 * same plan.
 *
 * Making goes key → groups → file system → its policy → access point → mount targets → user → desktop → group on the
 * interface → granted tags. Each step is planned only when the view shows the one before it done, so a lost answer, a
 * stop or a second run costs a pass and nothing else (C-10). Removing goes granted tags → group → desktop → gone → user
 * → store → groups → key.
 *
 * Only what `desired.named` names is ever removed. An empty, partial or lagging view makes the plan wait or make, never
 * remove (C-11).
 */
export function plan(desired: Desired, observed: Observed, limits: Limits): Plan {
  const builder = new PlanBuilder(limits, observed.notes)
  if (desired.wanted && desired.missingDatabases.length > 0)
    builder.wait(`no link is deployed for ${desired.missingDatabases.join(', ')}`)
  const groundwork = desired.wanted
    ? planGroundwork(desired, observed, builder)
    : endGroundwork(desired, observed, builder)
  for (const person of desired.people) {
    const found = observed.people[person.personId]
    if (found === undefined) builder.wait(`${person.userName} was not looked at`)
    else planPerson(desired, person, found, groundwork, builder)
  }
  quarantineUnowned(desired, observed, builder)
  const heldOfPeople = removePeople(desired, observed, builder)
  const heldOfGroundwork = desired.wanted ? undefined : removeGroundwork(desired, observed, builder)
  evidence(desired, observed, builder)
  const exists = existing(desired, observed)
  confirmAbsence(desired, observed, exists, builder)
  const heldRemoval = heldOfPeople ?? heldOfGroundwork
  return {
    actions: builder.actions,
    heldRemoval,
    removes: builder.removes,
    quarantine: builder.quarantine,
    waiting: builder.waiting,
    destroyed: builder.destroyed,
    exists,
    converged:
      builder.actions.length === 0 &&
      builder.waiting.length === 0 &&
      builder.destroyed.length === 0 &&
      builder.quarantine.length === 0 &&
      heldRemoval === undefined,
  }
}

/** What was made just before the end may not show yet: that nothing is left is believed only when it lasts. */
function confirmAbsence(
  { people, wanted }: Desired,
  observed: Observed,
  exists: readonly ProvisionedResource[],
  builder: PlanBuilder,
): void {
  for (const { personId, access } of people) {
    const found = observed.people[personId]
    if (access === 'removed' && found?.user.seen === true && found.desktops.seen) {
      builder.lasting(`anything of ${personId}`, found.user.value === undefined && found.desktops.value.length === 0)
    }
  }
  if (!wanted && observed.keys.seen && observed.groups.seen && observed.fileSystem.seen)
    builder.lasting('anything of the project', exists.length === 0)
}

function planGroundwork(desired: Desired, observed: Observed, builder: PlanBuilder): Groundwork {
  const key = planKey(desired, observed, builder)
  const groups = planGroups(desired, observed, builder)
  const store =
    key === undefined
      ? undefined
      : planStore(desired, observed, key, groups?.right === true ? groups.store : undefined, builder)
  return {
    key,
    group: groups && { id: groups.desktop.id, right: groups.right },
    groupsSeen: observed.groups.seen,
    complete:
      key !== undefined && groups?.right === true && store !== undefined && desired.missingDatabases.length === 0,
    interfaces: builder.value('the interfaces', observed.interfaces)?.value,
  }
}

function endGroundwork(desired: Desired, observed: Observed, builder: PlanBuilder): Groundwork {
  closeKey(desired, observed, builder)
  endKeySearch(observed, builder)
  return {
    key: undefined,
    group: undefined,
    groupsSeen: true,
    complete: false,
    interfaces: builder.value('the interfaces', observed.interfaces)?.value,
  }
}

/**
 * An interface with this project's group or a granted tag of this project, at the address of none of its desktops:
 * nobody's. It is shut off, which can be undone, and raised. Where any desktop could not be seen, nothing is judged
 * nobody's.
 */
function quarantineUnowned(desired: Desired, observed: Observed, builder: PlanBuilder): void {
  if (!observed.interfaces.seen || !observed.groups.seen) return
  const desktops = Object.values(observed.people).map((person) => person.desktops)
  if (desktops.length < desired.people.length || !desktops.every((found) => found.seen)) return
  const addresses = new Set(desktops.flatMap((found) => (found.seen ? found.value.map(({ address }) => address) : [])))
  const group = observed.groups.value.find(({ name }) => name === desired.names.desktopGroup)?.id
  for (const found of observed.interfaces.value) {
    const unowned =
      !addresses.has(found.address) &&
      (found.tags['renkei:project'] === desired.projectId || (group !== undefined && found.groups.includes(group)))
    if (!unowned) continue
    // A terminated desktop's interface stays a while; shut off as it is, it can do nothing and is nobody's news.
    if (shutOff(desired, found, builder).length > 0) builder.raise({ kind: 'interface', id: found.id })
  }
}

export type { Limits }
