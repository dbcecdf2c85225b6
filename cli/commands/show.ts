import { aggregates } from '#domain/registry.ts'
import { apiCommand, newCommand } from '../command.ts'

/** `renkei show <aggregate> <id>`: one, as the ledger tells it. */
export const showCommand = newCommand('show').description('one of them, as the ledger tells it')

for (const { name, plural, authorization } of aggregates)
  if (authorization !== undefined)
    showCommand.addCommand(
      apiCommand(name)
        .description(`one ${name}, whole`)
        .argument('<id>')
        .option('--events', 'its events instead of its state', false)
        .action(async (id, options) => (await import('../answers/read.ts')).showOne({ name, plural, id, options })),
    )
