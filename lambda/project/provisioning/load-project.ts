import { projectDecider } from '#domain/project/decide.ts'
import type { Project } from '#domain/project/state.ts'
import { replayRecords } from '#domain/ledger/earlier-records.ts'
import { headOf, readStream, type LedgerPort } from '#lambda/ledger/ledger.ts'

/** A project as the ledger tells it, and the sequence of its last event. */
export interface LoadedProject {
  readonly project: Project
  readonly sequence: number
}

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
