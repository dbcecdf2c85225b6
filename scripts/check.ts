import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ConfigRefused } from '#lib/kernel/config/problem.ts'
import { checkEnvironment } from '#checks/check-environment.ts'
import { renderSummary } from '#checks/report/summary.ts'
import { writeReports } from '#checks/report/write.ts'
import { preparePython } from './tools/python.ts'
import { Obstacle, refusalInWords } from '#domain/kernel/obstacle.ts'

const usage = 'npm run check -- --env <name of a file in config/, e.g. demo> [--json]'
const root = join(import.meta.dirname, '..')

/** Synthesizes and judges one environment. Ends with 0: nothing open, 1: something open, 2: the caller's mistake. */
async function main(): Promise<number> {
  const { env, json } = options()
  await preparePython((detail) => process.stderr.write(`  Python tools: ${detail}\n`))
  const verdict = await checkEnvironment(root, env, new Date())
  writeReports(root, verdict)
  process.stdout.write(
    json
      ? `${JSON.stringify(verdict, undefined, 2)}\n`
      : `${renderSummary(verdict)}  reports/check.html, reports/check.json\n`,
  )
  return verdict.ok ? 0 : 1
}

function options(): { env: string; json: boolean } {
  try {
    const { values } = parseArgs({
      options: { env: { type: 'string', default: 'demo' }, json: { type: 'boolean', default: false } },
      strict: true,
    })
    if (!/^[a-z][a-z0-9-]{0,39}$/.test(values.env) || !existsSync(join(root, 'config', `${values.env}.yaml`)))
      throw new Obstacle({
        code: 'check.unknown-environment',
        what: `--env ${JSON.stringify(values.env)} names no environment`,
        why: `config/${values.env}.yaml does not exist`,
        next: usage,
      })
    return values
  } catch (error) {
    if (error instanceof Obstacle) throw error
    throw new Obstacle({
      code: 'check.unreadable-arguments',
      what: 'the arguments cannot be read',
      why: (error as Error).message,
      next: usage,
    })
  }
}

try {
  process.exitCode = await main()
} catch (error) {
  if (error instanceof ConfigRefused) process.stderr.write(`${error.message}\n`)
  else if (error instanceof Obstacle) process.stderr.write(`\n${refusalInWords(error.refusal)}\n\n`)
  else throw error
  process.exitCode = 2
}
