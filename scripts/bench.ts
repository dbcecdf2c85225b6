import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Obstacle, refusalInWords } from '#domain/kernel/obstacle.ts'
import { root } from './tools/folders.ts'
import { run } from './tools/run.ts'
import { coldStarts } from './bench/cold-start.ts'
import { deploySeconds } from './bench/deploy.ts'
import { rounded } from './bench/measure.ts'
import { networkProof } from './bench/proof.ts'
import { fiftyDatabases, synthesisRatios } from './bench/synthesis.ts'

const usage = 'npm run bench -- --rounds 5'

/**
 * `npm run bench [-- --rounds N]`: figures as JSON on standard output and in `reports/bench.json`. Each speed is a
 * ratio of two things measured in turns in this one run; seconds stand beside it only to show what was divided.
 */
function roundsOf(args: string[]): number {
  let values: { readonly rounds: string; readonly help: boolean }
  try {
    values = parseArgs({
      args,
      options: { rounds: { type: 'string', default: '5' }, help: { type: 'boolean', default: false } },
    }).values
  } catch (error) {
    throw new Obstacle({
      code: 'bench.unreadable-arguments',
      what: 'the arguments cannot be read',
      why: (error as Error).message,
      next: usage,
    })
  }
  if (values.help) {
    console.log(`${usage}\n  Measures for several minutes; --rounds says how often each thing is measured.`)
    process.exit(0)
  }
  if (!/^[1-9]\d{0,3}$/.test(values.rounds))
    throw new Obstacle({
      code: 'bench.rounds',
      what: `--rounds ${JSON.stringify(values.rounds)} is no whole number from 1`,
      why: 'it is how often each thing is measured',
      next: usage,
    })
  return Number(values.rounds)
}

function roundsAskedFor(): number {
  try {
    return roundsOf(process.argv.slice(2))
  } catch (error) {
    if (!(error instanceof Obstacle)) throw error
    console.error(refusalInWords(error.refusal))
    process.exit(2)
  }
}

const rounds = roundsAskedFor()
const tell = <T>(what: string, work: () => T): T => {
  process.stderr.write(`▸ ${what} …\n`)
  return work()
}
const commit = (await run('git', ['rev-parse', '--short', 'HEAD'])).output.trim()
const figures = {
  commit,
  node: process.version,
  rounds,
  synthesis: tell('synthesis against an empty app', () => synthesisRatios(rounds)),
  fiftyDatabases: tell('10, 25 and 50 databases', () => fiftyDatabases(Math.min(rounds, 3))),
  networkProof: tell('network proof of 50 databases and 1,000 projects', networkProof),
  coldStart: tell('cold starts against the same SDK clients', () => coldStarts(rounds * 2 + 1)),
  localDeploySeconds: rounded(await tell('deployment to the local AWS', deploySeconds), 1),
}
mkdirSync(join(root, 'reports'), { recursive: true })
writeFileSync(join(root, 'reports', 'bench.json'), `${JSON.stringify(figures, null, 2)}\n`)
console.log(JSON.stringify(figures, null, 2))
process.exit(0)
