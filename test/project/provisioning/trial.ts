import fc from 'fast-check'
import type { Actor } from '#domain/kernel/decider.ts'
import type { ProjectCommand } from '#domain/project/commands.ts'
import { projectDecider } from '#domain/project/decide.ts'
import type { NamedResource } from '#domain/project/events.ts'
import type { Project } from '#domain/project/state.ts'
import type { Action } from '#domain/project/provisioning/actions.ts'
import { desiredOf, type Desired } from '#domain/project/provisioning/desired.ts'
import { perform } from '#domain/project/provisioning/ideal-effects.ts'
import { emptyWorld, look, type IdealWorld } from '#domain/project/provisioning/ideal-world.ts'
import { GRANTED_PREFIX } from '#domain/project/provisioning/resource-names.ts'
import { unseen, type Observed } from '#domain/project/provisioning/observed.ts'
import type { plan as Planner } from '#domain/project/provisioning/plan.ts'
import { openProject, platform } from './world.ts'

/** One pass, and what goes wrong in it. */
export interface TrialPass {
  /** milliseconds since the pass before */
  readonly later: number
  /** how old the view is */
  readonly age: number
  /** sections that do not answer, one bit each */
  readonly blind: number
  /** actions of the pass that fail, one bit each (the 31st and later succeed) */
  readonly failing: number
  /** the pass stops after so many actions */
  readonly stops: number
  readonly command?: ProjectCommand | 'approve' | 'approve-once'
}

const PEOPLE = ['taro', 'hanako', 'jiro'] as const
const BOTH = ['operator-2', 'operator-3'] as const
const SETTLE_SECONDS = 30
const LAG_MS = 20_000

const person = fc.constantFrom(...PEOPLE)
const command: fc.Arbitrary<ProjectCommand | 'approve' | 'approve-once'> = fc.oneof(
  fc.record({ type: fc.constant('RemoveHandler' as const), personId: person, reason: fc.constant('left') }),
  fc.record({
    type: fc.constant('SuspendProject' as const),
    reason: fc.constant('why'),
    personId: fc.option(person, { nil: undefined }),
  }),
  fc.record({
    type: fc.constant('ResumeProject' as const),
    reason: fc.constant('why'),
    personId: fc.option(person, { nil: undefined }),
  }),
  fc.record({ type: fc.constant('EndProject' as const), cause: fc.constant('end-of-use' as const) }),
  fc.constantFrom('approve' as const, 'approve-once' as const),
)
export const passes: fc.Arbitrary<readonly TrialPass[]> = fc.array(
  fc.record({
    later: fc.integer({ min: 0, max: 40_000 }),
    age: fc.integer({ min: 0, max: LAG_MS }),
    blind: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(63) }),
    failing: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(2 ** 30) }),
    stops: fc.oneof({ weight: 3, arbitrary: fc.constant(1_000) }, { weight: 1, arbitrary: fc.nat(10) }),
    command: fc.option(command, { nil: undefined, freq: 3 }),
  }),
  { minLength: 10, maxLength: 60 },
)

const operator = (id: string): Actor => ({ id, organisation: 'Renkei', roles: ['operator'], factors: ['pwd', 'otp'] })
const machine: Actor = { id: 'system/reconcile', organisation: 'renkei', roles: ['system'], factors: [] }

/** What is on trial; the rules themselves are judged with the real thing. */
export interface Product {
  readonly plan: typeof Planner
  readonly desiredOf: typeof desiredOf
}

/**
 * Runs a planner on an ideal account whose views lag, whose calls fail and whose passes stop, and gives the rules that
 * it broke. Pure and quick; the real clients are tried on the simulator in `test/project/reconcile`.
 */
export function trial(product: Product, script: readonly TrialPass[]): readonly string[] {
  const broken = new Set<string>()
  const world = emptyWorld()
  const history: { readonly at: number; readonly world: IdealWorld }[] = []
  let project: Project = openProject({}, PEOPLE)
  let now = Date.parse('2026-11-22T03:00:00.000Z')
  const instant = () => new Date(now).toISOString()
  const ask = (asked: ProjectCommand, actor: Actor) => {
    const decision = projectDecider.decide(project, asked, { now: instant(), actor })
    if (decision.ok) project = decision.events.reduce((state, event) => projectDecider.evolve(state, event), project)
  }
  const view = (desired: Desired, age: number, blind: number): Observed => {
    const then = history.findLast(({ at }) => at <= now - age)?.world ?? history[0]?.world ?? world
    // Notes are the provisioner's own and are read consistently.
    return blinded({ ...look(then, desired), notes: { ...world.notes } }, blind)
  }
  const pass = ({ later, age, blind, failing, stops }: TrialPass) => {
    now += later
    history.push({ at: now, world: structuredClone(world) })
    if (project.status === 'closed') return true
    const desired = product.desiredOf(project, platform, instant())
    const planned = product.plan(desired, view(desired, age, blind), {
      now: instant(),
      settleSeconds: SETTLE_SECONDS,
      desktopsExisting: 3,
    })
    const succeeded = new Set<string>()
    planned.actions.slice(0, stops).forEach((action, index) => {
      if (!(action.after ?? []).every((id) => succeeded.has(id))) return
      for (const rule of rulesBroken(action, project, world)) broken.add(rule)
      const fails = index < 30 && (failing & (1 << index)) !== 0
      // Whether a failed call took effect is anybody's guess: here every second one did.
      if (!fails || index % 2 === 1) perform(world, action, instant())
      if (!fails) succeeded.add(action.id)
      now += 100
      history.push({ at: now, world: structuredClone(world) })
    })
    for (const resource of planned.quarantine) ask({ type: 'ReportQuarantined', resource }, machine)
    if (planned.destroyed.length > 0) ask({ type: 'ReportDestroyed', destroyed: planned.destroyed }, machine)
    if (planned.heldRemoval !== undefined) ask({ type: 'ReportHeld', ...planned.heldRemoval }, machine)
    if (planned.converged) ask({ type: 'ReportConverged', exists: planned.exists }, machine)
    return (
      planned.converged ||
      (planned.heldRemoval !== undefined && planned.actions.length === 0 && planned.waiting.length === 0)
    )
  }
  const approve = (by: readonly string[]) => {
    const digest = project.heldRemoval
    if (digest !== undefined) for (const each of by) ask({ type: 'ApproveRemoval', digest }, operator(each))
  }
  for (const each of script) {
    if (each.command === 'approve') approve(BOTH)
    else if (each.command === 'approve-once') approve(['operator-2'])
    else if (each.command !== undefined) ask(each.command, operator('operator-1'))
    pass(each)
  }
  const calm: TrialPass = { later: 40_000, age: 0, blind: 0, failing: 0, stops: 1_000 }
  let settled = false
  for (let count = 0; count < 60 && !settled; count += 1) {
    settled = pass(calm)
    if (settled && project.status === 'ended' && project.heldRemoval !== undefined) {
      approve(['operator-2'])
      pass(calm)
      approve(BOTH)
      settled = pass(calm) && project.status !== 'ended'
    }
  }
  if (!settled) broken.add('the loop does not converge')
  else for (const rule of endBroken(project, world)) broken.add(rule)
  return [...broken]
}

