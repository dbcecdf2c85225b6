import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb'
import { isMachine } from '#domain/kernel/decider.ts'
import type { AnyAggregate, Entity } from '#domain/ledger/aggregate.ts'
import type { LedgerRecord } from '#domain/ledger/record.ts'
import { documentClient } from './document-client.ts'

export interface ViewPort {
  readonly dynamoDb: DynamoDBClient
  readonly view: string
}

/** What a list shows of one aggregate as of its event number `version`; rebuilt from the ledger at any time. */
export interface ViewItem<Row = unknown> {
  /** `<aggregate>`, `<aggregate>/open`, or `<aggregate>/<key>` for whoever finds theirs without looking through all */
  readonly view: string
  readonly id: string
  readonly version: number
  readonly state: Row
  /** what the policies are asked about, so that a list need not replay every stream */
  readonly entity?: Entity
  /** the keys it is found under */
  readonly keys?: readonly string[]
  /**
   * set where it is no longer found here: seconds since 1970 after which DynamoDB removes the item (its time to live)
   */
  readonly expires?: number
}

/**
 * How long an item that is no longer found stays as a mark, so that a late delivery of an older state does not bring it
 * back.
 */
const MARK_SECONDS = 7 * 86_400

/** Stores an item unless a later one is there already, so that a late or repeated delivery changes nothing (C-10). */
export async function putView({ dynamoDb, view }: ViewPort, item: ViewItem): Promise<void> {
  try {
    await documentClient(dynamoDb).send(
      new PutCommand({
        TableName: view,
        Item: item,
        ConditionExpression: 'attribute_not_exists(#id) OR #version < :version',
        ExpressionAttributeNames: { '#id': 'id', '#version': 'version' },
        ExpressionAttributeValues: { ':version': item.version },
      }),
    )
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error
  }
}

export async function getView<Row>(
  { dynamoDb, view }: ViewPort,
  name: string,
  id: string,
): Promise<ViewItem<Row> | undefined> {
  return (await documentClient(dynamoDb).send(new GetCommand({ TableName: view, Key: { view: name, id } }))).Item as
    | ViewItem<Row>
    | undefined
}

/**
 * Stores what lists show of one aggregate: under its own name, under each of its keys, and among the open ones while it
 * is open.
 */
export async function updateViews(
  port: ViewPort,
  aggregate: AnyAggregate,
  { id, version, state }: { readonly id: string; readonly version: number; readonly state: unknown },
): Promise<void> {
  const shown = aggregate.view?.(state)
  if (shown === undefined) return
  const { row, keys, open } = shown
  const before = (await getView(port, aggregate.name, id))?.keys ?? []
  const entity = aggregate.authorization?.entity(id, state)
  const expires = Math.floor(Date.now() / 1000) + MARK_SECONDS
  const item = (view: string, content: object) => putView(port, { view, id, version, state: row, ...content })
  const mark = (view: string) => item(view, { state: {}, expires })
  // The item itself comes last: it remembers the keys, and a delivery that broke off before it is done anew.
  await Promise.all([
    ...keys.map((key) => item(`${aggregate.name}/${key}`, { entity, keys })),
    ...before.filter((key) => !keys.includes(key)).map((key) => mark(`${aggregate.name}/${key}`)),
    open
      ? item(`${aggregate.name}/open`, { state: { due: aggregate.deadlines?.next(state) } })
      : mark(`${aggregate.name}/open`),
  ])
  await item(aggregate.name, { entity, keys })
}

/**
 * One page in the order of ids, beginning after `after`; it may be shorter than `limit`, and empty, and still have a
 * next one.
 */
export async function pageOfView<Row>(
  { dynamoDb, view }: ViewPort,
  name: string,
  after?: string,
  limit = 100,
): Promise<{ readonly items: readonly ViewItem<Row>[]; readonly next?: string }> {
  const { Items, LastEvaluatedKey } = await documentClient(dynamoDb).send(
    new QueryCommand({
      TableName: view,
      KeyConditionExpression: '#view = :view',
      FilterExpression: 'attribute_not_exists(#expires)',
      ExpressionAttributeNames: { '#view': 'view', '#expires': 'expires' },
      ExpressionAttributeValues: { ':view': name },
      ExclusiveStartKey: after === undefined ? undefined : { view: name, id: after },
      Limit: limit,
    }),
  )
  return { items: (Items ?? []) as ViewItem<Row>[], next: LastEvaluatedKey?.['id'] as string | undefined }
}

/** Every item, page by page. */
export async function* allOfView<Row>(port: ViewPort, name: string): AsyncGenerator<ViewItem<Row>> {
  let after: string | undefined
  do {
    const page = await pageOfView<Row>(port, name, after)
    yield* page.items
    after = page.next
  } while (after !== undefined)
}

/**
 * What was last seen of a person: the organisation their token named when they last did something that the ledger
 * records.
 */
interface PersonSeen {
  readonly organisation: string
}

/** Remembers with which organisation a person last acted; a late delivery of an earlier act changes nothing. */
export async function updatePersonSeen(
  port: ViewPort,
  { actor, at }: Pick<LedgerRecord, 'actor' | 'at'>,
): Promise<void> {
  if (isMachine(actor)) return
  const state: PersonSeen = { organisation: actor.organisation }
  await putView(port, { view: 'person', id: actor.id, version: Date.parse(at), state })
}

/**
 * The organisations these people were last seen with; whoever did nothing yet is absent. A reviewer who has moved is
 * found out (C-4, REV-2).
 */
export async function organisationsOf(
  port: ViewPort,
  persons: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const found = await Promise.all(
    [...new Set(persons)].map(
      async (id) => [id, (await getView<PersonSeen>(port, 'person', id))?.state.organisation] as const,
    ),
  )
  return new Map(
    found.flatMap(([id, organisation]) => (organisation === undefined ? [] : [[id, organisation] as const])),
  )
}
