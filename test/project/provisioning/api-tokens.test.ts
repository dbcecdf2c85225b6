import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Clock } from '#domain/kernel/clock.ts'
import {
  BURST,
  INTERVAL_MS,
  workSpacesTokens,
  type CallLane,
  type CallQueue,
  type Turn,
} from '#lambda/project/provisioning/api-tokens.ts'
import { runs, seed } from '#test/support/effort.ts'
import { expectThat } from '#test/support/expect.ts'
import { MemoryCallQueue } from './call-queue.ts'

const START = Date.parse('2026-11-22T03:00:00.000Z')
/** How long an operation on the table takes. */
const LATENCY_MS = 10

/** Time that passes only when everybody sleeps. */
class VirtualTime {
  now = START
  readonly #sleepers: { readonly at: number; readonly wake: () => void }[] = []

  sleep(milliseconds: number): Promise<void> {
    return new Promise((wake) => {
      this.#sleepers.push({ at: this.now + milliseconds, wake })
    })
  }

  /** A function's clock, which may be behind. */
  clock(behindMs = 0): Clock {
    return { now: () => this.now - behindMs, sleep: (milliseconds) => this.sleep(milliseconds) }
  }

  async run(work: readonly Promise<unknown>[]): Promise<void> {
    let over = false
    const all = Promise.all(work).finally(() => {
      over = true
    })
    for (;;) {
      // Whatever can go on without time passing goes on first.
      await new Promise((resolve) => {
        setImmediate(resolve)
      })
      if (over) break
      const next = Math.min(...this.#sleepers.map(({ at }) => at))
      if (next === Infinity) continue
      this.now = Math.max(this.now, next)
      for (const sleeper of this.#sleepers.splice(0)) {
        if (sleeper.at <= this.now) sleeper.wake()
        else this.#sleepers.push(sleeper)
      }
    }
    await all
  }
}

/** The table's own queue, behind operations that take time. */
class TrialQueue implements CallQueue {
  readonly table = new MemoryCallQueue()
  readonly #time: VirtualTime
  constructor(time: VirtualTime) {
    this.#time = time
  }

  async begin(lane: CallLane, now: number): Promise<Turn | undefined> {
    return this.#answer(await this.table.begin(lane, now))
  }
  async follow(lane: CallLane, now: number): Promise<Turn> {
    return this.#answer(await this.table.follow(lane, now))
  }
  async urgentCalls(): Promise<number> {
    return this.#answer(await this.table.urgentCalls())
  }

  async #answer<Value>(value: Value): Promise<Value> {
    await this.#time.sleep(LATENCY_MS)
    return value
  }
}

/** One function of the platform that makes calls, some at once, some after one another. */
interface Asker {
  readonly lane: CallLane
  readonly startsAfterMs: number
  readonly behindMs: number
  readonly calls: number
  readonly together: boolean
}
const asker = (lane: fc.Arbitrary<CallLane>): fc.Arbitrary<Asker> =>
  fc.record({
    lane,
    startsAfterMs: fc.nat(10_000),
    behindMs: fc.oneof(fc.constant(0), fc.nat(3_000)),
    calls: fc.integer({ min: 1, max: 12 }),
    together: fc.boolean(),
  })
const both = fc.constantFrom<CallLane>('reconcile', 'suspend')

interface Call {
  readonly asker: number
  readonly lane: CallLane
  readonly asked: number
  readonly at: number
}

async function trial(askers: readonly Asker[]) {
  const time = new VirtualTime()
  const queue = new TrialQueue(time)
  const calls: Call[] = []
  const work = askers.map(async ({ lane, startsAfterMs, behindMs, calls: count, together }, index) => {
    await time.sleep(startsAfterMs)
    const tokens = workSpacesTokens(queue, lane, time.clock(behindMs))
    const call = async () => {
      const asked = time.now
      await tokens.take()
      calls.push({ asker: index, lane, asked, at: time.now })
    }
    if (together) await Promise.all(Array.from({ length: count }, call))
    else for (let made = 0; made < count; made += 1) await call()
  })
  await time.run(work)
  return { calls, queue }
}

