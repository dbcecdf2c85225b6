import type { ProjectCommand } from '#domain/project/commands.ts'
import { replayRecords } from '#domain/ledger/earlier-records.ts'
import { projectDecider } from '#domain/project/decide.ts'
import { projectAggregate } from '#domain/project/aggregate.ts'
import type { Project } from '#domain/project/state.ts'
import { aggregates } from '#domain/registry.ts'
import { commandOn, machine } from '#lambda/ledger/command-on.ts'
import { sources } from '#lambda/ledger/sources.ts'
import { headOf, readStream, type LedgerPort } from '#lambda/ledger/ledger.ts'

/** A project as the ledger tells it, and the sequence of its last event. */
export interface LoadedProject {
  readonly project: Project
  readonly sequence: number
}

export type Report = Extract<ProjectCommand, { readonly type: `Report${string}` }>

/** What the provisioner reads of a project, and how it says what it found. */
export interface ProjectLedger {
  load(projectId: string): Promise<LoadedProject>
  /** undefined where it was accepted, else the code of the refusal */
  report(projectId: string, report: Report, now: string): Promise<string | undefined>
}

const actor = machine('reconcile')

export async function loadProject(
  port: Pick<LedgerPort, 'dynamoDb' | 'table'>,
  projectId: string,
): Promise<LoadedProject> {
  const records = await readStream(port, `project/${projectId}`)
  return {
    project: replayRecords(projectDecider, records),
    sequence: headOf(records).sequence,
  }
}

export const projectLedger = (port: LedgerPort): ProjectLedger => ({
  load: (projectId) => loadProject(port, projectId),
  async report(projectId, command, now) {
    const outcome = await commandOn({ ...sources(), port }, aggregates, {
      aggregate: projectAggregate,
      id: projectId,
      command,
      context: { now, actor },
    })
    return outcome.outcome === 'done' ? undefined : (outcome.refusals[0]?.code ?? 'rejected')
  },
})
