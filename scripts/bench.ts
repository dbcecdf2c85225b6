import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Obstacle, refusalInWords } from '#domain/kernel/obstacle.ts'
import { root } from './tools/folders.ts'
import { run } from './tools/run.ts'
import type { Growth } from './bench/growth.ts'

interface Section {
  readonly name: string
  readonly what: string
  /** loaded only where it is measured */
  measure(rounds: number): Promise<unknown>
}

const sections: readonly Section[] = [
  {
    name: 'synthesis',
    what: 'synthesis against an empty app, and the cost of a resource',
    measure: async (rounds) => (await import('./bench/synthesis.ts')).synthesisRatios(rounds),
  },
  {
    name: 'databases',
    what: 'synthesis of 10, 25 and 50 databases',
    measure: async (rounds) => (await import('./bench/synthesis.ts')).fiftyDatabases(rounds),
  },
  {
    name: 'proof',
    what: 'network proof of 50 databases and 250, 500 and 1,000 projects',
    measure: async (rounds) => (await import('./bench/proof.ts')).networkProof(rounds),
  },
  {
    name: 'cold-start',
    what: 'import of each function against the same SDK clients',
    measure: async (rounds) => (await import('./bench/cold-start.ts')).coldStarts(rounds),
  },
  {
    name: 'api',
    what: 'what a person waits at the API of a local AWS; its deployment',
    measure: async (rounds) => (await import('./bench/api.ts')).apiLatency(rounds),
  },
  {
    name: 'growth',
    what: 'how commands, lists, sweeps grow with what there has ever been',
    measure: async (rounds) => (await import('./bench/growth.ts')).growth(rounds),
  },
]
const names = sections.map(({ name }) => name)

/** As many as make a median that a busy machine does not move. */
const ROUNDS = 7
const example = `npm run bench -- --only ${names[0]},${names.at(-1)} --rounds ${ROUNDS}`
const usage = `npm run bench [-- --only <section>,… --rounds N]
  Measures for about a quarter of an hour; prints figures as JSON, which go to reports/bench.json as well.
  Speeds are CPU time, medians of N rounds (${ROUNDS}) in which everything is measured in turns. Only the waiting of
  people and the deployment are time on the clock.
  Exit code 1: something grows faster than its goal allows. 2: the command is mistaken.
  Sections:
${sections.map(({ name, what }) => `    ${name.padEnd(12)}${what}`).join('\n')}`

interface Wanted {
  readonly rounds: number
  readonly sections: readonly Section[]
}

/**
 * `npm run bench`: each ratio is of two things measured in turns in this one run; the figures it was made of stand
 * beside it only to show what was divided.
 */
function wantedOf(args: string[]): Wanted {
  const { rounds, only, help } = readable(args)
  if (help) {
    console.log(usage)
    process.exit(0)
  }
  if (!/^[1-9]\d{0,3}$/.test(rounds))
    throw new Obstacle({
      code: 'bench.rounds',
      what: `--rounds ${JSON.stringify(rounds)} is no whole number from 1`,
      why: 'it is how often each thing is measured',
      next: example,
    })
  const wanted = only?.split(',') ?? names
  const unknown = wanted.filter((name) => !names.includes(name))
  if (unknown.length > 0)
    throw new Obstacle({
      code: 'bench.unknown-section',
      what: `--only ${unknown.map((name) => JSON.stringify(name)).join(', ')} is no section`,
      why: `there are ${names.join(', ')}`,
      next: example,
    })
  return { rounds: Number(rounds), sections: sections.filter(({ name }) => wanted.includes(name)) }
}

function readable(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        rounds: { type: 'string', default: String(ROUNDS) },
        only: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    throw new Obstacle({
      code: 'bench.unreadable-arguments',
      what: 'the arguments cannot be read',
      why: (error as Error).message,
      next: example,
    })
  }
}

function wantedHere(): Wanted {
  try {
    return wantedOf(process.argv.slice(2))
  } catch (error) {
    if (!(error instanceof Obstacle)) throw error
    console.error(refusalInWords(error.refusal))
    process.exit(2)
  }
}

const wanted = wantedHere()
const commit = (await run('git', ['rev-parse', '--short', 'HEAD'])).output.trim()
const figures: Record<string, unknown> = { commit, node: process.version, rounds: wanted.rounds }
for (const { name, what, measure } of wanted.sections) {
  process.stderr.write(`▸ ${what} …\n`)
  figures[name] = await measure(wanted.rounds)
}
mkdirSync(join(root, 'reports'), { recursive: true })
writeFileSync(join(root, 'reports', 'bench.json'), `${JSON.stringify(figures, null, 2)}\n`)
console.log(JSON.stringify(figures, null, 2))
const missed = ((figures['growth'] ?? []) as readonly Growth[]).filter(({ met }) => !met)
for (const { what, goal, slopes } of missed)
  console.error(`✗ ${what}: the slope is to be at most ${goal}, and is ${JSON.stringify(slopes)}`)
process.exit(missed.length > 0 ? 1 : 0)
