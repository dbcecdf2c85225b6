import { environmentCommand, newCommand } from '../command.ts'

const verify = environmentCommand('verify')
  .description('hold a stream, e.g. project/A-0001, to its chain, its signatures and its archive copies')
  .argument('<stream>')
  .action(async (stream, options) => await (await import('../answers/ledger.ts')).verifyLedger(stream, options))

export const ledgerCommand = newCommand('ledger').description('the append-only ledger').addCommand(verify)
