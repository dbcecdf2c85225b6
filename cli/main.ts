import manifest from '../package.json' with { type: 'json' }
import { newCommand } from './command.ts'
import { checkCommand } from './commands/check.ts'
import { configCommand } from './commands/config.ts'
import { databaseCommand } from './commands/database.ts'
import { desktopCommand } from './commands/desktop.ts'
import { ledgerCommand } from './commands/ledger.ts'
import { networkCommand } from './commands/network.ts'
import { preflightCommand } from './commands/preflight.ts'
import { projectCommand } from './commands/project.ts'
import { statusCommand } from './commands/status.ts'
import { doCommand } from './commands/do.ts'
import { listCommand } from './commands/list.ts'
import { showCommand } from './commands/show.ts'
import { explain } from './failure.ts'

/** What an operator asks of the platform, in the order that help shows. */
const commands = [
  statusCommand,
  doCommand,
  listCommand,
  showCommand,
  projectCommand,
  desktopCommand,
  databaseCommand,
  ledgerCommand,
  networkCommand,
  checkCommand,
  configCommand,
  preflightCommand,
]

/**
 * `renkei`: what an operator asks of the platform. Every command takes `--json`.
 * Exit code 0, 1 for a check that failed, 2 for the caller's mistake or something missing, AWS included.
 */
const program = newCommand('renkei')
  .description("Renkei 連携: the operator's command")
  .version(`renkei ${manifest.version}`, '--version', 'the version of this checkout')
for (const command of commands) program.addCommand(command)

// a reader that has seen enough (`| head`) is no fault
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))

try {
  await program.parseAsync(process.argv)
} catch (error) {
  process.exitCode = explain(error, process.argv)
}
