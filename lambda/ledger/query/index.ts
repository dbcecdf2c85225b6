import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda'
import type { ApplicationEvent } from '#domain/application/events.ts'
import { evolve as evolveApplication, noApplication } from '#domain/application/evolve.ts'
import type { Application } from '#domain/application/state.ts'
import { replay } from '#domain/kernel/decider.ts'
import type { Refusal } from '#domain/kernel/refusal.ts'
import type { LedgerRecord } from '#domain/ledger/record.ts'
import type { ProjectEvent } from '#domain/project/events.ts'
import { evolve, noProject } from '#domain/project/evolve.ts'
import type { Project } from '#domain/project/state.ts'
import { ok, refused, serve, type Answer, type Caller } from '../api.ts'
import { authorize } from '#lambda/people/authorize.ts'
import { dynamoDb } from '#lambda/kernel/clients.ts'
import { setting } from '#lambda/kernel/configuration.ts'
import { readStream, readWithReceipts } from '../ledger.ts'
import { pageOfView } from '../view.ts'

type Aggregate = 'application' | 'project'
const ID = /^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/

/** The `GET` half of the API: what a person may see, and nothing else. */
export async function handler(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const { id, aggregate } = event.pathParameters ?? {}
  switch (event.resource) {
    case '/applications/{id}':
      return serve(event, { action: 'ReadApplication', object: `application/${id}` }, (caller) =>
        one(caller, 'application', id),
      )
    case '/projects/{id}':
      return serve(event, { action: 'ReadProject', object: `project/${id}` }, (caller) => one(caller, 'project', id))
    case '/projects':
      return serve(event, { action: 'ListProjects', object: 'projects' }, (caller) =>
        list(caller, event.queryStringParameters?.['after'] ?? undefined),
      )
    case '/ledger/{aggregate}/{id}':
      return serve(event, { action: 'ReadLedger', object: `${aggregate}/${id}` }, (caller) =>
        ledger(caller, aggregate, id),
      )
    default:
      return serve(event, { action: 'Read', object: 'unknown' }, async () => refused(404, notFound))
  }
}

const port = () => ({ dynamoDb: dynamoDb(), table: setting('LEDGER_TABLE') })
const isAggregate = (name: string | undefined): name is Aggregate => name === 'application' || name === 'project'

function targetOf(aggregate: Aggregate, id: string, records: readonly LedgerRecord[]) {
  return aggregate === 'application'
    ? ({
        aggregate,
        id,
        state: replay<Application, ApplicationEvent>(
          { initial: noApplication, evolve: evolveApplication },
          records.map(({ event }) => event as ApplicationEvent),
        ),
      } as const)
    : ({
        aggregate,
        id,
        state: replay<Project, ProjectEvent>(
          { initial: noProject, evolve },
          records.map(({ event }) => event as ProjectEvent),
        ),
      } as const)
}

/** The ledger itself, not the view: whoever has just changed something sees the change. */
async function one({ actor }: Caller, aggregate: Aggregate, id: string | undefined): Promise<Answer> {
  if (id === undefined || !ID.test(id)) return refused(404, notFound)
  const records = await readStream(port(), `${aggregate}/${id}`)
  const target = targetOf(aggregate, id, records)
  const refusals = await authorize(actor, aggregate === 'application' ? 'ReadApplication' : 'ReadProject', target)
  if (refusals.length > 0) return refused(403, ...refusals)
  // Asked after the right to see it, so that nobody learns by asking which ids exist.
  if (records.length === 0) return refused(404, notFound)
  return ok({ ...(plain(target.state) as object), version: records.at(-1)?.sequence })
}

async function list({ actor }: Caller, after: string | undefined): Promise<Answer> {
  if (after !== undefined && !ID.test(after)) return refused(400, badPage)
  const refusals = await authorize(actor, 'ListProjects', { aggregate: 'platform' })
  if (refusals.length > 0) return refused(403, ...refusals)
  const page = await pageOfView<Project>({ dynamoDb: dynamoDb(), view: setting('VIEW_TABLE') }, 'project', after)
  const visible = await Promise.all(
    page.items.map(async ({ id, state }) =>
      (await authorize(actor, 'ReadProject', { aggregate: 'project', id, state })).length === 0 ? [state] : [],
    ),
  )
  return ok({ projects: visible.flat(), ...(page.next !== undefined && { next: page.next }) })
}

/** Every event with its hash and receipt, so that the reader can check the chain without us (C-5). */
async function ledger({ actor }: Caller, aggregate: string | undefined, id: string | undefined): Promise<Answer> {
  if (!isAggregate(aggregate) || id === undefined || !ID.test(id)) return refused(404, notFound)
  const stream = `${aggregate}/${id}`
  const { records: events, receipts } = await readWithReceipts(port(), stream)
  const refusals = await authorize(actor, 'ReadLedger', targetOf(aggregate, id, events))
  if (refusals.length > 0) return refused(403, ...refusals)
  return events.length === 0 ? refused(404, notFound) : ok({ stream, events, receipts })
}

/** Maps have no JSON form of their own. */
const plain = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, item: unknown) => (item instanceof Map ? Object.fromEntries(item) : item)))

const notFound: Refusal = {
  code: 'request.not-found',
  what: { en: 'nothing stands at this path', ja: '指定されたパスには何もありません。' },
  why: {
    en: 'an answer is given for what exists only: applications, projects and their ledgers',
    ja: '応答できるのは、存在する申出、研究プロジェクト、それぞれの台帳のみです。',
  },
  next: {
    en: 'check the path and the id, e.g. projects/A-2026-0001',
    ja: 'パスとIDを確認してください（例：projects/A-2026-0001）。',
  },
}
const badPage: Refusal = {
  code: 'request.malformed',
  what: { en: 'the value of after is no id', ja: 'afterの値はIDではありません。' },
  why: {
    en: 'a further page begins after an id: letters, digits and hyphens, at most 64',
    ja: '次のページはIDの後から始まります。IDは英数字とハイフンで64文字以内です。',
  },
  next: {
    en: 'send the value of next of the page before, e.g. ?after=A-2026-0001',
    ja: '前のページのnextの値を指定してください（例：?after=A-2026-0001）。',
  },
  path: 'after',
}
