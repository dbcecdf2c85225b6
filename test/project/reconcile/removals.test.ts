import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import { announce, lately, type RemovalRecord, type RemovalStore } from '#lambda/project/reconcile/removals.ts'
import { Rig } from './rig.ts'
import { expectThat } from '#test/support/expect.ts'

const DAY = 24 * 60 * 60 * 1000
const before = (rig: Rig, count: number, ago = 60_000): RemovalRecord => ({
  version: 1,
  removals: Array.from({ length: count }, (_, index) => ({
    desktopId: `ws-other-${index}`,
    at: rig.simulator.clock.now() - ago,
  })),
})

test('[C-11] many projects that end together are together held: the twenty-first desktop of a day waits for two approvals', async () => {
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
  expectThat(rig.removed.removals.length, 'what was approved counts for nobody').toBe(20)
})

test('[C-11] what was removed more than a day ago no longer counts; what is removed now is written down first', async () => {
  const rig = new Rig()
  await rig.settle()
  rig.removed = before(rig, 20, 2 * DAY)
  rig.ask({ type: 'RemoveHandler', personId: 'taro', reason: 'left' })
  await rig.settle()
  expect(rig.project.destroyed.map(({ kind }) => kind).sort()).toEqual(['desktop', 'user'])
  expect(rig.removed.removals.length).toBe(1)
})

test('[C-11] of two passes that count at the same moment one counts again', async () => {
  let kept: RemovalRecord | undefined
  const store: RemovalStore = {
    read: async () => kept,
    write: async (next, previous) => {
      if (previous?.version !== kept?.version) return false
      kept = next
      return true
    },
  }
  expect(await Promise.all([announce(store, undefined, ['ws-1'], 0), announce(store, undefined, ['ws-2'], 0)])).toEqual(
    [true, false],
  )
  assert.ok(await announce(store, kept, ['ws-2'], 0))
  expect(lately(kept, 1).map(({ desktopId }) => desktopId)).toEqual(['ws-1', 'ws-2'])
  const version = kept?.version
  assert.ok(await announce(store, kept, ['ws-1'], 0))
  expectThat(kept?.version, 'once is enough').toBe(version)
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
