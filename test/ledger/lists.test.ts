import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { applicationAggregate } from '#domain/application/aggregate.ts'
import { verifyStream } from '#domain/ledger/verify.ts'
import { projectAggregate } from '#domain/project/aggregate.ts'
import type { ProjectEvent } from '#domain/project/events.ts'
import { aggregates } from '#domain/registry.ts'
import { viewPort } from '#lambda/ledger/sources.ts'
import { getView, putView, updateViews } from '#lambda/ledger/view.ts'
import { until } from '../application/support.ts'
import { makeLedger, startEmulator, type Emulator } from '../support/emulator.ts'
import { expectThat } from '../support/expect.ts'
import { people } from '../support/people.ts'
import { deliveries, deployed, followed, get, opened, projected, projectOf, record, type Sender } from './support.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await startEmulator()
  await makeLedger()
})
afterAll(() => emulator.stop())

const handler = (id: string): Sender => ({ id, organisation: '東都医科大学', roles: ['handler'] })
const handlers = (...ids: readonly string[]) => ids.map((personId) => ({ personId, organisation: '東都医科大学' }))
const suspended = (personId: string): ProjectEvent => ({ type: 'ProjectSuspended', reason: 'odd sign-ins', personId })

/** Lists show these events' project, as its projection stores it. */
const show = (id: string, ...events: readonly ProjectEvent[]) =>
  updateViews(viewPort(), projectAggregate, { id, version: events.length, state: projectOf(...events) })

/** The ids that a list has, page by page, as its `next` continues it. */
async function pagesOf(sender: Sender, plural = 'projects', id = 'projectId'): Promise<readonly (readonly string[])[]> {
  const pages: string[][] = []
  let after: string | undefined
  do {
    const { status, body } = await get(deployed, sender, `/${plural}`, { after })
    expect(status).toBe(200)
    pages.push(body[plural].map((row: Record<string, string>) => row[id]))
    after = body.next
    expect(pages.length).toBeLessThan(20)
  } while (after !== undefined)
  return pages
}

test('[APP-6] a list of several pages goes on where the page before ended: no row twice or missing', async () => {
  const ids = Array.from({ length: 130 }, (_, index) => `M-${String(index).padStart(4, '0')}`)
  for (let from = 0; from < ids.length; from += 10)
    await Promise.all(
      ids.slice(from, from + 10).map((id) => {
        const state = projectOf(opened(id, { handlers: handlers('p.many') }))
        const { row, keys } = projectAggregate.view!(state)
        const entity = projectAggregate.authorization!.entity(id, state)
        return putView(viewPort(), { view: 'project/person/p.many', id, version: 1, state: row, keys, entity })
      }),
    )
  const pages = await pagesOf(handler('p.many'))
  expect(pages.map(({ length }) => length)).toEqual([100, 30])
  expect(pages.flat()).toEqual(ids)
})

test('[APP-6] what stands in several partitions of a holder is shown once, and none is left out', async () => {
  const holder: Sender = { ...handler('h.both'), roles: ['handler', 'holder'], databases: ['DB1', 'DB2'] }
  await show('B-OWN', opened('B-OWN', { databases: ['DB1', 'DB2'], handlers: handlers('h.both') }))
  await show('B-BOTH', opened('B-BOTH', { databases: ['DB1', 'DB2'] }))
  await show('B-SECOND', opened('B-SECOND', { databases: ['DB2'] }))
  await show('B-OTHER', opened('B-OTHER', { databases: ['DB3'] }))
  expect(await pagesOf(holder)).toEqual([['B-OWN'], ['B-BOTH'], ['B-SECOND']])
  expectThat(await pagesOf({ ...holder, id: 'h.none', databases: ['DB0', 'DB3'] }), 'no empty page before').toEqual([
    ['B-OTHER'],
  ])
})

