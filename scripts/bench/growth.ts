import { CountedAws } from './growth/counted-aws.ts'
import * as operations from './growth/operations.ts'
import { platformOf, PROJECTS_OF_HANDLER } from './growth/platform.ts'
import type { Tables } from './growth/tables.ts'
import { median, rounded, slope } from './measure.ts'

/** How steeply an operation may grow: the exponent of its cost by what there is. */
const GOALS = { single: 0.2, scan: 1.1 } as const

/** Projects, and events of each cell, that there have ever been. */
const EVER = [100, 1_000, 10_000]
/** Projects that are open, however many there have been. */
const OPEN = 100
const ASKERS = [1, 10, 100]
/** Every round suspends another of the open projects, and one round goes before the measured ones. */
const MOST_ROUNDS = OPEN - PROJECTS_OF_HANDLER - 1

/** The tables of a platform by how much there has ever been. */
interface Platform {
  readonly count: number
  readonly tables: Tables
}

interface Case extends Platform {
  run(tables: Tables, round: number): Promise<void>
  /** how many operations one run is (default 1) */
  readonly share?: number
}

interface Operation {
  readonly what: string
  readonly of: keyof typeof GOALS
  readonly cases: readonly Case[]
}

/** What one operation takes: requests and bytes are the same in every run, CPU time stands beside them. */
interface Cost {
  readonly requests: number
  readonly bytes: number
  readonly cpuMs: number
}

/** Figures of one operation by what there is, and the slope of each between logarithms: 0 is constant, 1 linear. */
export interface Growth {
  readonly what: string
  readonly costs: Readonly<Record<number, Cost>>
  readonly slopes: Cost
  readonly goal: number
  readonly met: boolean
}

/** How operations grow with what there is, the extents measured in turns. */
export function growth(rounds: number, ever: readonly number[] = EVER): Promise<readonly Growth[]> {
  const aws = new CountedAws()
  return aws.serve(async () => {
    const all = await operationsOn(aws, ever)
    const costs = new Map(all.flatMap(({ cases }) => cases).map((each) => [each, [] as Cost[]]))
    for (let round = 0; round <= Math.min(rounds, MOST_ROUNDS); round += 1)
      for (const [each, measured] of costs) {
        const cost = await costOf(aws, each, round)
        // The first round is the compiler's.
        if (round > 0) measured.push(cost)
      }
    return all.map((operation) => growthOf(operation, (each) => costs.get(each)!))
  })
}

async function operationsOn(aws: CountedAws, ever: readonly number[]): Promise<readonly Operation[]> {
  const platforms: Platform[] = []
  const allOpen: Platform[] = []
  for (const count of ever) {
    platforms.push({ count, tables: await platformOf(aws, { ever: count, open: OPEN, seats: count }) })
    allOpen.push({ count, tables: await platformOf(aws, { ever: count, open: count, seats: 0 }) })
  }
  const each = (run: Case['run']) => platforms.map((platform) => ({ ...platform, run }))
  const [{ tables }] = platforms as [Platform]
  return [
    { what: 'SuspendProject', of: 'single', cases: each(operations.command) },
    { what: 'projection of one event', of: 'single', cases: each(operations.projection) },
    { what: "page of an operator's list", of: 'single', cases: each(operations.operatorsPage) },
    { what: "page of a handler's list", of: 'single', cases: each(operations.handlersPage) },
    { what: 'allocation of a cell', of: 'single', cases: each(operations.allocation) },
    { what: `deadlines of ${OPEN} open projects`, of: 'single', cases: each(operations.deadlines) },
    {
      what: 'deadlines of all projects, all open',
      of: 'scan',
      cases: allOpen.map((platform) => ({ ...platform, run: operations.deadlines })),
    },
    {
      what: 'one call that waits for a token, by those that wait',
      of: 'single',
      cases: ASKERS.map((count) => ({ count, tables, share: count, run: operations.tokens(count) })),
    },
  ]
}

async function costOf(aws: CountedAws, { tables, share = 1, run }: Case, round: number): Promise<Cost> {
  const started = process.cpuUsage()
  const { requests, bytes } = await aws.count(tables, () => run(tables, round))
  const { user, system } = process.cpuUsage(started)
  return { requests: requests / share, bytes: bytes / share, cpuMs: (user + system) / 1000 / share }
}

function growthOf({ what, of, cases }: Operation, measured: (each: Case) => readonly Cost[]): Growth {
  const costs = cases.map((each): readonly [number, Cost] => [
    each.count,
    eachCost((name) => median(measured(each).map((cost) => cost[name]))),
  ])
  const slopes = eachCost((name) => slope(costs.map(([count, cost]) => [count, cost[name]])))
  const goal = GOALS[of]
  return {
    what,
    costs: Object.fromEntries(costs),
    slopes,
    goal,
    met: Object.values(slopes).every((each) => each <= goal),
  }
}

const eachCost = (value: (name: keyof Cost) => number): Cost => ({
  requests: rounded(value('requests')),
  bytes: rounded(value('bytes'), 0),
  cpuMs: rounded(value('cpuMs')),
})
