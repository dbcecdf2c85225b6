import { SendMessageCommand } from '@aws-sdk/client-sqs'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import type { Context, DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda'
import { parseStream, type AnyAggregate, type LaneMessage, type Typed } from '#domain/ledger/aggregate.ts'
import { replayRecords } from '#domain/ledger/earlier-records.ts'
import type { LedgerRecord } from '#domain/ledger/record.ts'
import { dynamoDb, s3, sqs } from '#lambda/kernel/clients.ts'
import { setting } from '#lambda/kernel/configuration.ts'
import { readStream } from '../ledger.ts'
import { log, projectOf } from '#lambda/kernel/log.ts'
import { viewPort } from '../sources.ts'
import { updatePersonSeen, updateViews } from '../view.ts'
import { archive } from './archive.ts'

/**
 * Follows the ledger's stream. Each record may come late, twice, or alone after a crash: the copy is made once, a
 * view never goes back, and a message carries the event's position as its deduplication id (C-10).
 */
export async function followLedger(
  aggregates: readonly AnyAggregate[],
  event: DynamoDBStreamEvent,
  context: Context,
): Promise<DynamoDBBatchResponse> {
  await suspendFirst(aggregates, event.Records, context)
  const streams = new StreamsOfBatch()
  for (const record of event.Records) {
    try {
      await follow(aggregates, record, streams, context.awsRequestId)
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

/**
 * Each stream is read once for a batch, however many of its records it brings; the view is stored as of the last one.
 */
class StreamsOfBatch {
  readonly #read = new Map<string, Promise<readonly LedgerRecord[]>>()

  records(stream: string): Promise<readonly LedgerRecord[]> {
    const known = this.#read.get(stream) ?? readStream({ dynamoDb: dynamoDb(), table: setting('LEDGER_TABLE') }, stream)
    this.#read.set(stream, known)
    return known
  }
}

async function follow(
  aggregates: readonly AnyAggregate[],
  record: DynamoDBRecord,
  streams: StreamsOfBatch,
  requestId: string,
): Promise<void> {
  if (record.eventName !== 'INSERT') {
    // Nothing of the platform changes or removes an item; whoever did is an incident (C-5). The archive keeps the first
    // copy.
    log({
      ...about(record, requestId),
      action: 'LedgerItemRewritten',
      result: 'failed',
      reason: record.eventName ?? 'unknown',
    })
    return
  }
  const item = imageOf(record)
  const target = parseStream(aggregates, item.stream)
  // The provisioner reads the ledger, not the view: it need not wait for the copies, a suspension least of all (VIS-7).
  for (const message of messagesOf(target?.aggregate, item)) await send(message)
  const views = viewPort()
  await Promise.all([
    archive(s3(), setting('ARCHIVE_BUCKET'), item),
    target?.aggregate.view && project(target.aggregate, target.id, item, streams),
    updatePersonSeen(views, item),
  ])
}

/** Stores the state that the whole stream gives, so that order and repetition of deliveries do not matter. */
async function project(
  aggregate: AnyAggregate,
  id: string,
  { stream, sequence, hash }: LedgerRecord,
  streams: StreamsOfBatch,
): Promise<void> {
  const records = await streams.records(stream)
  if (records[sequence - 1]?.hash !== hash) throw new Error('the ledger does not hold what its stream delivered')
  const state = replayRecords(aggregate.decider, records)
  await updateViews(viewPort(), aggregate, { id, version: records.length, state })
}

const messagesOf = (aggregate: AnyAggregate | undefined, item: LedgerRecord): readonly LaneMessage[] =>
  aggregate?.messages?.(item as LedgerRecord<Typed>) ?? []

const send = ({ lane, ...message }: LaneMessage) =>
  sqs().send(
    new SendMessageCommand({
      ...message,
      QueueUrl: setting(lane === 'suspend' ? 'SUSPEND_QUEUE_URL' : 'RECONCILE_QUEUE_URL'),
    }),
  )

/**
 * Suspensions are handed on before anything else of the batch, so that no record that cannot be copied holds one up
 * (VIS-7). One that fails here is handed on in its turn; handed on twice, it is one message to the queue.
 */
async function suspendFirst(
  aggregates: readonly AnyAggregate[],
  records: readonly DynamoDBRecord[],
  context: Context,
): Promise<void> {
  for (const record of records) {
    if (record.eventName !== 'INSERT') continue
    try {
      const item = imageOf(record)
      const target = parseStream(aggregates, item.stream)
      for (const message of messagesOf(target?.aggregate, item)) if (message.lane === 'suspend') await send(message)
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

/** The item as it was put: the record with its receipt. */
const imageOf = ({
  dynamodb,
}: DynamoDBRecord): LedgerRecord & { readonly signature: string; readonly keyId: string } => {
  const { idempotencyKey: _, ...item } = unmarshall((dynamodb?.NewImage ?? {}) as Record<string, AttributeValue>)
  return item as LedgerRecord & { readonly signature: string; readonly keyId: string }
}

const keyOf = ({ dynamodb }: DynamoDBRecord) => ({
  stream: dynamodb?.Keys?.['stream']?.S ?? '',
  sequence: Number(dynamodb?.Keys?.['sequence']?.N),
})

function about(record: DynamoDBRecord, requestId: string) {
  const { stream, sequence } = keyOf(record)
  return {
    actor: 'system/projection',
    role: 'system',
    action: 'Follow',
    object: `${stream}#${sequence}`,
    project: projectOf(stream),
    requestId,
  } as const
}