test('[APP-6] a cursor that no page of this list gave is refused', async () => {
  const holder: Sender = { ...handler('h.one'), roles: ['holder'], databases: ['DB9'] }
  const foreign = [
    'nonsense',
    '0',
    '.',
    '-1.',
    '0.A/1',
    '0.A 1',
    '0.A.1',
    'x.A-1',
    `0.${'A'.repeat(65)}`,
    '2.',
    '2.A-1',
  ]
  for (const after of foreign) {
    const { status, body } = await get(deployed, holder, '/projects', { after })
    expectThat([status, body.refusals?.[0]?.code, body.refusals?.[0]?.path], after).toEqual([
      400,
      'request.malformed',
      'after',
    ])
  }
  expect((await get(deployed, holder, '/projects', { after: '1.' })).status).toBe(200)
  expectThat(
    (await get(deployed, handler('p.one'), '/projects', { after: '1.' })).status,
    'a partition of others',
  ).toBe(400)
})

test('[VIS-7] what the policies forbid is not shown, though it has the name of whoever asks on it', async () => {
  const events = [opened('S-1', { handlers: handlers('p.cut', 'p.kept') }), suspended('p.cut')]
  await show('S-1', ...events)
  expect((await getView(viewPort(), 'project/person/p.cut', 'S-1'))?.version).toBe(2)
  expect(await pagesOf(handler('p.cut'))).toEqual([[]])
  expect(await pagesOf(handler('p.kept'))).toEqual([['S-1']])
})

test('[REV-1] an assigned reviewer finds the application, and no other reviewer does', async () => {
  const state = until('AssignReviewers')
  await updateViews(viewPort(), applicationAggregate, { id: 'A-2026-0001', version: 3, state })
  const found = (sender: Sender) => pagesOf(sender, 'applications', 'applicationId')
  for (const reviewer of [people.reviewer, people.secondReviewer])
    expectThat(await found(reviewer), reviewer.id).toEqual([['A-2026-0001']])
  expect(await found(people.conflictedReviewer)).toEqual([[]])
})

test('[C-5] the pages of a ledger are its whole chain: no event twice, none missing', async () => {
  await record('project/L-1', opened('L-1'))
  for (let each = 0; each < 3; each += 1)
    await record('project/L-1', ...Array.from({ length: 70 }, () => suspended('p.tanaka')))
  const path = { aggregate: 'project', id: 'L-1' }
  const page = (after?: string) => get(deployed, people.operator, '/ledger/{aggregate}/{id}', { path, after })
  const first = (await page()).body
  expect([first.events.length, first.next]).toEqual([200, '200'])
  const second = (await page(first.next)).body
  expect([second.events.length, second.next]).toEqual([11, undefined])
  const numbers = Array.from({ length: 211 }, (_, index) => index + 1)
  const of = (list: readonly { sequence: number }[]) => list.map(({ sequence }) => sequence)
  expect(of([...first.events, ...second.events])).toEqual(numbers)
  expect(of([...first.receipts, ...second.receipts])).toEqual(numbers)
  expect(verifyStream('project/L-1', [...first.events, ...second.events]).ok).toBe(true)
  for (const after of ['x', '-1', '1.5', '', '1234567890']) {
    const { status, body } = await page(after)
    expectThat([status, body.refusals?.[0]?.code], after).toEqual([400, 'request.malformed'])
  }
})

test('[C-5] an event whose hash is not that of the ledger reaches no list', async () => {
  await record('project/H-1', opened('H-1'))
  const [image] = await deliveries('project/H-1')
  const NewImage = { ...image!.dynamodb!.NewImage, hash: { S: '0'.repeat(64) } }
  const answer = await followed(aggregates, [{ ...image!, dynamodb: { ...image!.dynamodb, NewImage } }])
  expect(answer.batchItemFailures).toEqual([{ itemIdentifier: 'project/H-1#1' }])
  expect(await getView(viewPort(), 'project', 'H-1')).toBeUndefined()
  await projected(aggregates, 'project/H-1')
  expect((await getView(viewPort(), 'project', 'H-1'))?.version).toBe(1)
})
