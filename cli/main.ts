import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { Command, CommanderError } from 'commander'
import { ConfigRefused } from '#lib/kernel/config/problem.ts'
import { printable } from './output.ts'
import { Obstacle } from '#domain/kernel/obstacle.ts'

/**
 * `renkei`: what an operator asks of the platform. Every command takes `--json`.
 * Exit code 0, 1 for a check that failed, 2 for the caller's mistake or something missing, AWS included.
 */
const program = new Command('renkei')
  .description("Renkei 連携: the operator's command")
  .exitOverride()
  // what commander has to say is said by `explain`, in the one form that messages have here
  .configureOutput({ outputError: () => {} })
  .showSuggestionAfterError()

// each command loads its own part, and what it speaks to AWS with, only when it is called
const common = (command: Command) =>
  command.option('--env <name>', 'environment: a file of config/', 'demo').option('--json', 'answer as JSON', false)

common(
  program.command('status').description('what is deployed, how many projects and desktops are in which state'),
).action(async (options) => await (await import('./commands/status.ts')).status(options))
const project = program.command('project').description('research projects')
common(project.command('list').description('every project')).action(
  async (options) => await (await import('./commands/projects.ts')).listProjects(options),
)
common(project.command('show <id>').description('one project, whole')).action(
  async (id, options) => await (await import('./commands/projects.ts')).showProject(id, options),
)
const desktop = program.command('desktop').description("analysts' desktops")
common(desktop.command('list').description('every desktop, as WorkSpaces and EC2 show it')).action(
  async (options) => await (await import('./commands/desktops.ts')).listDesktops(options),
)
common(
  desktop
    .command('image')
    .description('write the files from which the desktop image is made')
    .requiredOption('--out <folder>', 'where to; made if it is missing'),
).action(async (options) => await (await import('./commands/image.ts')).writeImage(options))
common(
  program
    .command('database')
    .description('connected databases')
    .command('kit <id>')
    .description("configuration of the holder's gateway and the connection sheet")
    .option('--device <device>', 'strongswan, yamaha-rtx, cisco-ios-xe or other; left out: as the configuration says')
    .option('--out <folder>', 'where to; left out: kits/<environment>/<id>')
    .option('--live', 'read the outside addresses from the account', false),
).action(async (id, options) => await (await import('./commands/database.ts')).writeKit(id, options))
common(
  program
    .command('ledger')
    .description('the append-only ledger')
    .command('verify <stream>')
    .description('hold a stream, e.g. project/A-0001, to its chain, its signatures and its archive copies'),
).action(async (stream, options) => await (await import('./commands/ledger.ts')).verifyLedger(stream, options))
const network = program.command('network').description('who reaches whom, proved on the templates')
common(
  network
    .command('map')
    .description('draw it (SVG)')
    .option('--out <file>', 'where to; left out: reports/network-<environment>.svg'),
).action(async (options) => (await import('./commands/network-map.ts')).drawMap(options))
common(
  network
    .command('explain')
    .description('the way of a packet hop by hop, or what stops it')
    .requiredOption('--from <party>', 'desktop, a project, a database, controllers, resolver, internet, or an address')
    .requiredOption('--to <party>', 'the same')
    .option('--port <port>', "left out: the service's own")
    .option('--protocol <protocol>', 'tcp or udp', 'tcp'),
).action(async (options) => (await import('./commands/network.ts')).explainNetwork(options))
common(
  network
    .command('prove')
    .description('all verdicts, each failed one with a packet and its way')
    .option('--live', 'read the network from the account instead of the templates', false),
).action(async (options) => await (await import('./commands/network.ts')).proveNetworkOf(options))
common(program.command('check').description('judge the synthesized platform (same as npm run check)')).action(
  ({ env, json }: { env: string; json: boolean }) => {
    const script = join(import.meta.dirname, '..', 'scripts', 'check.ts')
    process.exitCode =
      spawnSync(process.execPath, [script, `--env=${env}`, ...(json ? ['--json'] : [])], { stdio: 'inherit' }).status ??
      1
  },
)
program
  .command('config')
  .description('configuration files')
  .command('validate <file>')
  .description('check a file, or the environment of that name')
  .option('--json', 'answer as JSON', false)
  .action(async (file, options) => await (await import('./commands/config.ts')).validateConfig(file, options))
common(program.command('preflight').description('quotas that the configuration needs, against the account')).action(
  async (options) => await (await import('./commands/preflight.ts')).preflight(options),
)

// a reader that has seen enough (`| head`) is no fault
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))

try {
  await program.parseAsync(process.argv)
} catch (error) {
  process.exitCode = explain(error)
}

/** What a person reads of a failure, and with --json a program; gives the exit code. */
function explain(error: unknown): number {
  if (error instanceof CommanderError && (error.exitCode === 0 || error.code === 'commander.help'))
    return error.exitCode === 0 ? 0 : 2
  if (error instanceof ConfigRefused) {
    console.error(error.message)
    return refused(2, { what: `${error.file} is refused`, problems: error.problems })
  }
  const { what, why, next, code } = inWords(error)
  console.error(`✗ ${what}\n  why:  ${why}\n  next: ${next}`)
  return refused(code, { what, why, next })
}

function refused(code: number, error: object): number {
  if (process.argv.includes('--json')) console.log(JSON.stringify({ ok: false, error }, null, 2))
  return code
}

function inWords(error: unknown): {
  readonly what: string
  readonly why: string
  readonly next: string
  readonly code: number
} {
  if (error instanceof CommanderError) {
    const [message = '', hint] = error.message.replace(/^error: /, '').split('\n')
    return {
      what: printable(message).slice(0, 200),
      why: hint ? printable(hint).slice(0, 200) : 'the command line cannot be read',
      next: './renkei --help, also after a command: ./renkei project --help',
      code: 2,
    }
  }
  if (error instanceof Obstacle) return { what: error.message, why: error.why, next: error.next, code: 2 }
  const { name, message } = error as Error
  const what = printable(message || (error as { code?: string }).code || name).slice(0, 500)
  if (error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError)
    return { what, why: 'a fault of renkei itself', next: 'report it with the command that you ran', code: 1 }
  return {
    what,
    why: `AWS did not answer as expected (${printable(name)})`,
    next: 'check credentials, region and endpoint, then run the command again',
    code: 2,
  }
}
