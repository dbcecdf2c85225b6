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
import { announce, lately, type RemovalStore } from './removals.ts'

export interface PassPort {
  readonly aws: Aws
  readonly memory: Memory
  readonly suspensionMark: SuspensionMark
  readonly ledger: ProjectLedger
  readonly removals: RemovalStore
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
 * One pass over one project: look, plan, act, report, as long as there is something to do at once. Stopped anywhere, it is simply
 * run again: everything it knows is in the ledger, in AWS and in its notes (C-10).
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
    const now = new Date(port.now()).toISOString()
    const desired = desiredOf(project, await port.platform(project), now)
    const observed = await observe(port.aws, desired, notes)
    const record = await port.removals.read()
    const removalsOfLastDay = lately(record, port.now()).map(({ desktopId }) => desktopId)
    const planned = plan(desired, observed, {
      now,
      settleSeconds: port.settleSeconds,
      removalsOfLastDay,
      desktopsExisting: await counted(port.aws, desired, observed, removalsOfLastDay),
    })
    // Another project's pass counted at the same moment: this one counts again, later.
    if (!(await announce(port.removals, record, planned.removes, port.now())))
      return { again: true, converged: false, waiting: ['another pass removes desktops as well'], failures, done }
    const mayGoOn = async () => port.now() < port.deadline && (await port.suspensionMark.latest(projectId)) <= sequence
    const execution = await execute(
      { aws: port.aws, memory: port.memory, projectId, notes, mayGoOn, now: () => new Date(port.now()).toISOString() },
      planned.actions,
    )
    failures.push(...failed(execution), ...(await reportAll(port.ledger, project, planned, now)))
    const moved = planned.actions.filter(
      ({ id, type }) => execution.results.get(id)?.outcome === 'done' && !type.endsWith('Note'),
    ).length
    done += moved
    const { waiting, converged } = planned
    const settled = planned.actions.length === 0 && waiting.length === 0 && planned.destroyed.length === 0
    if (settled)
      return {
        again: false,
        converged,
        waiting:
          planned.heldRemoval === undefined ? [] : [`removal ${planned.heldRemoval.digest} waits for two approvals`],
        failures,
        done,
      }
    const goesOn =
      (moved > 0 || planned.destroyed.length > 0 || !execution.complete) && round < ROUNDS && port.now() < port.deadline
    if (!goesOn) return { again: true, converged: false, waiting, failures, done }
  }
}

/** Counted only where the share decides (C-11): two desktops or more to remove, those of the last day included. */
async function counted(
  aws: Aws,
  { people }: Desired,
  observed: Observed,
  removalsOfLastDay: readonly string[],
): Promise<number | undefined> {
  const removable = people.filter(({ named, personId }) => {
    const desktops = observed.people[personId]?.desktops
    return named.desktop && desktops?.seen === true && desktops.value.length > 0
  })
  if (removable.length === 0 || removable.length + removalsOfLastDay.length < 2) return undefined
  try {
    return await countDesktops(aws)
  } catch {
    return undefined
  }
}

const failed = ({ results }: Execution) =>
  [...results].flatMap(([id, result]) => (result.outcome === 'failed' ? [`${id}: ${result.reason}`] : []))

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
