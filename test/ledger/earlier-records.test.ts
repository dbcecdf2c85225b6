import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { applicationDecider } from '#domain/application/decide.ts'
import type { ApplicationEvent } from '#domain/application/events.ts'
import { currentEvent, replayRecords } from '#domain/ledger/earlier-records.ts'
import { emptyHead, sealEvents, type LedgerRecord } from '#domain/ledger/record.ts'
import { verifyStream } from '#domain/ledger/verify.ts'
import { cellDecider } from '#domain/project/cell.ts'
import type { Reader, StreamKind } from '#domain/ledger/aggregate.ts'
import { opening } from '#domain/project/opening.ts'
import { projectDecider } from '#domain/project/decide.ts'
import { expectThat } from '#test/support/expect.ts'
import { people } from '#test/support/people.ts'
import { assertWellWritten } from '#test/support/refusal.ts'

/** As it was recorded before a refusal had a reason and two languages. */
const earlier = {
  type: 'ApplicationReturned',
  formDigest: 'ab'.repeat(32),
  problems: [
    {
      code: 'form.rule',
      path: 'form.plan.period.until',
      message: 'is past',
      requirement: 'APP-5',
      remedy: 'write the last day of the use intended',
    },
  ],
}
const seal = (stream: string, ...events: readonly unknown[]) =>
  sealEvents(stream, emptyHead, events, { at: '2026-11-22T00:00:00.000Z', actor: people.machine })

test('[C-5] a problem that was recorded earlier reads as a refusal of today, and its record stays as it was', () => {
  const records = seal('application/A-1', earlier)
  const { status, problems } = replayRecords(applicationDecider, records)
  expect(status).toBe('returned')
  expect(problems).toEqual([
    {
      code: 'form.rule',
      what: { en: 'is past', ja: 'is past' },
      why: { en: 'requirement APP-5 demands it', ja: '要件APP-5によります。' },
      next: { en: 'write the last day of the use intended', ja: 'write the last day of the use intended' },
      requirement: 'APP-5',
      path: 'form.plan.period.until',
    },
  ])
  assert.ok(verifyStream('application/A-1', records).ok)
  expect(records[0]?.event).toBe(earlier)
})

test('[C-5] what is recorded today is read as it stands', () => {
  const today: ApplicationEvent = {
    type: 'ApplicationReturned',
    formDigest: 'x',
    problems: [
      {
        code: 'form.rule',
        what: { en: 'the list is empty', ja: '一覧が空です。' },
        why: { en: 'one entry is needed', ja: '一件以上必要です。' },
        next: { en: 'add one', ja: '追加してください。' },
        path: 'form.handlers',
      },
    ],
  }
  expect(currentEvent(today)).toEqual(today)
  for (const problem of today.problems) assertWellWritten(problem)
})

test('[CON-2] a place that was taken in a cell is a seat of it', () => {
  const records = seal('cell/1', { type: 'PlaceTaken', projectId: 'P-1' }, { type: 'SeatTaken', projectId: 'P-2' })
  expect(replayRecords(cellDecider, records)).toEqual({ occupants: ['P-1', 'P-2'], uncounted: true })
})

test('[C-5] any event reads as some event, and reading it twice changes nothing more', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.anything(), fc.record({ type: fc.string(), problems: fc.array(fc.anything()) })),
      (event) => {
        const once = currentEvent(event)
        expect(currentEvent(once)).toEqual(once)
      },
    ),
  )
})

const kept = JSON.parse(
  readFileSync(join(import.meta.dirname, 'records', 'version-0.1.0.json'), 'utf8'),
) as readonly LedgerRecord[]
const streamOf = (stream: string) => kept.filter((record) => record.stream === stream)

test('[C-5] the ledger of the version before is intact by its own hashes, and reads as today', () => {
  for (const stream of new Set(kept.map((record) => record.stream)))
    expectThat(verifyStream(stream, streamOf(stream)).ok, stream).toBe(true)
  const application = replayRecords(applicationDecider, streamOf('application/A-0001'))
  expect([application.status, application.pledges.length, application.decisions.size]).toEqual(['granted', 5, 3])
  const project = replayRecords(projectDecider, streamOf('project/A-0001'))
  expect([project.status, project.handlers.length, project.databases]).toEqual(['closed', 3, ['NDB', 'DPC', 'RWD1']])
  expect(replayRecords(cellDecider, streamOf('cell/1')).occupants).toEqual(['A-0001'])
})

test('[C-5] a seat whose project was closed by the version before is free for the next grant', async () => {
  const reader = {
    load: async ({ name, decider }: StreamKind<unknown, unknown>, id: string) =>
      replayRecords(decider, streamOf(`${name}/${id}`)),
    published: async () => [{ id: 1, projects: 1 }],
  } as unknown as Reader
  expect(await opening.surroundings?.(reader, { type: 'Grant' }, 'A-0002')).toEqual({ cell: 1 })
  const grant = { projectId: 'A-0002', applicationId: 'A-0002', databases: ['NDB'], cell: 1 }
  const event = { type: 'ApplicationGranted', grant: { ...grant, handlers: [{ personId: 'p.a', organisation: 'x' }] } }
  const context = { now: '2026-11-22T00:00:00.000Z', actor: people.machine }
  const followed = await opening.follow({ reader, id: 'A-0002', events: [event], before: {}, after: {}, context })
  assert.ok(followed.ok)
  expect(followed.events.find(({ stream }) => stream === 'cell/1')?.events).toEqual([
    { type: 'SeatTaken', projectId: 'A-0002', occupants: ['A-0002'] },
  ])
})
