import assert from 'node:assert/strict'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { applicationAggregate } from '#domain/application/aggregate.ts'
import { applicationDecider } from '#domain/application/decide.ts'
import { refuse } from '#domain/kernel/decider.ts'
import type { AnyAggregate } from '#domain/ledger/aggregate.ts'
import { projectAggregate } from '#domain/project/aggregate.ts'
import type { CellEvent } from '#domain/project/cell.ts'
import { nextDeadline, dueCommands } from '#domain/project/deadlines.ts'
import type { Project } from '#domain/project/state.ts'
import { aggregates } from '#domain/registry.ts'
import { dynamoDb } from '#lambda/kernel/clients.ts'
import { commandOn, machine } from '#lambda/ledger/command-on.ts'
import { readStream } from '#lambda/ledger/ledger.ts'
import { notFound } from '#lambda/ledger/refusals.ts'
import { findRequest } from '#lambda/ledger/requests.ts'
import { ledgerPort, sources } from '#lambda/ledger/sources.ts'
import { sweep } from '#lambda/ledger/sweep/handle.ts'
import { contextOf, demoDatabases, NOW, storySteps } from '../application/support.ts'
import { makeLedger, startEmulator, type Emulator } from '../support/emulator.ts'
import { expectThat } from '../support/expect.ts'
import { people, reconciler } from '../support/people.ts'
import { deployed, opened, post, projected, record, typesIn } from './support.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await startEmulator()
  await makeLedger()
})
afterAll(() => emulator.stop())

const { operator, tanaka } = people
const suspend = { type: 'SuspendProject', reason: 'odd sign-ins' }
const resume = { type: 'ResumeProject', reason: 'cleared' }
const markOf = (actor: typeof operator, key: string) =>
  findRequest({ dynamoDb: dynamoDb(), requests: 'requests' }, actor, key)

test('[C-10] a request is remembered for about thirty days', async () => {
  await record('project/K-1', opened('K-1'))
  const idempotencyKey = 'key-remembered'
  expect((await post(deployed, operator, { stream: 'project/K-1', command: suspend, idempotencyKey })).status).toBe(200)
  const mark = await markOf(operator, idempotencyKey)
  expect(mark?.appended).toEqual([{ stream: 'project/K-1', sequence: 2 }])
  const days = (mark!.expires - Date.now() / 1000) / 86_400
  expect(days).toBeGreaterThan(29.9)
  expect(days).toBeLessThan(30.1)
})

test('[C-10] the same key with the same command to another stream is another request, and refused', async () => {
  await record('project/K-2', opened('K-2'))
  await record('project/K-3', opened('K-3'))
  const request = { command: suspend, idempotencyKey: 'key-two-streams' }
  expect((await post(deployed, operator, { ...request, stream: 'project/K-2' })).status).toBe(200)
  const { status, body } = await post(deployed, operator, { ...request, stream: 'project/K-3' })
  expect([status, body.refusals?.[0]?.code]).toEqual([409, 'request.idempotency-key-reused'])
  expect(await typesIn('project/K-3')).toEqual(['ProjectOpened'])
})

test('[C-10] a dry run tells what would happen now, whatever its key was used for, and leaves nothing', async () => {
  await record('project/K-4', opened('K-4'))
  const ask = (command: object, idempotencyKey: string, dryRun?: boolean) =>
    post(deployed, operator, { stream: 'project/K-4', command, idempotencyKey, dryRun })
  expect(await ask(suspend, 'key-only-dry', true)).toEqual({
    status: 200,
    body: { dryRun: true, events: [{ ...suspend, type: 'ProjectSuspended' }] },
  })
  expect([await typesIn('project/K-4'), await markOf(operator, 'key-only-dry')]).toEqual([['ProjectOpened'], undefined])
  expect((await ask(suspend, 'key-used')).body.receipts.length).toBe(1)
  expect((await ask(resume, 'key-resumed')).status).toBe(200)
  const before = await typesIn('project/K-4')
  // The very request that was done before, and another one under its key.
  expect(await ask(suspend, 'key-used', true)).toEqual({
    status: 200,
    body: { dryRun: true, events: [{ ...suspend, type: 'ProjectSuspended' }] },
  })
  expect((await ask({ type: 'EndProject', cause: 'end-of-use' }, 'key-used', true)).body).toMatchObject({
    dryRun: true,
    events: [{ type: 'ProjectEnded' }],
  })
  expect(await typesIn('project/K-4')).toEqual(before)
})

test('[ARC-4] a dry run needs the permission that the command itself needs', async () => {
  await record('project/K-5', opened('K-5'))
  const request = { stream: 'project/K-5', command: suspend, idempotencyKey: 'key-not-mine' }
  for (const dryRun of [true, false])
    expectThat((await post(deployed, tanaka, { ...request, dryRun })).status, `dry run: ${dryRun}`).toBe(403)
  expect(await typesIn('project/K-5')).toEqual(['ProjectOpened'])
})