/** Pairs of calls, the earlier one first. */
const pairs = (calls: readonly Call[]) => {
  const sorted = calls.toSorted((a, b) => a.at - b.at)
  return sorted.flatMap((first, index) => sorted.slice(index).map((last, more) => ({ first, last, count: more + 1 })))
}

test('[VIS-7] whoever asks, WorkSpaces is never called faster than it admits', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(asker(both), { minLength: 1, maxLength: 8 }), async (askers) => {
      const { calls } = await trial(askers)
      expect(calls.length).toBe(askers.reduce((sum, { calls: count }) => sum + count, 0))
      // In each of the two queues a call may come some operations of the table later than its turn, and a clock that
      // is behind may begin the queue in the past.
      const slackMs = 2 * (3 * LATENCY_MS + Math.max(...askers.map(({ behindMs }) => behindMs)))
      const tooFast = pairs(calls).filter(
        ({ first, last, count }) => count > BURST + (last.at - first.at + slackMs) / INTERVAL_MS,
      )
      expect(tooFast).toEqual([])
    }),
    { numRuns: runs(100, 3_000), seed },
  )
})

test('[VIS-7] who asks first is served first', async () => {
  const oneAtATime = asker(fc.constant('reconcile')).map((each) => ({ ...each, behindMs: 0, together: false }))
  await fc.assert(
    fc.asyncProperty(fc.array(oneAtATime, { minLength: 1, maxLength: 8 }), async (askers) => {
      const { calls } = await trial(askers)
      // Within two operations of the table nobody is first.
      const overtaken = pairs(calls).filter(({ first, last }) => last.asked + 2 * LATENCY_MS < first.asked)
      expect(overtaken).toEqual([])
    }),
    { numRuns: runs(60, 2_000), seed },
  )
})

const timesOf = ({ calls }: { readonly calls: readonly Call[] }, lane: CallLane, without?: number) =>
  calls
    .filter((call) => call.lane === lane && call.asker !== without)
    .map(({ at }) => at)
    .sort((a, b) => a - b)

test('[VIS-7] a suspension never waits behind the reconciler, however many of its passes wait', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(asker(fc.constant('reconcile')), { minLength: 1, maxLength: 10 }),
      asker(fc.constant('suspend')),
      async (passes, suspension) => {
        expect(timesOf(await trial([suspension, ...passes]), 'suspend')).toEqual(
          timesOf(await trial([suspension]), 'suspend'),
        )
      },
    ),
    { numRuns: runs(60, 2_000), seed },
  )
})

test('[VIS-7] a clock that is behind takes nothing from anybody', async () => {
  const atOnce = asker(fc.constant('reconcile')).map((each) => ({ ...each, behindMs: 0, together: true }))
  await fc.assert(
    fc.asyncProperty(
      atOnce.map((each) => ({ ...each, startsAfterMs: 0 })),
      fc.array(atOnce, { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 1, max: 600_000 }),
      async (late, others, behindMs) => {
        const onTime = timesOf(await trial([late, ...others]), 'reconcile', 0)
        const behind = timesOf(await trial([{ ...late, behindMs }, ...others]), 'reconcile', 0)
        expect(behind.filter((at, index) => at > onTime[index]!)).toEqual([])
      },
    ),
    { numRuns: runs(40, 1_000), seed },
  )
})

test('[VIS-7] N asks of one function at once are N writes, and ten functions make one more each at most', async () => {
  const asks = { lane: 'reconcile', startsAfterMs: 0, behindMs: 0 } as const
  const alone = await trial([{ ...asks, calls: 100, together: true }])
  expect(alone.queue.table.writes.length).toBe(100)
  const ten = await trial(Array.from({ length: 10 }, () => ({ ...asks, calls: 30, together: false })))
  expect(ten.queue.table.writes.length).toBeLessThanOrEqual(300 + 10)
  expectThat(ten.queue.table.reads <= 300, 'whoever waited looks once before going').toBe(true)
})
