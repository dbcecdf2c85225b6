import type { Instant } from '#domain/kernel/decider.ts'
import type { Project } from '../state.ts'
import type { Action } from './actions.ts'
import { desiredOf, type Desired, type PublishedPlatform } from './desired.ts'
import { perform } from './ideal-effects.ts'
import { emptyWorld, look, type IdealWorld } from './ideal-world.ts'
import { plan, type Plan } from './plan.ts'

/** The passes a plan may take from nothing to everything; more means that it goes round in a circle. */
const MAX_PASSES = 30

/** An account as plans have left it, and every action in the order in which it was made. */
export interface IdealRun {
  readonly world: IdealWorld
  readonly actions: readonly Action[]
}

/** Every action from an empty account to the desired state. Throws where the project cannot be provisioned. */
export function actionsFromNothing(desired: Desired, now: Instant): IdealRun {
  const world = emptyWorld()
  const { actions, last } = carryOut(world, desired, now)
  if (!last.converged) throw new Error(`project ${desired.projectId} cannot be provisioned: ${last.waiting.join('; ')}`)
  return { actions, world }
}

/**
 * What the provisioner makes of a project: first as if everybody were admitted, then as things are, so that whoever is
 * suspended has a desktop to be shut off.
 */
export function provisioned(
  project: Project,
  platform: PublishedPlatform,
  now: Instant,
): IdealRun & { readonly desired: Desired } {
  const world = emptyWorld()
  const desired = desiredOf(project, platform, now)
  const admitted = desired.people.some(({ access }) => access === 'shut-off')
    ? [desiredOf({ ...project, status: 'open', suspendedPersons: [] }, platform, now)]
    : []
  const actions = [...admitted, desired].flatMap((each) => carryOut(world, each, now).actions)
  return { world, actions, desired }
}

/** Carries out a project's plan in an account where every call succeeds at once, until a pass plans nothing more. */
function carryOut(
  world: IdealWorld,
  desired: Desired,
  now: Instant,
): { readonly actions: readonly Action[]; readonly last: Plan } {
  const actions: Action[] = []
  for (let pass = 0; pass < MAX_PASSES; pass += 1) {
    const next = plan(desired, look(world, desired), { now, desktopsExisting: 0, settleSeconds: 0 })
    if (next.actions.length === 0) return { actions, last: next }
    for (const action of next.actions) perform(world, action, now)
    actions.push(...next.actions)
  }
  throw new Error(`the plan of project ${desired.projectId} does not end after ${MAX_PASSES} passes`)
}
