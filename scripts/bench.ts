import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './tools/folders.ts'
import { run } from './tools/run.ts'
import { coldStarts } from './bench/cold-start.ts'
import { deploySeconds } from './bench/deploy.ts'
import { rounded } from './bench/measure.ts'
import { networkProof } from './bench/proof.ts'
import { fiftyDatabases, synthesisRatios } from './bench/synthesis.ts'

/**
 * `npm run bench [-- --rounds N]`: figures as JSON on standard output and in `reports/bench.json`. Each speed is a
 * ratio of two things measured in turns in this one run; seconds stand beside it only to show what was divided.
 */
const at = process.argv.indexOf('--rounds')
const rounds = at > 0 ? Number(process.argv[at + 1]) : 5
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error(
    '✗ --rounds takes a whole number from 1\n  why:  it is how often each thing is measured\n  next: npm run bench -- --rounds 5',
  )
  process.exit(2)
}

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
