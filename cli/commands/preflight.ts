import { environmentCommand } from '../command.ts'

export const preflightCommand = environmentCommand('preflight')
  .description('quotas that the configuration needs, against the account')
  .action(async (options) => await (await import('../answers/preflight.ts')).preflight(options))
