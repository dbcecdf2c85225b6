import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { KMSClient } from '@aws-sdk/client-kms'
import { expect, test } from '@jest/globals'
import { until } from '../application/support.ts'
import type { AnyAggregate, Followed, Reader } from '#domain/ledger/aggregate.ts'
import { noProject } from '#domain/project/evolve.ts'
import { closing, opening } from '#domain/project/opening.ts'
import { nothingHeld } from '#domain/project/removal-refusals.ts'
import type { Project } from '#domain/project/state.ts'
import { commandOn } from '#lambda/ledger/command-on.ts'
import type { Sources } from '#lambda/ledger/reader.ts'
import { people, reconciler } from '../support/people.ts'
import { DURING, open } from './support.ts'

/** Streams by name; what is not there is absent. */
function readerOf(states: Readonly<Record<string, unknown>>): Reader {
  return {
    load: async (aggregate, id) => (states[`${aggregate.name}/${id}`] ?? aggregate.decider.initial) as never,
    published: async () => [],
    organisationsOf: async () => new Map(),
    policy: () => {
      throw new Error('no companion asks for a policy')
    },
  }
}

const followed = (over: Partial<Followed>): Followed => ({
  reader: readerOf({}),
  id: 'A-2026-0001',
  events: [],
  before: open,
  after: open,
  context: { now: DURING, actor: reconciler },
  ...over,
})

const closed: Project = { ...open, status: 'closed', cell: 4 }
const ended: Project = { ...closed, status: 'ended' }

test('[CON-3] a project that closes gives its seat back, in the stream of its own cell', async () => {
  const reader = readerOf({ 'cell/4': { occupants: ['A-2026-0001', 'A-2026-0002'] } })
  expect(await closing.follow(followed({ reader, before: ended, after: closed }))).toEqual({
    ok: true,
    events: [
      {
        stream: 'cell/4',
        events: [{ type: 'SeatReturned', projectId: 'A-2026-0001', occupants: ['A-2026-0002'] }],
      },
    ],
  })
})

test('[CON-3] a project that does not close now leaves every cell as it is', async () => {
  const reader = readerOf({ 'cell/4': { occupants: ['A-2026-0001'] } })
  const changes = [
    { before: { ...open, cell: 4 }, after: ended },
    { before: closed, after: closed },
  ]
  for (const change of changes)
    expect(await closing.follow(followed({ reader, ...change }))).toEqual({ ok: true, events: [] })
})

const { grant } = until('Grant')
if (grant === undefined) throw new Error('the story ends with a grant')
const events = [{ type: 'ApplicationGranted', termsVersion: '2026-10', grant: { ...grant, cell: 4 } }]
const context = { now: DURING, actor: people.machine }

test('[CON-2] a grant opens its project and takes its seat, in one answer', async () => {
  const reader = readerOf({ 'cell/4': { occupants: ['A-2026-0002'] } })
  expect(await opening.follow(followed({ reader, events, context }))).toEqual({
    ok: true,
    events: [
      { stream: 'project/A-2026-0001', events: [{ type: 'ProjectOpened', ...grant, cell: 4 }] },
      {
        stream: 'cell/4',
        events: [{ type: 'SeatTaken', projectId: 'A-2026-0001', occupants: ['A-2026-0002', 'A-2026-0001'] }],
      },
    ],
  })
  expect(await opening.follow(followed({ events: [{ type: 'ApplicationWithdrawn' }], context }))).toEqual({
    ok: true,
    events: [],
  })
})

test('[CON-2] where the project cannot be opened the companion refuses, and no seat is taken', async () => {
  const again = await opening.follow(followed({ reader: readerOf({ 'project/A-2026-0001': open }), events, context }))
  expect(again.ok || again.refusals.map(({ code }) => code)).toEqual(['project.exists'])
  const nobody = [{ ...events[0]!, grant: { ...grant, handlers: [] } }]
  const reader = readerOf({ 'project/A-2026-0001': noProject })
  const empty = await opening.follow(followed({ reader, events: nobody, context }))
  expect(empty.ok || empty.refusals.map(({ code }) => code)).toEqual(['project.empty-grant'])
})

test('[CON-2] what a companion refuses is refused as a whole: nothing of either stream is appended', async () => {
  const sent: (string | undefined)[] = []
  const dynamoDb = new DynamoDBClient({ region: 'ap-northeast-1' })
  const answered = { output: { Items: [], $metadata: {} }, response: {} }
  dynamoDb.middlewareStack.add(
    (_next, { commandName }) =>
      async () => {
        sent.push(commandName)
        return answered
      },
    { step: 'initialize', priority: 'high' },
  )
  const port = { dynamoDb, kms: new KMSClient({ region: 'ap-northeast-1' }), table: 'ledger', receiptKeyId: 'key' }
  const sources = { port, views: {} as Sources['views'], published: async () => [], policies: {} }
  const refusals = [nothingHeld]
  const counter: AnyAggregate = {
    name: 'counter',
    plural: 'counters',
    title: { en: 'Counter', ja: '計数' },
    idPattern: /^A$/,
    decider: { initial: 0, decide: () => ({ ok: true, events: [{ type: 'Counted' }] }), evolve: (total) => total + 1 },
    companions: [
      {
        of: 'counter',
        follow: async ({ before, after }) =>
          before === 0 && after === 1 ? { ok: false, refusals } : { ok: true, events: [] },
      },
    ],
  }
  const asked = { aggregate: counter, id: 'A', command: { type: 'Count' }, context }
  expect(await commandOn(sources, [counter], asked)).toEqual({ outcome: 'rejected', refusals })
  expect(sent).toEqual(['QueryCommand'])
})
