import type { Instant } from '#domain/kernel/decider.ts'
import { resourceKey, sameThings } from '#domain/project/evolve.ts'
import type { Project } from '#domain/project/state.ts'
import { desiredOf, type Desired, type PublishedPlatform } from '#domain/project/provisioning/desired.ts'
import type { Observed } from '#domain/project/provisioning/observed.ts'
import { plan, type Plan } from '#domain/project/provisioning/plan.ts'
import { errorName } from '#lambda/kernel/errors.ts'
import type { Aws } from '../provisioning/aws.ts'
import { execute, type Execution } from './execute.ts'
import type { SuspensionMark, Memory } from '../provisioning/memory.ts'
import { observe } from '../provisioning/observe/observe.ts'
import { countDesktops } from '../provisioning/observe/people.ts'
import type { ProjectLedger, Report } from '../provisioning/project-ledger.ts'
import { recordRemovals, removalsOfLastDay, type RemovalRecord } from './removals.ts'

export interface PassPort {
  readonly aws: Aws
  readonly memory: Memory
  readonly suspensionMark: SuspensionMark
  readonly ledger: ProjectLedger
  readonly removals: RemovalRecord
  readonly platform: (project: Project) => Promise<PublishedPlatform>
  /** milliseconds since 1970 */
  readonly now: () => number
  /** how long views are given to catch up, seconds */
  readonly settleSeconds: number
  /** no round is begun, and no action tried, after this instant */
  readonly deadline: number
}

export interface PassResult {
  /** whether a later pass has something to do that no event will announce */
  readonly again: boolean
  readonly converged: boolean
  readonly waiting: readonly string[]
  /** actions and reports that failed, each with its reason */
  readonly failures: readonly string[]
  readonly done: number
}

/** More rounds than a project needs from nothing to everything when AWS answers at once. */
const ROUNDS = 15

/**
 * One pass over one project: look, plan, act, report, as long as there is something to do at once. Stopped anywhere, it
 * is simply run again: everything it knows is in the ledger, in AWS and in its notes (C-10).
 */
export async function reconcileProject(port: PassPort, projectId: string): Promise<PassResult> {
  const failures: string[] = []
  let done = 0
  for (let round = 1; ; round += 1) {
    const { project, sequence } = await port.ledger.load(projectId)
    if (project.status === 'absent')
      return { again: false, converged: false, waiting: [`no project ${projectId} in the ledger`], failures, done }
    const notes = await port.memory.read(projectId)
    if (project.status === 'closed') {
      for (const name of Object.keys(notes)) await port.memory.forget(projectId, name)
      return { again: false, converged: true, waiting: [], failures, done }
    }
    const now = instantOf(port)
    const desired = desiredOf(project, await port.platform(project), now)
    const observed = await observe(port.aws, desired, notes)
    const planned = await planAndRecord(port, desired, observed, now)
    if (planned === undefined)
      return { again: true, converged: false, waiting: ['other passes remove desktops as well'], failures, done }
    const mayGoOn = async () => port.now() < port.deadline && (await port.suspensionMark.latest(projectId)) <= sequence
    const execution = await execute(
      { aws: port.aws, memory: port.memory, projectId, notes, mayGoOn, now: () => instantOf(port) },
      planned.actions,
    )
    failures.push(...failuresOf(execution), ...(await reportAll(port.ledger, project, planned, now)))
    const progress = progressOf(planned, execution)
    done += progress
    const { waiting, converged, destroyed, heldRemoval } = planned
    if (planned.actions.length === 0 && waiting.length === 0 && destroyed.length === 0) {
      const approvals = heldRemoval && `removal ${heldRemoval.digest} waits for two approvals`
      return { again: false, converged, waiting: approvals === undefined ? [] : [approvals], failures, done }
    }
    const goesOn = progress > 0 || destroyed.length > 0 || !execution.complete
    if (!goesOn || round === ROUNDS || port.now() >= port.deadline)
      return { again: true, converged: false, waiting, failures, done }
  }
}

