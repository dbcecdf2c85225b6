import { senders, type AnyAggregate, type CommandDocument } from './aggregate.ts'
import { fieldsOf, type Field } from './fields.ts'

/**
 * `docs/api.md`: every aggregate with its table of states, every command with who sends it, its fields, an example and
 * its refusals. Made from the registry, so that it says what the platform does.
 */
export function commandReference(aggregates: readonly AnyAggregate[]): string {
  const commanded = aggregates.filter(({ commands }) => commands !== undefined)
  return [
    '# API',
    '',
    'Made from the registry of aggregates by `npm run docs`; a test holds it to the code. The same as OpenAPI:',
    '`GET /openapi.json`.',
    '',
    'A command is sent with `./renkei do <command>` or with `POST /commands`:',
    '`{ "stream": "<aggregate>/<id>", "command": { "type": … }, "idempotencyKey": "<UUID>" }`. The same key again is',
    'answered again and done once; `"dryRun": true` tells what would happen and records nothing. A refusal is',
    '`{ code, what, why, next, requirement?, path? }`, in English or Japanese by `Accept-Language`. Every command may',
    'also be refused with `request.malformed`, `request.not-permitted`, `request.one-factor`,',
    '`request.idempotency-key-reused` and `request.too-busy`.',
    '',
    '| path | what |',
    '|---|---|',
    '| `POST /commands` | sends a command |',
    ...aggregates.flatMap(({ plural, authorization, view }) =>
      authorization === undefined
        ? []
        : [
            ...(view
              ? [`| \`GET /${plural}?after=\` | those the caller may see, page by page: go on with \`next\` |`]
              : []),
            `| \`GET /${plural}/{id}\` | one, as the ledger tells it |`,
          ],
    ),
    '| `GET /ledger/{aggregate}/{id}?after=` | its events with hash and receipt, page by page |',
    '| `GET /openapi.json` | this, for programs |',
    '',
    ...commanded.flatMap(aggregateSection),
  ].join('\n')
}

function aggregateSection({ name, title, commands }: AnyAggregate): readonly string[] {
  const { documents } = commands!
  return [
    `## ${title.en} (${title.ja})`,
    '',
    '| command | from | to | by |',
    '|---|---|---|---|',
    ...Object.entries(documents).map(([type, { from, to, by }]) => {
      const who = by.map((sender) => senders[sender].en).join('; ')
      return `| [${type}](#${type.toLowerCase()}) | ${from.join(', ')} | ${to} | ${who} |`
    }),
    '',
    ...Object.entries(documents).flatMap(([type, document]) => [
      `### ${type}`,
      '',
      `${document.summary.en}. ${document.summary.ja}`,
      '',
      ...fieldTable(fieldsOf(commands!, type)),
      ...example(name, document),
      `Refusals: ${document.refusals.map((code) => `\`${code}\``).join(', ')}`,
      '',
    ]),
  ]
}

function fieldTable(fields: readonly Field[]): readonly string[] {
  if (fields.length === 0) return []
  return [
    '| field | what | |',
    '|---|---|---|',
    ...fields.map(
      ({ name, what, required }) =>
        `| \`${name}\` | ${what.replaceAll('|', '\\|')} | ${required ? 'required' : 'optional'} |`,
    ),
    '',
  ]
}

const example = (name: string, { example: command }: CommandDocument): readonly string[] => [
  '```json',
  JSON.stringify({ stream: `${name}/A-2026-0001`, command, idempotencyKey: '4f1c1c1e-8f0a-4a55-9d3c-0d7a3f3f9a10' }),
  '```',
  '',
]
