import { SendMessageCommand } from '@aws-sdk/client-sqs'
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda'
import { sharedCallQueue, workSpacesTokens } from '../provisioning/api-tokens.ts'
import { sqs, ssm } from '#lambda/kernel/clients.ts'
import { setting } from '#lambda/kernel/configuration.ts'
import { sources, viewPort } from '#lambda/ledger/sources.ts'
import { provisioningClients } from '../provisioning/aws.ts'
import { deployment } from '../provisioning/deployment.ts'
import { workOff } from '../provisioning/lane.ts'
import { publishedPlatform } from '../provisioning/published-platform.ts'
import { tableSuspensionMark, tableMemory } from '../provisioning/memory.ts'
import { reconcileProject, type PassResult } from './pass.ts'
import { projectLedger } from '../provisioning/project-ledger.ts'
import { tableRemovals } from './removals.ts'

/** What is left of the function's time when it stops: enough to finish a call and to queue again. */
const MARGIN_MS = 20_000
/** How many passes' worth of time views are given to catch up. */
const SETTLE_PASSES = 5

/** One message names one project. A pass that cannot even look is tried again by the queue, and at last set aside. */
export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  return workOff(event, context, {
    actor: 'system/reconcile',
    action: 'Reconcile',
    object: ({ projectId }) => `project/${projectId}`,
    async work({ projectId }) {
      const result = await pass(projectId, context)
      if (result.again) await queueAgain(projectId)
      return { result: result.failures.length > 0 ? 'failed' : 'ok', reason: summary(result) }
    },
  })
}

function pass(projectId: string, context: Context): Promise<PassResult> {
  const views = viewPort()
  return reconcileProject(
    {
      aws: provisioningClients(workSpacesTokens(sharedCallQueue(views), 'reconcile')),
      memory: tableMemory(views),
      suspensionMark: tableSuspensionMark(views),
      removals: tableRemovals(views),
      ledger: projectLedger(sources()),
      platform: (project) => publishedPlatform(ssm(), deployment(context), project),
      now: () => Date.now(),
      settleSeconds: SETTLE_PASSES * Number(setting('REQUEUE_SECONDS')),
      deadline: Date.now() + context.getRemainingTimeInMillis() - MARGIN_MS,
    },
    projectId,
  )
}

/**
 * Queues the next pass; the queue's own delay spaces them. Several passes that ask within one delay ask for one: the
 * message of a slot is delivered only after the slot is over, so none is lost by being taken for a repetition.
 */
async function queueAgain(projectId: string): Promise<void> {
  const slot = Math.floor(Date.now() / (Number(setting('REQUEUE_SECONDS')) * 1000))
  await sqs().send(
    new SendMessageCommand({
      QueueUrl: setting('RECONCILE_QUEUE_URL'),
      MessageBody: JSON.stringify({ projectId, cause: 'again' }),
      MessageGroupId: projectId,
      MessageDeduplicationId: `again.${projectId}.${slot}`,
    }),
  )
}

function summary({ converged, again, done, waiting, failures }: PassResult): string {
  const state = converged ? 'converged' : again ? 'again' : 'held'
  return [`${state}, ${done} done`, ...failures, ...waiting].join('; ').slice(0, 1_000)
}
