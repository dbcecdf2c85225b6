import { Option, type Command } from 'commander'
import type { AnyAggregate } from '#domain/ledger/aggregate.ts'
import { fieldsOf, type Field } from '#domain/ledger/fields.ts'
import { aggregates } from '#domain/registry.ts'
import { apiCommand, newCommand } from '../command.ts'

/** `renkei do <command> <id>`: every command of the registry, its fields as options. */
export const doCommand = newCommand('do').description(
  'sends a command; `renkei do --help` lists them, docs/api.md explains them',
)

for (const aggregate of aggregates)
  for (const [type, document] of Object.entries(aggregate.commands?.documents ?? {}))
    if (document.by.some((sender) => sender !== 'machine')) doCommand.addCommand(commandOf(aggregate, type))

function commandOf(aggregate: AnyAggregate, type: string): Command {
  const document = aggregate.commands!.documents[type]!
  const fields = fieldsOf(aggregate.commands!, type)
  const command = apiCommand(type)
    .description(`${document.summary.en}. ${document.summary.ja}`)
    .argument('<id>', `id of the ${aggregate.name}, e.g. A-2026-0001`)
    .option('--file <file>', 'YAML or JSON with the fields, or with the form alone')
    .option('--dry-run', 'tell what would happen, and record nothing', false)
    .option('--key <uuid>', 'idempotency key, to send the very same command again')
  for (const field of fields) command.addOption(optionOf(field))
  return command.action(async (id, options) =>
    (await import('../answers/do.ts')).sendCommand({ aggregate, type, fields, id, options }),
  )
}

function optionOf({ flag, what, required }: Field): Option {
  return new Option(`--${flag} <value>`, `${what}${required ? '' : ' (optional)'}`)
}
