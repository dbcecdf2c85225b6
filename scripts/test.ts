import { availableParallelism } from 'node:os'
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { run as runTests } from 'node:test'
import { spec } from 'node:test/reporters'
import { preparePython } from '../local/launcher/python.ts'
import { say, secondsSince, step, tail } from '../local/launcher/console.ts'
import { root, run } from '../local/launcher/run.ts'
import { synthesize } from '../test/kit/assembly.ts'
import { Obstacle, obstacleInWords } from '../lib/obstacle.ts'

/**
 * `npm test [-- <part of a path> …]`: types, lint with the dependency rule, dead code, then every test; ends with `N passed, N failed`.
 * `npm run prove` is the same with the long suites in full.
 */
const started = Date.now()
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('-'))
if (process.argv.includes('--full')) process.env.RENKEI_EFFORT = 'full'

interface Tally {
  passed: number
  failed: number
}

/** A check of the sources as a whole counts as one test. */
async function gate(tally: Tally, title: string, command: string, args: readonly string[]): Promise<void> {
  try {
    await step(title, async () => {
      const outcome = await run(join(root, 'node_modules', '.bin', command), args)
      if (outcome.code !== 0) throw new Error(tail(outcome.output, 60))
    })
    tally.passed += 1
  } catch (error) {
    tally.failed += 1
    say((error as Error).message)
  }
}

/** The test files asked for; refuses what is no question, before anything is prepared. */
function filesWanted(): readonly string[] {
  const unknown = process.argv.slice(2).filter((argument) => argument.startsWith('-') && argument !== '--full')
  if (unknown.length > 0)
    throw new Obstacle(
      `unknown option ${unknown.map((argument) => JSON.stringify(argument)).join(' ')}`,
      'npm test takes parts of paths below test/, and --full for the long suites',
      'npm test, npm test -- config, or npm run prove',
    )
  const files = globSync('test/**/*.test.ts', { cwd: root })
    .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
    .sort()
  if (files.length === 0)
    throw new Obstacle(
      'no test file matches',
      `asked for ${wanted.map((part) => JSON.stringify(part)).join(', ')}`,
      'name a part of a path below test/, e.g. npm test -- config',
    )
  return files
}

/** Runs the test files, prints each failure in full and one line a passed file. */
async function testFiles(tally: Tally, files: readonly string[]): Promise<void> {
  const stream = runTests({
    files: files.map((file) => join(root, file)),
    concurrency: Math.max(2, availableParallelism()),
    timeout: 15 * 60_000,
  })
  stream.on('test:pass', (event) => {
    if (event.nesting === 0 && event.details.type !== 'suite') tally.passed += 1
  })
  stream.on('test:fail', (event) => {
    if (event.nesting === 0) tally.failed += 1
  })
  stream.compose(spec).pipe(process.stdout)
  await new Promise((resolve) => {
    stream.on('end', resolve)
  })
}

const tally: Tally = { passed: 0, failed: 0 }
try {
  const files = filesWanted()
  await step('Python tools (emulator, cfn-lint)', preparePython)
  if (wanted.length === 0) {
    await gate(tally, 'types', 'tsc', ['-p', '.'])
    await gate(tally, 'lint and the dependency rule', 'oxlint', ['--quiet'])
    await gate(tally, 'dead code', 'knip', ['--no-progress'])
  }
  await step('synthesis of demo and production example, once for all tests', async (progress) => {
    for (const environment of ['demo', 'example-production']) {
      progress(environment)
      synthesize(environment)
    }
  })
  await testFiles(tally, files)
} catch (error) {
  if (!(error instanceof Obstacle)) throw error
  say(`\n${obstacleInWords(error)}`)
  process.exit(2)
}
say(`\n${secondsSince(started)} s`)
say(`${tally.passed} passed, ${tally.failed} failed`)
if (tally.failed > 0) process.exitCode = 1
