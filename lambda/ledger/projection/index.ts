import { SendMessageCommand } from '@aws-sdk/client-sqs'
import type { AttributeValue, Context, DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda'
import { dynamoDb, s3, sqs } from '#lambda/kernel/clients.ts'
import { setting } from '#lambda/kernel/configuration.ts'
import { readStream } from '../ledger.ts'
import { log, projectOf } from '#lambda/kernel/log.ts'
import { archive } from './archive.ts'
import { messagesFor, type LaneMessage } from './messages.ts'
import { personView, projectView } from './project-view.ts'

/**
 * Follows the ledger's stream. Each record may come late, twice, or alone after a crash: the copy is made once, a
 * view never goes back, and a message carries the event's place as its deduplication id (C-10).
 */
export async function handler(event: DynamoDBStreamEvent, context: Context): Promise<DynamoDBBatchResponse> {
  await suspendFirst(event.Records, context)
  for (const record of event.Records) {
    try {
      await follow(record, context.awsRequestId)
    } catch (error) {
      log({
        ...about(record, context.awsRequestId),
        result: 'failed',
        reason: error instanceof Error ? error.name : 'unknown',
      })
      // Everything from here on is delivered again; what came before is done.
      return { batchItemFailures: [{ itemIdentifier: record.dynamodb?.SequenceNumber ?? '' }] }
    }
  }
  return { batchItemFailures: [] }
}

async function follow(record: DynamoDBRecord, requestId: string): Promise<void> {
  const { stream, sequence } = placeOf(record)
  if (record.eventName !== 'INSERT') {
    // Nothing of the platform changes or removes an item; whoever did is an incident (C-5). The archive keeps the first copy.
    log({
      ...about(record, requestId),
      action: 'LedgerItemRewritten',
      result: 'failed',
      reason: record.eventName ?? 'unknown',
    })
    return
  }
  if (stream.startsWith('idempotency/')) return
  const records = await readStream({ dynamoDb: dynamoDb(), table: setting('LEDGER_TABLE') }, stream)
  const item = records[sequence - 1]
  if (item === undefined) throw new Error('the ledger does not hold what its stream delivered')
  // The provisioner reads the ledger, not the view: it need not wait for the copies, a suspension least of all (VIS-7).
  for (const message of messagesFor(item)) await send(message)
  const views = { dynamoDb: dynamoDb(), view: setting('VIEW_TABLE') }
  await Promise.all([
    archive(s3(), setting('ARCHIVE_BUCKET'), { ...item, ...signatureOf(record) }),
    projectView(views, stream, records),
    personView(views, item),
  ])
}

const send = ({ lane, ...message }: LaneMessage) =>
  sqs().send(
    new SendMessageCommand({
      ...message,
      QueueUrl: setting(lane === 'suspend' ? 'SUSPEND_QUEUE_URL' : 'RECONCILE_QUEUE_URL'),
    }),
  )

/**
 * Suspensions are handed on before anything else of the batch, so that no record that cannot be copied holds one up (VIS-7). One that
 * fails here is handed on in its turn; handed on twice, it is one message to the queue.
 */
async function suspendFirst(records: readonly DynamoDBRecord[], context: Context): Promise<void> {
  for (const record of records) {
    const event = record.dynamodb?.NewImage?.['event']?.M
    if (record.eventName !== 'INSERT' || text(event?.['type']) !== 'ProjectSuspended') continue
    const personId = event?.['personId']?.S
    try {
      for (const message of messagesFor({
        ...placeOf(record),
        event: { type: 'ProjectSuspended', ...(personId !== undefined && { personId }) },
      })) {
        if (message.lane === 'suspend') await send(message)
      }
    } catch (error) {
      log({
        ...about(record, context.awsRequestId),
        action: 'SuspendFirst',
        result: 'failed',
        reason: error instanceof Error ? error.name : 'unknown',
      })
    }
  }
}

const text = (value: AttributeValue | undefined) => value?.S ?? ''
const placeOf = ({ dynamodb }: DynamoDBRecord) => ({
  stream: text(dynamodb?.Keys?.['stream']),
  sequence: Number(dynamodb?.Keys?.['sequence']?.N),
})
const signatureOf = ({ dynamodb }: DynamoDBRecord) => ({
  signature: text(dynamodb?.NewImage?.['signature']),
  keyId: text(dynamodb?.NewImage?.['keyId']),
})

function about(record: DynamoDBRecord, requestId: string) {
  const { stream, sequence } = placeOf(record)
  return {
    actor: 'system/projection',
    role: 'system',
    action: 'Follow',
    object: `${stream}#${sequence}`,
    project: projectOf(stream),
    requestId,
  } as const
}
