import { Option } from 'commander'
import { aggregates } from '#domain/registry.ts'
import { apiCommand, newCommand } from '../command.ts'

/** `renkei list <aggregates>`: what the person may see, page by page. */
export const listCommand = newCommand('list').description('what you may see, page by page')

for (const { plural, authorization, view } of aggregates)
  if (authorization !== undefined && view !== undefined)
    listCommand.addCommand(
      apiCommand(plural)
        .description(`the ${plural} you may see`)
        .option('--after <next>', 'go on after the page before')
        .addOption(new Option('--all', 'every page').default(false))
        .action(async (options) => (await import('../answers/read.ts')).listPage(plural, options)),
    )