function blinded(observed: Observed, blind: number): Observed {
  const no = unseen('throttled')
  return {
    ...observed,
    ...(blind & 1 && { keys: no }),
    ...(blind & 2 && { groups: no }),
    ...(blind & 4 && { fileSystem: no }),
    ...(blind & 8 && { interfaces: no }),
    people: Object.fromEntries(
      Object.entries(observed.people).map(([personId, found]) => [
        personId,
        { user: blind & 16 ? no : found.user, desktops: blind & 32 ? no : found.desktops },
      ]),
    ),
  }
}

function rulesBroken(action: Action, project: Project, world: IdealWorld): readonly string[] {
  const named = (kind: NamedResource['kind'], personId?: string) =>
    project.named.some((name) => name.kind === kind && (!('personId' in name) || name.personId === personId))
  const personOf = (user: string) =>
    desiredOf(project, platform, '2026-11-22T03:00:00.000Z').people.find(({ userName }) => userName === user)?.personId
  const approved = Object.values(project.approvals).some(
    (given) => new Set(given.map(({ approver }) => approver)).size >= 2,
  )
  const found = 'interfaceId' in action ? world.interfaces.find(({ id }) => id === action.interfaceId) : undefined
  switch (action.type) {
    case 'TerminateDesktop': {
      const desktop = world.desktops.find(({ id }) => id === action.desktopId)
      return desktop !== undefined && !named('desktop', personOf(desktop.userName))
        ? ['a desktop is removed unnamed']
        : []
    }
    case 'DeleteUser':
      return [
        ...(named('user', personOf(action.userName)) ? [] : ['a user is removed unnamed']),
        ...(world.desktops.some(({ userName }) => userName === action.userName)
          ? ['a user is deleted before the desktop']
          : []),
      ]
    case 'DeleteFileSystem':
    case 'DeleteMountTarget':
    case 'DeleteAccessPoint':
      return named('file-system') && approved ? [] : ['a store is removed unnamed or unapproved']
    case 'DeleteGroup':
      return named('security-group') && approved ? [] : ['a group is removed unnamed or unapproved']
    case 'ScheduleKeyDeletion':
      return named('key') && approved ? [] : ['a key is removed unnamed or unapproved']
    case 'DisableKey':
      return named('key') ? [] : ['a key is disabled unnamed']
    case 'CreateKey':
      return world.keys.length > 0 ? ['a second key is made'] : []
    case 'CreateDesktop':
      return world.desktops.some(({ userName }) => userName === action.userName)
        ? ['a second desktop is asked for']
        : []
    case 'CreateMountTarget':
      return world.fileSystem?.policy === undefined ? ['a mount target comes before the policy'] : []
    case 'TagInterface': {
      const grants = Object.keys(action.tags).some((tag) => tag.startsWith(GRANTED_PREFIX))
      const own = world.groups.find(({ name }) => name.includes('-project-'))?.id
      return grants &&
        !(found !== undefined && own !== undefined && found.groups.length === 2 && found.groups.includes(own))
        ? ['a granted tag comes before the group']
        : []
    }
    default:
      return []
  }
}

function endBroken(project: Project, world: IdealWorld): readonly string[] {
  const left = {
    desktops: world.desktops.length,
    users: world.users.size,
    store: world.fileSystem,
    groups: world.groups.length,
    keys: world.keys.filter(({ state }) => state !== 'PendingDeletion').length,
  }
  if (project.status === 'closed')
    return left.desktops + left.users + left.groups + left.keys > 0 || left.store !== undefined
      ? ['something is orphaned at the end']
      : []
  const handlers = desiredOf(project, platform, '2026-11-22T03:00:00.000Z')
    .people.filter(({ access }) => access === 'granted')
    .map(({ userName }) => userName)
  const letOut = world.interfaces.filter(({ tags }) =>
    Object.keys(tags).some((tag) => tag.startsWith(GRANTED_PREFIX)),
  ).length
  return [
    ...(handlers.every((user) => world.desktops.some(({ userName }) => userName === user))
      ? []
      : ['a handler has no desktop']),
    ...(letOut === handlers.length ? [] : ['who is let out is not who the grant names']),
    ...(left.keys === 1 && left.groups === 2 && left.store !== undefined ? [] : ['the foundation is not there once']),
  ]
}
