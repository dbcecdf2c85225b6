import type { ProjectCommand } from '#domain/project/commands.ts'
import { projectAggregate } from '#domain/project/aggregate.ts'
import { aggregates } from '#domain/registry.ts'
import { commandOn, machine } from '#lambda/ledger/command-on.ts'
import type { Sources } from '#lambda/ledger/reader.ts'
import { loadProject, type LoadedProject } from './load-project.ts'

export type Report = Extract<ProjectCommand, { readonly type: `Report${string}` }>

/** What the provisioner reads of a project, and how it says what it found. */
export interface ProjectLedger {
  load(projectId: string): Promise<LoadedProject>
  /** undefined where it was accepted, else the code of the refusal */
  report(projectId: string, report: Report, now: string): Promise<string | undefined>
}

const actor = machine('reconcile')

export const projectLedger = (sources: Sources): ProjectLedger => ({
  load: (projectId) => loadProject(sources.port, projectId),
  async report(projectId, command, now) {
    const outcome = await commandOn(sources, aggregates, {
      aggregate: projectAggregate,
      id: projectId,
      command,
      context: { now, actor },
    })
    return 'refusals' in outcome ? (outcome.refusals[0]?.code ?? 'rejected') : undefined
  },
})
