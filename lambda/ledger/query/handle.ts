import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda'
import type { Actor } from '#domain/kernel/decider.ts'
import type { AnyAggregate, Entity } from '#domain/ledger/aggregate.ts'
import { replayRecords } from '#domain/ledger/earlier-records.ts'
import { openApi } from '#domain/ledger/openapi.ts'
import type { LedgerRecord } from '#domain/ledger/record.ts'
import { ok, refused, serve, type Answer, type Caller } from '../api.ts'
import type { Authorizer } from '#lambda/people/authorize.ts'
import type { Control } from '../control.ts'
import { dynamoDb } from '#lambda/kernel/clients.ts'
import { setting } from '#lambda/kernel/configuration.ts'
import { pageWithReceipts, readStream } from '../ledger.ts'
import { badPage, badSequence, notFound } from '../refusals.ts'
import { viewPort } from '../sources.ts'
import { pageOfView, type ViewItem } from '../view.ts'

/** An aggregate that somebody outside may see. */
type Visible = AnyAggregate & { readonly authorization: NonNullable<AnyAggregate['authorization']> }

const isVisible = (aggregate: AnyAggregate | undefined): aggregate is Visible => aggregate?.authorization !== undefined

/** The `GET` half of the API: what a person may see, and nothing else. */
export async function handleQuery(control: Control, event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const { aggregates } = control
  const { aggregate: name, id = '' } = event.pathParameters ?? {}
  const after = event.queryStringParameters?.['after'] ?? undefined
  if (event.resource === '/openapi.json')
    return serve(event, { action: 'ReadOpenApi', object: 'openapi' }, async () => ok(openApi(aggregates)))
  const [, plural, isOne] = /^\/([a-z-]+)(\/\{id\})?$/.exec(event.resource) ?? []
  const wanted = aggregates.find((each) =>
    event.resource.startsWith('/ledger/') ? each.name === name : each.plural === plural,
  )
  if (!isVisible(wanted)) return serve(event, { action: 'Read', object: 'unknown' }, async () => refused(404, notFound))
  const { authorization } = wanted
  const object = `${wanted.name}/${id}`
  if (event.resource.startsWith('/ledger/'))
    return serve(event, { action: authorization.ledger, object }, (caller) =>
      ledger(control, caller, wanted, id, after),
    )
  return isOne === undefined
    ? serve(event, { action: authorization.list, object: wanted.plural }, (caller) =>
        list(control, caller, wanted, after),
      )
    : serve(event, { action: authorization.read, object }, (caller) => one(control, caller, wanted, id))
}

const port = () => ({ dynamoDb: dynamoDb(), table: setting('LEDGER_TABLE') })

const stateOf = ({ decider }: AnyAggregate, records: readonly LedgerRecord[]): unknown =>
  replayRecords(decider, records)

/** The ledger itself, not the view: whoever has just changed something sees the change. */
async function one({ authorizer }: Control, { actor }: Caller, aggregate: Visible, id: string): Promise<Answer> {
  if (!aggregate.idPattern.test(id)) return refused(404, notFound)
  const records = await readStream(port(), `${aggregate.name}/${id}`)
  const state = stateOf(aggregate, records)
  const refusals = await authorizer.onAggregate(actor, aggregate.authorization.read, { aggregate, id, state })
  if (refusals.length > 0) return refused(403, ...refusals)
  // Asked after the right to see it, so that nobody learns by asking which ids exist.
  if (records.length === 0) return refused(404, notFound)
  return ok({ ...(plain(state) as object), version: records.at(-1)?.sequence })
}

/**
 * One page of what the caller may see. An operator looks through all; everybody else through what has their name on it
 * and, for a holder, their databases' names, so that nobody's list grows with other people's. `next` continues it; a
 * page may be empty before.
 */
