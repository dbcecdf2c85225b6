import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { Command, CommanderError } from 'commander'
import { ConfigRefused } from '../lib/config/problem.ts'
import { validateConfig } from './commands/config.ts'
import { listDesktops } from './commands/desktops.ts'
import { preflight } from './commands/preflight.ts'
import { listProjects, showProject } from './commands/projects.ts'
import { status } from './commands/status.ts'
import { Mistake } from './output.ts'

/**
 * `renkei`: what an operator asks of the platform. Every command takes `--json`.
 * Exit code 0, 1 for a check that failed, 2 for the caller's mistake or something missing.
 */
const program = new Command('renkei')
  .description("Renkei 連携: the operator's command")
  .exitOverride()
  .configureOutput({ outputError: (message, write) => write(`✗ ${message}  next: renkei --help\n`) })
  .showSuggestionAfterError()

const common = (command: Command) => command.option('--env <name>', 'environment: a file of config/', 'demo').option('--json', 'answer as JSON', false)

common(program.command('status').description('what is deployed, how many projects and desktops are in which state')).action(status)
const project = program.command('project').description('research projects')
common(project.command('list').description('every project')).action(listProjects)
common(project.command('show <id>').description('one project, whole')).action(showProject)
common(program.command('desktop').description("analysts' desktops").command('list').description('every desktop, as WorkSpaces and EC2 show it')).action(listDesktops)
common(program.command('check').description('judge the synthesized platform (same as npm run check)')).action(({ env, json }: { env: string, json: boolean }) => {
  const script = join(import.meta.dirname, '..', 'scripts', 'check.ts')
  process.exitCode = spawnSync(process.execPath, [script, '--env', env, ...(json ? ['--json'] : [])], { stdio: 'inherit' }).status ?? 1
})
program.command('config').description('configuration files').command('validate <file>').description('check a file, or the environment of that name').option('--json', 'answer as JSON', false).action(validateConfig)
common(program.command('preflight').description('quotas that the configuration needs, against the account')).action(preflight)

try {
  await program.parseAsync(process.argv)
} catch (error) {
  process.exitCode = explain(error)
}

/** What a person reads of a failure; gives the exit code. */
function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (error instanceof ConfigRefused) {
    console.error(error.message)
    return 2
  }
  if (error instanceof Mistake) {
    console.error(`✗ ${error.message}\n  why:  ${error.why}\n  next: ${error.next}`)
    return 2
  }
  console.error(`✗ ${(error as Error).message}\n  why:  AWS did not answer as expected (${(error as Error).name})\n  next: check credentials and endpoint, then run the command again`)
  return 1
}
