import { build } from 'esbuild'
import { spawn } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { preparePython } from './tools/python.ts'
import { say, secondsSince, step, tail } from './tools/console.ts'
import { cacheDirectory, root } from './tools/folders.ts'
import { run } from './tools/run.ts'
import { synthesize } from './tools/assembly.ts'
import { Obstacle, refusalInWords } from '#domain/kernel/obstacle.ts'

/**
 * `npm test [-- <part of a path> …]`: format, types, lint with the dependency rule, dead code, then every test; ends
 * with
 * `N passed, N failed` and, where something could not run here, `N skipped`. `npm run prove` is the same with the long
 * suites in full.
 */
const started = Date.now()
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('-'))
if (process.argv.includes('--full')) process.env.RENKEI_EFFORT = 'full'

interface Tally {
  passed: number
  failed: number
  skipped: number
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

/**
 * `domain/application`, `lib/network/hub`: the tests of a context lie below `test/` under the same word, whatever layer
 * they are of.
 */
const testPath = (part: string) => part.replace(/^(?:domain|lambda|lib|policies|test)\//, '')

/** The test files asked for; refuses what is no question, before anything is prepared. */
function filesWanted(): readonly string[] {
  const unknown = process.argv.slice(2).filter((argument) => argument.startsWith('-') && argument !== '--full')
  if (unknown.length > 0)
    throw new Obstacle({
      code: 'test.unknown-option',
      what: `unknown option ${unknown.map((argument) => JSON.stringify(argument)).join(' ')}`,
      why: 'npm test takes parts of paths below test/, and --full for the long suites',
      next: 'npm test, npm test -- config, or npm run prove',
    })
  const files = globSync('test/**/*.test.ts', { cwd: root })
    .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(testPath(part))))
    .sort()
  if (files.length === 0)
    throw new Obstacle({
      code: 'test.no-such-file',
      what: 'no test file matches',
      why: `asked for ${wanted.map((part) => JSON.stringify(part)).join(', ')}`,
      next: 'name a part of a path below test/, e.g. npm test -- config',
    })
  return files
}

/** Every source of the project that the files import, themselves included; paths below the root. */
async function sourcesOf(files: readonly string[]): Promise<ReadonlySet<string>> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [...files],
    bundle: true,
    write: false,
    metafile: true,
    outdir: join(cacheDirectory, 'never-written'),
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'error',
  })
  return new Set(Object.keys(metafile.inputs))
}

/** What takes long is made beforehand, once, and only where a chosen file needs it. */
async function prepare(sources: ReadonlySet<string>): Promise<void> {
  if (sources.has('scripts/tools/python.ts')) await step('Python tools (emulator, cfn-lint)', preparePython)
  if (!sources.has('scripts/tools/assembly.ts')) return
  await step('synthesis of demo and production example, once for all tests', async (progress) => {
    for (const environment of ['demo', 'example-production']) {
      progress(environment)
      synthesize(environment)
    }
  })
}

/** What jest writes of a run, as far as it is counted here. */
interface Results {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
  readonly numRuntimeErrorTestSuites: number
}

/** Runs the test files; jest prints each failure in full and one line a passed file. */
async function testFiles(tally: Tally, files: readonly string[]): Promise<void> {
  mkdirSync(cacheDirectory, { recursive: true })
  const report = join(cacheDirectory, `test-results-${process.pid}.json`)
  const args = ['--json', '--outputFile', report, '--maxWorkers', String(Math.max(2, availableParallelism()))]
  const jest = spawn(
    process.execPath,
    [join(root, 'node_modules', '.bin', 'jest'), ...args, '--runTestsByPath', ...files],
    {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => jest.kill(signal))
  const code = await new Promise<number>((resolve, reject) => {
    jest.on('error', reject).on('close', (exit) => resolve(exit ?? 1))
  })
  try {
    const results = JSON.parse(readFileSync(report, 'utf8')) as Results
    tally.passed += results.numPassedTests
    tally.failed += results.numFailedTests + results.numRuntimeErrorTestSuites
    tally.skipped += results.numPendingTests + results.numTodoTests
  } catch {
    tally.failed += 1
    say(`jest ended with code ${code} and left no results`)
  }
  rmSync(report, { force: true })
  if (code !== 0 && tally.failed === 0) {
    tally.failed += 1
    say(`jest ended with code ${code}`)
  }
}

async function main(): Promise<void> {
  const tally: Tally = { passed: 0, failed: 0, skipped: 0 }
  const files = filesWanted()
  if (wanted.length === 0) {
    await gate(tally, 'format', 'oxfmt', ['--check', '.'])
    await gate(tally, 'types', 'tsc', ['-p', '.'])
    await gate(tally, 'lint and the dependency rule', 'oxlint', ['--quiet'])
    await gate(tally, 'dead code', 'knip', ['--no-progress'])
  }
  await prepare(await sourcesOf(files))
  await testFiles(tally, files)
  say(`\n${secondsSince(started)} s`)
  say(`${tally.passed} passed, ${tally.failed} failed${tally.skipped > 0 ? `, ${tally.skipped} skipped` : ''}`)
  if (tally.failed > 0) process.exitCode = 1
}

try {
  await main()
} catch (error) {
  if (!(error instanceof Obstacle)) throw error
  say(`\n${refusalInWords(error.refusal)}`)
  process.exit(2)
}
