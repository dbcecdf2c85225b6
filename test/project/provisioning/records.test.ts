import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { dynamoDb } from '#lambda/kernel/clients.ts'
import type { ViewPort } from '#lambda/ledger/view.ts'
import { INTERVAL_MS, sharedCallQueue, type CallLane } from '#lambda/project/provisioning/api-tokens.ts'
import { tableMemory, tableSuspensionMark } from '#lambda/project/provisioning/memory.ts'
import { tableRemovals } from '#lambda/project/reconcile/removals.ts'
import { makeLedger, startEmulator, type Emulator } from '#test/support/emulator.ts'
import { MemoryCallQueue } from './call-queue.ts'

let emulator: Emulator
let port: ViewPort
beforeAll(async () => {
  emulator = await startEmulator()
  await makeLedger()
  port = { dynamoDb: dynamoDb(), view: 'view' }
})
afterAll(() => emulator.stop())

test('[VIS-7] the table keeps the queues of WorkSpaces calls as the one in memory does', async () => {
  const queue = sharedCallQueue(port)
  const model = new MemoryCallQueue()
  const steps: readonly { readonly lane: CallLane; readonly now: number; readonly begins: boolean }[] = [
    { lane: 'suspend', now: 10_000, begins: true },
    { lane: 'reconcile', now: 10_100, begins: true },
    { lane: 'reconcile', now: 20_000, begins: true },
    { lane: 'reconcile', now: 20_000, begins: true },
    { lane: 'reconcile', now: 20_000, begins: false },
    { lane: 'suspend', now: 20_000, begins: true },
    { lane: 'suspend', now: 20_000, begins: true },
    { lane: 'suspend', now: 20_000, begins: false },
    { lane: 'reconcile', now: 20_000, begins: false },
    { lane: 'suspend', now: 40_000, begins: true },
    { lane: 'reconcile', now: 40_000, begins: true },
    { lane: 'reconcile', now: 40_000 + INTERVAL_MS, begins: true },
  ]
  for (const { lane, now, begins } of steps) {
    const method = begins ? 'begin' : 'follow'
    expect(await queue[method](lane, now)).toEqual(await model[method](lane, now))
  }
  expect(await queue.urgentCalls()).toBe(4)
})

test('[VIS-7] the mark of an older suspension does not take the place of a newer one', async () => {
  const mark = tableSuspensionMark(port)
  expect(await mark.latest('P-1')).toBe(0)
  await mark.leave('P-1', 7)
  await mark.leave('P-1', 3)
  expect([await mark.latest('P-1'), await mark.latest('P-2')]).toEqual([7, 0])
})

test('[C-11] removals are written down only over what was read', async () => {
  const record = tableRemovals(port)
  expect(await record.read()).toBe(undefined)
  const first = { version: 1, removals: [{ desktopId: 'ws-1', at: 1 }] }
  expect([await record.write(first, undefined), await record.write(first, undefined)]).toEqual([true, false])
  const second = { version: 2, removals: [...first.removals, { desktopId: 'ws-2', at: 2 }] }
  expect([await record.write(second, first), await record.write(second, first)]).toEqual([true, false])
  expect((await record.read())?.removals).toEqual(second.removals)
})

test('[C-10] notes of a project are found again, and only its own', async () => {
  const memory = tableMemory(port)
  await memory.write('P-1', 'create key', { at: '2026-11-22T03:00:00.000Z', times: 1 })
  await memory.write('P-2', 'create key', { at: '2026-11-22T03:00:00.000Z', times: 2 })
  expect((await memory.read('P-1'))['create key']?.times).toBe(1)
  await memory.forget('P-1', 'create key')
  expect(await memory.read('P-1')).toEqual({})
  expect(Object.keys(await memory.read('P-2'))).toEqual(['create key'])
})
