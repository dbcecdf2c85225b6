import { TransactionCanceledException, type DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { SignCommand, type KMSClient } from '@aws-sdk/client-kms'
import {
  DynamoDBDocumentClient,
  GetCommand,
  paginateQuery,
  QueryCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb'
import type { Actor, Instant } from '#domain/kernel/decider.ts'
import { receiptMessage } from '#domain/ledger/receipt.ts'
import { emptyHead, sealEvents, type LedgerRecord, type StreamHead } from '#domain/ledger/record.ts'

/** What the ledger needs of AWS; handed in, so that a test can give its own. */
export interface LedgerPort {
  readonly dynamoDb: DynamoDBClient
  readonly kms: KMSClient
  readonly table: string
  /** ARN of the ECC_NIST_P384 key that signs receipts */
  readonly receiptKeyId: string
}

/** Proof for the writer that an event stands in the ledger (C-5). `signature` is base64 DER, ECDSA P-384 with SHA-384. */
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

/** One request of one actor: the same key with another `digest` is another request and is refused. */
export interface Idempotency {
  readonly key: string
  /** SHA-256 of the request's canonical JSON */
  readonly digest: string
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

const documents = new WeakMap<DynamoDBClient, DynamoDBDocumentClient>()

/** The document client of a client; events may hold undefined members, which have no JSON form either. */
export function documentClient(client: DynamoDBClient): DynamoDBDocumentClient {
  const known =
    documents.get(client) ?? DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } })
  documents.set(client, known)
  return known
}

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

/** Events a page of a ledger has at most; a page ends earlier where DynamoDB's 1 MB do (Lambda's answer may have 6 MB). */
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

const idempotencyStream = (actor: Actor, key: string) => `idempotency/${actor.id}/${key}`

/** The answer already given to this request, if there was one; `digest` tells whether it was the same request. */
export async function findRepeated(
  port: LedgerPort,
  actor: Actor,
  key: string,
): Promise<(Appended & { readonly digest: string }) | undefined> {
  const marker = (
    await documentClient(port.dynamoDb).send(
      new GetCommand({
        TableName: port.table,
        ConsistentRead: true,
        Key: { stream: idempotencyStream(actor, key), sequence: 0 },
      }),
    )
  ).Item as { digest: string; appended: { stream: string; sequence: number }[] } | undefined
  if (marker === undefined) return undefined
  const items = await Promise.all(
    marker.appended.map(
      async (place) =>
        (
          await documentClient(port.dynamoDb).send(
            new GetCommand({
              TableName: port.table,
              ConsistentRead: true,
              Key: place,
            }),
          )
        ).Item as Item,
    ),
  )
  return { digest: marker.digest, records: items.map(toRecord), receipts: items.map(toReceipt) }
}

/**
 * Appends to one stream or to several in one transaction: all of it or nothing (C-5). Each event is signed first,
 * so that its receipt stands beside it. Never overwrites: every put is conditional on there being nothing.
 */
export async function append(port: LedgerPort, { at, actor, streams, idempotency }: Append): Promise<AppendResult> {
  const records = streams.flatMap(({ stream, head, events }) => sealEvents(stream, head, events, { at, actor }))
  const receipts = await Promise.all(records.map((record) => sign(port, record)))
  const items: Record<string, unknown>[] = records.map((record, index) => ({
    ...record,
    signature: receipts[index]?.signature,
    keyId: receipts[index]?.keyId,
    ...(idempotency && { idempotencyKey: idempotency.key }),
  }))
  if (idempotency !== undefined) {
    items.push({
      stream: idempotencyStream(actor, idempotency.key),
      sequence: 0,
      at,
      digest: idempotency.digest,
      appended: records.map(({ stream, sequence }) => ({ stream, sequence })),
    })
  }
  if (items.length === 0) return { ok: true, records, receipts }
  try {
    await documentClient(port.dynamoDb).send(
      new TransactWriteCommand({
        TransactItems: items.map((item) => ({
          Put: {
            TableName: port.table,
            Item: item,
            ConditionExpression: 'attribute_not_exists(#stream)',
            ExpressionAttributeNames: { '#stream': 'stream' },
          },
        })),
      }),
    )
    return { ok: true, records, receipts }
  } catch (error) {
    const reason = lostBecause(error, idempotency !== undefined)
    if (reason === undefined) throw error
    return { ok: false, reason }
  }
}

/** The last item is the idempotency marker, where there is one; a marker that exists outweighs a lost race. */
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
