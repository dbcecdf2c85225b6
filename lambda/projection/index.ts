import { SendMessageCommand } from '@aws-sdk/client-sqs'
import type { AttributeValue, Context, DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda'
import { dynamoDb, s3, sqs } from '../shared/clients.ts'
import { setting } from '../shared/configuration.ts'
import { readStream } from '../shared/ledger.ts'
import { log, projectOf } from '../shared/log.ts'
import { archive } from './archive.ts'
import { messagesFor } from './messages.ts'
import { projectView } from './project-view.ts'

/**
 * Follows the ledger's stream. Each record may come late, twice, or alone after a crash: the copy is made once, a
 * view never goes back, and a message carries the event's place as its deduplication id (C-10).
 */
export async function handler(event: DynamoDBStreamEvent, context: Context): Promise<DynamoDBBatchResponse> {
  for (const record of event.Records) {
    try {
      await follow(record, context.awsRequestId)
    } catch (error) {
      log({ ...about(record, context.awsRequestId), result: 'failed', reason: error instanceof Error ? error.name : 'unknown' })
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
    log({ ...about(record, requestId), action: 'LedgerItemRewritten', result: 'failed', reason: record.eventName ?? 'unknown' })
    return
  }
  if (stream.startsWith('idempotency/')) return
  const records = await readStream({ dynamoDb: dynamoDb(), table: setting('LEDGER_TABLE') }, stream)
  const item = records[sequence - 1]
  if (item === undefined) throw new Error('the ledger does not hold what its stream delivered')
  await Promise.all([
    archive(s3(), setting('ARCHIVE_BUCKET'), { ...item, ...signatureOf(record) }),
    projectView({ dynamoDb: dynamoDb(), view: setting('VIEW_TABLE') }, stream, records),
  ])
  for (const { lane, ...message } of messagesFor(item)) {
    await sqs().send(new SendMessageCommand({ ...message, QueueUrl: setting(lane === 'suspend' ? 'SUSPEND_QUEUE_URL' : 'RECONCILE_QUEUE_URL') }))
  }
}

const text = (value: AttributeValue | undefined) => value?.S ?? ''
const placeOf = ({ dynamodb }: DynamoDBRecord) => ({ stream: text(dynamodb?.Keys?.['stream']), sequence: Number(dynamodb?.Keys?.['sequence']?.N) })
const signatureOf = ({ dynamodb }: DynamoDBRecord) => ({ signature: text(dynamodb?.NewImage?.['signature']), keyId: text(dynamodb?.NewImage?.['keyId']) })

function about(record: DynamoDBRecord, requestId: string) {
  const { stream, sequence } = placeOf(record)
  return { actor: 'system/projection', role: 'system', action: 'Follow', object: `${stream}#${sequence}`, project: projectOf(stream), requestId } as const
}