const instantOf = ({ now }: PassPort) => new Date(now()).toISOString()

/** More passes than work at the same time: each that is lost to another was that other's turn. */
const PLANS = 16

/**
 * The plan, once what it removes is written down. Where another project's pass wrote first, what was seen stays seen;
 * only the plan is made anew, within the bound as it is then (C-11). Undefined where others wrote first every time.
 */
async function planAndRecord(
  port: PassPort,
  desired: Desired,
  observed: Observed,
  now: Instant,
): Promise<Plan | undefined> {
  let count: DesktopCount | undefined
  for (let attempt = 1; attempt <= PLANS; attempt += 1) {
    const recorded = await port.removals.read()
    const removals = removalsOfLastDay(recorded, port.now()).map(({ desktopId }) => desktopId)
    count ??= await countWhereNeeded(port.aws, desired, observed, removals)
    const planned = plan(desired, observed, {
      now,
      settleSeconds: port.settleSeconds,
      removalsOfLastDay: removals,
      desktopsExisting: count && existingNow(count, removals),
    })
    if (await recordRemovals(port.removals, recorded, planned.removes, port.now())) return planned
  }
  return undefined
}

/** The desktops of the account, counted when these were the removals of the last day. */
interface DesktopCount {
  readonly desktops: number
  readonly removals: readonly string[]
}

/**
 * What was removed since may have been counted: it no longer counts as existing, so that the bound is never too wide.
 */
const existingNow = (count: DesktopCount, removals: readonly string[]) =>
  Math.max(0, count.desktops - removals.filter((id) => !count.removals.includes(id)).length)

/** Counted only where the share decides (C-11): two desktops or more to remove, those of the last day included. */
async function countWhereNeeded(
  aws: Aws,
  { people }: Desired,
  observed: Observed,
  removals: readonly string[],
): Promise<DesktopCount | undefined> {
  const removable = people.filter(({ named, personId }) => {
    const desktops = observed.people[personId]?.desktops
    return named.desktop && desktops?.seen === true && desktops.value.length > 0
  })
  if (removable.length === 0 || removable.length + removals.length < 2) return undefined
  try {
    return { desktops: await countDesktops(aws), removals }
  } catch {
    return undefined
  }
}

const failuresOf = ({ results }: Execution) =>
  [...results].flatMap(([id, result]) => (result.outcome === 'failed' ? [`${id}: ${result.reason}`] : []))

/** How many actions changed something; a note changes nothing in AWS. */
const progressOf = ({ actions }: Plan, { results }: Execution) =>
  actions.filter(({ id, type }) => results.get(id)?.outcome === 'done' && !type.endsWith('Note')).length

/** Says only what the ledger does not say yet. A report that fails is made again by the next pass. */
async function reportAll(
  ledger: ProjectLedger,
  project: Project,
  { quarantine, destroyed, heldRemoval, exists, converged }: Plan,
  now: string,
): Promise<readonly string[]> {
  const known = new Set((project.quarantined ?? []).map(resourceKey))
  const reports: Report[] = quarantine
    .filter((resource) => !known.has(resourceKey(resource)))
    .map((resource) => ({ type: 'ReportQuarantined', resource }))
  if (destroyed.length > 0) reports.push({ type: 'ReportDestroyed', destroyed, at: now })
  if (heldRemoval !== undefined && heldRemoval.digest !== project.heldRemoval)
    reports.push({ type: 'ReportHeld', ...heldRemoval })
  if (converged && (project.convergedAt === undefined || !sameThings(project.exists, exists)))
    reports.push({ type: 'ReportConverged', exists, at: now })
  const failures: string[] = []
  for (const report of reports) {
    try {
      const refused = await ledger.report(project.projectId, report, now)
      if (refused !== undefined) failures.push(`${report.type}: ${refused}`)
    } catch (error) {
      failures.push(`${report.type}: ${errorName(error)}`)
    }
  }
  return failures
}
