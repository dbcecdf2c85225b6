import { environmentCommand } from '../command.ts'

export const statusCommand = environmentCommand('status')
  .description('what is deployed, how many projects and desktops are in which state')
  .action(async (options) => await (await import('../answers/status.ts')).status(options))