async function list(
  { authorizer }: Control,
  { actor }: Caller,
  aggregate: Visible,
  after: string | undefined,
): Promise<Answer> {
  const partitions = partitionsOf(actor, aggregate)
  const start = parseCursor(after, partitions.length)
  if (start === undefined) return refused(400, badPage)
  const refusals = await authorizer.on(actor, aggregate.authorization.list)
  if (refusals.length > 0) return refused(403, ...refusals)
  let cursor: Cursor | undefined = start
  while (cursor !== undefined) {
    const { rows, next }: ListPage = await pageFrom(authorizer, actor, aggregate, partitions, cursor)
    // An empty partition is no page worth answering: the next one begins where there is one.
    if (rows.length > 0 || next === undefined || next.index === cursor.index)
      return ok({ [aggregate.plural]: rows, ...(next && { next: `${next.index}.${next.after ?? ''}` }) })
    cursor = next
  }
  return ok({ [aggregate.plural]: [] })
}

/** Where a list goes on: which of the caller's partitions, and after which id. */
interface Cursor {
  readonly index: number
  readonly after?: string
}

interface ListPage {
  readonly rows: readonly object[]
  readonly next?: Cursor
}

async function pageFrom(
  authorizer: Authorizer,
  actor: Actor,
  aggregate: Visible,
  partitions: readonly string[],
  { index, after }: Cursor,
): Promise<ListPage> {
  const page = await pageOfView<object>(viewPort(), partitions[index]!, after)
  const earlier = partitions.slice(0, index)
  const visible = await Promise.all(
    page.items
      // What stands in several of the caller's partitions is shown in the first.
      .filter(({ keys = [] }) => !keys.some((key) => earlier.includes(`${aggregate.name}/${key}`)))
      .map(async (item) => ((await mayRead(authorizer, actor, aggregate, item)) ? [item.state] : [])),
  )
  const rows = visible.flat()
  if (page.next !== undefined) return { rows, next: { index, after: page.next } }
  return index + 1 < partitions.length ? { rows, next: { index: index + 1 } } : { rows }
}

/** The partitions of the view in which the caller's list is found. */
function partitionsOf(actor: Actor, { name }: AnyAggregate): readonly string[] {
  if (actor.roles.includes('operator')) return [name]
  const databases = actor.roles.includes('holder') ? (actor.databases ?? []) : []
  return [`${name}/person/${actor.id}`, ...databases.map((database) => `${name}/database/${database}`)]
}

/** `<partition>.<id>`: where a list goes on. */
function parseCursor(text: string | undefined, partitions: number): Cursor | undefined {
  if (text === undefined) return { index: 0 }
  const [, index, after] = /^(\d{1,3})\.([A-Za-z0-9-]{0,64})$/.exec(text) ?? []
  if (index === undefined || Number(index) >= partitions) return undefined
  return { index: Number(index), ...(after !== '' && { after }) }
}

const mayRead = async (authorizer: Authorizer, actor: Actor, { authorization }: Visible, { entity }: ViewItem) =>
  entity !== undefined && (await authorizer.on(actor, authorization.read, entity as Entity)).length === 0

/** One page of events, each with its hash and receipt, so that the reader can check the chain without us (C-5). */
async function ledger(
  { authorizer }: Control,
  { actor }: Caller,
  aggregate: Visible,
  id: string,
  after: string | undefined,
): Promise<Answer> {
  if (!aggregate.idPattern.test(id)) return refused(404, notFound)
  if (after !== undefined && !/^\d{1,9}$/.test(after)) return refused(400, badSequence)
  const stream = `${aggregate.name}/${id}`
  const records = await readStream(port(), stream)
  const target = { aggregate, id, state: stateOf(aggregate, records) }
  const refusals = await authorizer.onAggregate(actor, aggregate.authorization.ledger, target)
  if (refusals.length > 0) return refused(403, ...refusals)
  if (records.length === 0) return refused(404, notFound)
  const page = await pageWithReceipts(port(), stream, Number(after ?? 0))
  return ok({
    stream,
    events: page.records,
    receipts: page.receipts,
    ...(page.next !== undefined && { next: String(page.next) }),
  })
}

/** Maps have no JSON form of their own. */
const plain = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, item: unknown) => (item instanceof Map ? Object.fromEntries(item) : item)))
