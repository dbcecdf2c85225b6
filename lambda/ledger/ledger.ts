import { TransactionCanceledException, type DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { SignCommand, type KMSClient } from '@aws-sdk/client-kms'
import { GetCommand, paginateQuery, QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb'
import type { Actor, Instant } from '#domain/kernel/decider.ts'
import { receiptMessage } from '#domain/ledger/receipt.ts'
import { documentClient } from './document-client.ts'
import { findRequest, requestMark, type Idempotency } from './requests.ts'
import { emptyHead, sealEvents, type LedgerRecord, type StreamHead } from '#domain/ledger/record.ts'

/** What the ledger needs of AWS; handed in, so that a test can give its own. */
export interface LedgerPort {
  readonly dynamoDb: DynamoDBClient
  readonly kms: KMSClient
  readonly table: string
  /** ARN of the ECC_NIST_P384 key that signs receipts */
  readonly receiptKeyId: string
  /** the table of requests that were answered; needed by whoever is sent commands with an idempotency key */
  readonly requests?: string
}

/**
 * Proof for the writer that an event stands in the ledger (C-5). `signature` is base64 DER, ECDSA P-384 with SHA-384.
 */
interface Receipt {
  readonly stream: string
  readonly sequence: number
  readonly hash: string
  readonly signature: string
  readonly keyId: string
}

export interface StreamAppend {
  readonly stream: string
  /** the head the decision was made on; the append fails where it is no longer the head */
  readonly head: StreamHead
  readonly events: readonly unknown[]
}

export interface Append {
  readonly at: Instant
  readonly actor: Actor
  readonly streams: readonly StreamAppend[]
  readonly idempotency?: Idempotency
}

export interface Appended {
  readonly records: readonly LedgerRecord[]
  readonly receipts: readonly Receipt[]
}

export type AppendResult =
  | ({ readonly ok: true } & Appended)
  /** `lost-race`: somebody appended first, read again and decide again; `repeated`: this key was used before */
  | { readonly ok: false; readonly reason: 'lost-race' | 'repeated' }

/** Largest item DynamoDB takes is 400 KB; the rest is room for names, hashes and the signature. */
export const MAX_EVENT_BYTES = 350_000

interface Item extends LedgerRecord {
  readonly signature: string
  readonly keyId: string
}

const toRecord = ({ stream, sequence, at, actor, event, previousHash, hash }: Item): LedgerRecord => ({
  stream,
  sequence,
  at,
  actor,
  event,
  previousHash,
  hash,
})
const toReceipt = ({ stream, sequence, hash, signature, keyId }: Item): Receipt => ({
  stream,
  sequence,
  hash,
  signature,
  keyId,
})

/** A whole stream in its order, read consistently; empty where there is none. */
export async function readStream(
  port: Pick<LedgerPort, 'dynamoDb' | 'table'>,
  stream: string,
): Promise<readonly LedgerRecord[]> {
  return (await readItems(port, stream)).map(toRecord)
}

/**
 * Events a page of a ledger has at most; a page ends earlier where DynamoDB's 1 MB do (Lambda's answer may have 6 MB).
 */
const PAGE_EVENTS = 200

/** One page of a stream with receipts, beginning after a sequence number; `next` is absent on the last one. */
export async function pageWithReceipts(
  { dynamoDb, table }: Pick<LedgerPort, 'dynamoDb' | 'table'>,
  stream: string,
  after: number,
): Promise<Appended & { readonly next?: number }> {
  const { Items = [], LastEvaluatedKey } = await documentClient(dynamoDb).send(
    new QueryCommand({
      ...wholeStream(table, stream),
      KeyConditionExpression: '#stream = :stream AND #sequence > :after',
      ExpressionAttributeNames: { '#stream': 'stream', '#sequence': 'sequence' },
      ExpressionAttributeValues: { ':stream': stream, ':after': after },
      Limit: PAGE_EVENTS,
    }),
  )
  const items = Items as Item[]
  const next = LastEvaluatedKey?.['sequence'] as number | undefined
  return { records: items.map(toRecord), receipts: items.map(toReceipt), ...(next !== undefined && { next }) }
}

/** The last record of a stream, read consistently; undefined where there is none. */
export async function readLast(
  { dynamoDb, table }: Pick<LedgerPort, 'dynamoDb' | 'table'>,
  stream: string,
): Promise<LedgerRecord | undefined> {
  const { Items = [] } = await documentClient(dynamoDb).send(
    new QueryCommand({ ...wholeStream(table, stream), ScanIndexForward: false, Limit: 1 }),
  )
  return (Items as Item[]).map(toRecord)[0]
}

const wholeStream = (table: string, stream: string) => ({
  TableName: table,
  ConsistentRead: true,
  KeyConditionExpression: '#stream = :stream',
  ExpressionAttributeNames: { '#stream': 'stream' },
  ExpressionAttributeValues: { ':stream': stream },
})

async function readItems(
  { dynamoDb, table }: Pick<LedgerPort, 'dynamoDb' | 'table'>,
  stream: string,
): Promise<readonly Item[]> {
  const items: Item[] = []
  for await (const page of paginateQuery({ client: documentClient(dynamoDb) }, wholeStream(table, stream)))
    items.push(...((page.Items ?? []) as Item[]))
  return items
}

export const headOf = (records: readonly LedgerRecord[]): StreamHead => {
  const last = records.at(-1)
  return last === undefined ? emptyHead : { sequence: last.sequence, hash: last.hash }
}

/** The answer already given to this request, if there was one; `digest` tells whether it was the same request. */
export async function findRepeated(
  port: LedgerPort,
  actor: Actor,
  key: string,
): Promise<(Appended & { readonly digest: string }) | undefined> {
  const { dynamoDb, table } = port
  const mark = await findRequest({ dynamoDb, requests: requestsOf(port) }, actor, key)
  if (mark === undefined) return undefined
  const items = await Promise.all(
    mark.appended.map(async (Key) => {
      const { Item } = await documentClient(dynamoDb).send(
        new GetCommand({ TableName: table, ConsistentRead: true, Key }),
      )
      return Item as Item
    }),
  )
  return { digest: mark.digest, records: items.map(toRecord), receipts: items.map(toReceipt) }
}

function requestsOf({ requests }: LedgerPort): string {
  if (requests === undefined)
    throw new Error('a request with an idempotency key came to a function without REQUEST_TABLE')
  return requests
}

/**
 * Appends to one stream or to several in one transaction: all of it or nothing (C-5). Each event is signed first,
 * so that its receipt stands beside it. Never overwrites: every put is conditional on there being nothing.
 */
export async function append(port: LedgerPort, { at, actor, streams, idempotency }: Append): Promise<AppendResult> {
  const records = streams.flatMap(({ stream, head, events }) => sealEvents(stream, head, events, { at, actor }))
  const receipts = await Promise.all(records.map((record) => sign(port, record)))
  const items: readonly object[] = records.map((record, index) => ({
    ...record,
    signature: receipts[index]?.signature,
    keyId: receipts[index]?.keyId,
    ...(idempotency && { idempotencyKey: idempotency.key }),
  }))
  const positions = records.map(({ stream, sequence }) => ({ stream, sequence }))
  const puts = [
    ...items.map((item) => onlyNew(port.table, item, 'stream')),
    ...(idempotency ? [onlyNew(requestsOf(port), requestMark(actor, idempotency, positions, at), 'actor')] : []),
  ]
  if (puts.length === 0) return { ok: true, records, receipts }
  try {
    await documentClient(port.dynamoDb).send(new TransactWriteCommand({ TransactItems: puts }))
    return { ok: true, records, receipts }
  } catch (error) {
    const reason = lostBecause(error, idempotency !== undefined)
    if (reason === undefined) throw error
    return { ok: false, reason }
  }
}

/** A put that never overwrites: it fails where there is an item under its key. */
const onlyNew = (TableName: string, Item: object, key: string) => ({
  Put: {
    TableName,
    Item,
    ConditionExpression: 'attribute_not_exists(#key)',
    ExpressionAttributeNames: { '#key': key },
  },
})

/** The last item is the mark of the request, where there is one; a mark that exists outweighs a lost race. */
function lostBecause(error: unknown, marked: boolean): 'lost-race' | 'repeated' | undefined {
  if (!(error instanceof TransactionCanceledException)) return undefined
  const codes = (error.CancellationReasons ?? []).map(({ Code }) => Code)
  if (marked && codes.at(-1) === 'ConditionalCheckFailed') return 'repeated'
  return codes.some((code) => code === 'ConditionalCheckFailed' || code === 'TransactionConflict')
    ? 'lost-race'
    : undefined
}

async function sign({ kms, receiptKeyId }: LedgerPort, { stream, sequence, hash }: LedgerRecord): Promise<Receipt> {
  const { Signature, KeyId } = await kms.send(
    new SignCommand({
      KeyId: receiptKeyId,
      MessageType: 'RAW',
      SigningAlgorithm: 'ECDSA_SHA_384',
      Message: receiptMessage({ stream, sequence, hash }),
    }),
  )
  if (Signature === undefined) throw new Error('KMS answered a signature request without a signature')
  return { stream, sequence, hash, signature: Buffer.from(Signature).toString('base64'), keyId: KeyId ?? receiptKeyId }
}
