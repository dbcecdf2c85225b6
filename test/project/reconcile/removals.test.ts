import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import {
  recordRemovals,
  removalsOfLastDay,
  type RemovalRecord,
  type Removals,
} from '#lambda/project/reconcile/removals.ts'
import { Rig } from './rig.ts'
import { expectThat } from '#test/support/expect.ts'

const DAY = 24 * 60 * 60 * 1000
const before = (rig: Rig, count: number, ago = 60_000): Removals => ({
  version: 1,
  removals: Array.from({ length: count }, (_, index) => ({
    desktopId: `ws-other-${index}`,
    at: rig.simulator.clock.now() - ago,
  })),
})

test('[C-11] of projects that end together the twenty-first desktop of a day waits for two approvals', async () => {
  const rig = new Rig()
  await rig.settle()
  rig.removed = before(rig, 20)
  rig.ask({ type: 'RemoveHandler', personId: 'taro', reason: 'left' })
  await rig.settle()
  expectThat(
    rig.truth.desktops.filter(({ State }) => State !== 'TERMINATED').length,
    'both desktops are still there',
  ).toBe(2)
  const { heldRemoval } = rig.project
  assert.ok(heldRemoval)
  for (const by of ['operator-2', 'operator-3']) rig.ask({ type: 'ApproveRemoval', digest: heldRemoval }, by)
  await rig.settle()
  expect(rig.project.destroyed.map(({ kind }) => kind).sort()).toEqual(['desktop', 'user'])
  expectThat(rig.removed?.removals.length, 'what was approved counts for nobody').toBe(20)
})

test('[C-11] what was removed over a day ago does not count; what is removed now is written down first', async () => {
  const rig = new Rig()
  await rig.settle()
  rig.removed = before(rig, 20, 2 * DAY)
  rig.ask({ type: 'RemoveHandler', personId: 'taro', reason: 'left' })
  await rig.settle()
  expect(rig.project.destroyed.map(({ kind }) => kind).sort()).toEqual(['desktop', 'user'])
  expect(rig.removed?.removals.length).toBe(1)
})

/** The record as the table keeps it: a write on an old reading is refused. */
function memoryRecord(): RemovalRecord & { recorded: Removals | undefined } {
  const record = {
    recorded: undefined as Removals | undefined,
    read: async () => record.recorded,
    write: async (next: Removals, previous: Removals | undefined) => {
      if (previous?.version !== record.recorded?.version) return false
      record.recorded = next
      return true
    },
  }
  return record
}

test('[C-11] of two passes that write down removals at the same moment one looks at the bound again', async () => {
  const record = memoryRecord()
  expect(
    await Promise.all([recordRemovals(record, undefined, ['ws-1'], 0), recordRemovals(record, undefined, ['ws-2'], 0)]),
  ).toEqual([true, false])
  assert.ok(await recordRemovals(record, record.recorded, ['ws-2'], 0))
  expect(removalsOfLastDay(record.recorded, 1).map(({ desktopId }) => desktopId)).toEqual(['ws-1', 'ws-2'])
  const version = record.recorded?.version
  assert.ok(await recordRemovals(record, record.recorded, ['ws-1'], 0))
  expectThat(record.recorded?.version, 'once is enough').toBe(version)
})

const PASSES = 10

/** Projects that share one account's record, each with one handler who has left. */
async function leaving(record: RemovalRecord, projects = PASSES): Promise<readonly Rig[]> {
  return Promise.all(
    Array.from({ length: projects }, async (_, index) => {
      // A seed of its own, so that its desktops are not called like another's.
      const rig = new Rig({ seed: index })
      await rig.settle()
      rig.ask({ type: 'RemoveHandler', personId: 'taro', reason: 'left' })
      Object.assign(rig.removals, { read: record.read, write: record.write })
      return rig
    }),
  )
}
const inRemoval = (rig: Rig) => rig.truth.desktops.filter(({ State }) => State === 'TERMINATING').length
const looks = (rig: Rig) => rig.simulator.calls.filter(({ operation }) => operation === 'DescribeUser').length

test('[C-11] of ten passes that remove at the same moment none has looked in vain', async () => {
  const record = memoryRecord()
  const rigs = await leaving(record)
  const before = rigs.map(looks)
  const alone = await leaving(memoryRecord(), 1).then(async ([rig]) => {
    const count = looks(rig!)
    await rig!.pass()
    return looks(rig!) - count
  })
  await Promise.all(rigs.map((rig) => rig.pass()))
  expect(rigs.map(inRemoval)).toEqual(rigs.map(() => 1))
  expectThat(
    rigs.map((rig, index) => looks(rig) - before[index]!),
    'none looked more often than one that removes alone',
  ).toEqual(rigs.map(() => alone))
  expect(record.recorded?.removals.length).toBe(PASSES)
})

test('[C-11] ten passes at the same moment together stay within the bound of the day', async () => {
  const record = memoryRecord()
  const rigs = await leaving(record)
  record.recorded = before(rigs[0]!, 15)
  await Promise.all(rigs.map((rig) => rig.pass()))
  expect(rigs.reduce((sum, rig) => sum + inRemoval(rig), 0)).toBe(5)
  expect(record.recorded.removals.length).toBe(20)
})

test('[C-11] a pass that cannot write down what it would remove removes nothing', async () => {
  const rig = new Rig()
  await rig.settle()
  rig.ask({ type: 'RemoveHandler', personId: 'taro', reason: 'left' })
  const { write } = rig.removals
  Object.assign(rig.removals, { write: async () => false })
  for (let pass = 0; pass < 3; pass += 1) {
    expect((await rig.pass()).again).toBe(true)
    rig.simulator.advance(60_000)
  }
  expect(rig.truth.desktops.filter(({ State }) => State === 'TERMINATING' || State === 'TERMINATED')).toEqual([])
  expect(rig.truth.desktops.length).toBe(2)
  Object.assign(rig.removals, { write })
  await rig.settle()
  assert.ok(rig.project.destroyed.some(({ kind }) => kind === 'desktop'))
})
