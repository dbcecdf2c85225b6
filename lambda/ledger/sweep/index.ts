import { SendMessageBatchCommand } from '@aws-sdk/client-sqs'
import type { Context } from 'aws-lambda'
import type { Actor } from '#domain/kernel/decider.ts'
import type { ProjectCommand } from '#domain/project/commands.ts'
import { dueCommands } from '#domain/project/deadlines.ts'
import { projectDecider } from '#domain/project/decide.ts'
import type { ProjectEvent } from '#domain/project/events.ts'
import type { Project } from '#domain/project/state.ts'
import { dynamoDb, kms, sqs } from '#lambda/kernel/clients.ts'
import { setting } from '#lambda/kernel/configuration.ts'
import { decideAndAppend } from '../handle-command.ts'
import type { LedgerPort } from '../ledger.ts'
import { log } from '#lambda/kernel/log.ts'
import { allOfView } from '../view.ts'

/** `deadlines`: command what time brings. `drift`: have every project that is not closed compared with AWS again. */
export interface SweepEvent {
  readonly task: 'deadlines' | 'drift'
}

const actor: Actor = { id: 'system/sweep', organisation: 'renkei', roles: ['system'], factors: [] }

/**
 * The view only suggests where to look: a deadline is decided on the ledger itself, so an empty or lagging view ends
 * nothing that is not over (C-11). Running late or twice changes nothing but the time (C-10).
 */
export async function handler({ task }: SweepEvent, context: Context): Promise<void> {
  const now = new Date().toISOString()
  const candidates: Project[] = []
  for await (const { state } of allOfView<Project>({ dynamoDb: dynamoDb(), view: setting('VIEW_TABLE') }, 'project')) {
    if (state.status !== 'closed') candidates.push(state)
  }
  if (task === 'drift') return compareAgain(candidates, now)

  const failures: unknown[] = []
  for (const project of candidates) {
    for (const command of dueCommands(project, now)) {
      try {
        await issue(project.projectId, command, now, context.awsRequestId)
      } catch (error) {
        // One project that fails must not keep the others in use beyond their period (VIS-6).
        failures.push(error)
      }
    }
  }
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} deadline commands failed; the next sweep issues them again`)
}

async function issue(projectId: string, command: ProjectCommand, now: string, requestId: string): Promise<void> {
  const stream = `project/${projectId}`
  const port: LedgerPort = {
    dynamoDb: dynamoDb(),
    kms: kms(),
    table: setting('LEDGER_TABLE'),
    receiptKeyId: setting('RECEIPT_KEY_ID'),
  }
  const outcome = await decideAndAppend<Project, ProjectCommand, ProjectEvent, { now: string; actor: Actor }>(port, {
    decider: projectDecider,
    stream,
    command,
    context: { now, actor },
  })
  log({
    actor: actor.id,
    role: 'system',
    project: projectId,
    action: command.type,
    object: stream,
    requestId,
    result: outcome.outcome === 'done' ? 'ok' : 'rejected',
    reason: outcome.outcome === 'done' ? undefined : outcome.refusals[0]?.code,
  })
}

/** One message a project and hour: a second sweep in the same hour is a duplicate and is dropped by the queue. */
async function compareAgain(projects: readonly Project[], now: string): Promise<void> {
  const failed: string[] = []
  for (let from = 0; from < projects.length; from += 10) {
    const { Failed } = await sqs().send(
      new SendMessageBatchCommand({
        QueueUrl: setting('RECONCILE_QUEUE_URL'),
        Entries: projects.slice(from, from + 10).map(({ projectId }, index) => ({
          Id: String(index),
          MessageBody: JSON.stringify({ projectId, cause: 'drift' }),
          MessageGroupId: projectId,
          MessageDeduplicationId: `drift.${projectId}.${now.slice(0, 13)}`,
        })),
      }),
    )
    failed.push(...(Failed ?? []).map(({ Code }) => Code ?? 'unknown'))
  }
  if (failed.length > 0)
    throw new Error(
      `${failed.length} projects could not be queued (${[...new Set(failed)].join(', ')}); the next sweep queues them`,
    )
}