/** All that a decision reads, with one cell published for three projects. */
const given = () => ({
  ...sources(),
  published: async (kind: 'database' | 'cell') => (kind === 'cell' ? [{ id: 1, projects: 3 }] : demoDatabases),
})

/** An application as it is before its grant. */
async function readyToGrant(applicationId: string): Promise<void> {
  let state = applicationDecider.initial
  const events: unknown[] = []
  for (const { actor, command } of storySteps().slice(0, -1)) {
    const decision = applicationDecider.decide(state, command, contextOf(actor, { applicationId }))
    assert.ok(decision.ok)
    events.push(...decision.events)
    state = decision.events.reduce(applicationDecider.evolve, state)
  }
  await record(`application/${applicationId}`, ...events)
}

const grant = (id: string) =>
  commandOn(given(), aggregates, {
    aggregate: applicationAggregate,
    id,
    command: { type: 'Grant' },
    context: { now: NOW, actor: people.machine },
  })

test('[CON-2] grants into one cell, one after the other, each continue its stream', async () => {
  for (const id of ['G-1', 'G-2', 'G-3']) {
    await readyToGrant(id)
    expectThat((await grant(id)).outcome, id).toBe('done')
    expect(await typesIn(`project/${id}`)).toEqual(['ProjectOpened'])
  }
  const seats = (await readStream(ledgerPort(), 'cell/1')).map(({ event }) => event as CellEvent)
  expect(seats.map(({ type }) => type)).toEqual(['SeatTaken', 'SeatTaken', 'SeatTaken'])
  expect(seats.at(-1)?.occupants).toEqual(['G-1', 'G-2', 'G-3'])
})

test('[CON-3] a project that closes gives its seat back in the transaction that closes it', async () => {
  await record('cell/7', { type: 'SeatTaken', projectId: 'C-1', occupants: ['C-0', 'C-1'] })
  await record('project/C-1', opened('C-1', { cell: 7 }), { type: 'ProjectEnded', cause: 'expiry', destroys: [] })
  const close = (dryRun: boolean) =>
    commandOn(given(), aggregates, {
      aggregate: projectAggregate,
      id: 'C-1',
      command: { type: 'ReportConverged', exists: [] } as { type: string },
      context: { now: NOW, actor: reconciler },
      dryRun,
    })
  expect((await close(true)).outcome).toBe('would-do')
  expect(await typesIn('cell/7')).toEqual(['SeatTaken'])
  const outcome = await close(false)
  assert.ok(outcome.outcome === 'done')
  // One answer of one append, which is whole or not at all.
  expect(outcome.records.map(({ stream, sequence }) => `${stream}#${sequence}`)).toEqual(['project/C-1#3', 'cell/7#2'])
  expect((await readStream(ledgerPort(), 'cell/7')).at(-1)?.event).toEqual({
    type: 'SeatReturned',
    projectId: 'C-1',
    occupants: ['C-0'],
  })
})

test('[CON-2] a companion that refuses refuses the whole command, and nothing is appended', async () => {
  await record('project/C-2', opened('C-2'))
  const objecting: AnyAggregate = {
    ...projectAggregate,
    name: 'objection',
    companions: [{ of: 'project', follow: async () => refuse(notFound) }],
  }
  for (const dryRun of [true, false])
    expectThat(
      await commandOn(given(), [projectAggregate, objecting], {
        aggregate: projectAggregate,
        id: 'C-2',
        command: suspend,
        context: { now: NOW, actor: operator },
        dryRun,
      }),
      `dry run: ${dryRun}`,
    ).toEqual({ outcome: 'rejected', refusals: [notFound] })
  expect(await typesIn('project/C-2')).toEqual(['ProjectOpened'])
})

test('[VIS-6] a deadline that fails keeps no other from being carried out, and the sweep fails', async () => {
  // More than are commanded at a time, the one that fails among the first.
  const ids = Array.from({ length: 12 }, (_, index) => `D-${String(index).padStart(2, '0')}`)
  for (const id of ids) await record(`project/${id}`, opened(id, { until: '2026-01-31' }))
  await projected(aggregates, ...ids.map((id) => `project/${id}`))
  const failing: AnyAggregate = {
    ...projectAggregate,
    deadlines: {
      next: nextDeadline,
      due(project: Project, now: string) {
        if (project.projectId === 'D-00') throw new Error('this one cannot be decided')
        return dueCommands(project, now)
      },
    },
  }
  const failure: unknown = await sweep([failing], { task: 'deadlines' }, 'r-3').then(
    () => undefined,
    (error: unknown) => error,
  )
  assert.ok(failure instanceof AggregateError, String(failure))
  expect(failure.errors.map(String)).toEqual(['Error: this one cannot be decided'])
  const [broken, ...others] = ids
  expect(await typesIn(`project/${broken}`)).toEqual(['ProjectOpened'])
  for (const id of others) expectThat(await typesIn(`project/${id}`), id).toEqual(['ProjectOpened', 'ProjectEnded'])
  const [, ended] = await readStream(ledgerPort(), 'project/D-01')
  expect(ended?.actor.id).toBe(machine('sweep').id)
})
