import { createInterface } from 'node:readline/promises'
import { parse as parseYaml } from 'yaml'
import { Obstacle } from '#domain/kernel/obstacle.ts'
import { parse } from '#domain/kernel/parse.ts'
import type { AnyAggregate } from '#domain/ledger/aggregate.ts'
import type { Field } from '#domain/ledger/fields.ts'
import { apiOf, outcomeUnknown, type ApiOptions } from '../api.ts'
import { readYaml } from '../files.ts'
import { printable, quoted, tellRefusals } from '../output.ts'

export interface DoOptions extends ApiOptions {
  readonly file?: string
  readonly dryRun: boolean
  readonly key?: string
  readonly [field: string]: unknown
}

/** A command as it was typed. */
export interface TypedCommand {
  readonly aggregate: AnyAggregate
  readonly type: string
  readonly fields: readonly Field[]
  readonly id: string
  readonly options: DoOptions
}

/**
 * `renkei do <command> <id>`: reads the fields, asks for what is missing on a terminal, sends, and says what happened.
 */
export async function sendCommand({ aggregate, type, fields, id, options }: TypedCommand): Promise<void> {
  if (!aggregate.idPattern.test(id))
    throw new Obstacle({
      code: 'cli.no-id',
      what: { en: `${quoted(id)} is no id`, ja: `${quoted(id)} はIDではありません。` },
      why: { en: 'an id has letters, digits and hyphens, at most 64', ja: 'IDは英数字とハイフンで64文字以内です。' },
      next: { en: `e.g. ./renkei do ${type} A-2026-0001`, ja: `例：./renkei do ${type} A-2026-0001` },
    })
  const command = { type, ...(await valuesOf(fields, options)) }
  const parsed = parse(aggregate.commands!.schema, command, { code: 'request.malformed', root: 'command' })
  if (!parsed.ok) return tellRefusals(parsed.refusals, options)
  const api = await apiOf(options)
  const idempotencyKey = options.key ?? crypto.randomUUID()
  const again = `the same command with --key ${idempotencyKey} is done once only, however often it is sent`
  process.once('SIGINT', () => {
    console.error(`\nstopped before the answer came: it may have been recorded; ${again}`)
    process.exit(130)
  })
  const { status, body, refusals } = await api.command({
    stream: `${aggregate.name}/${id}`,
    command: parsed.value,
    idempotencyKey,
    ...(options.dryRun && { dryRun: true }),
  })
  if (outcomeUnknown(status)) {
    tellRefusals(refusals, options, { idempotencyKey })
    if (!options.json && !options.dryRun) console.error(`  it may have been recorded all the same; ${again}`)
    return
  }
  if (status >= 300) return tellRefusals(refusals, options, { idempotencyKey })
  const events: readonly { readonly type: string }[] = body.events ?? []
  if (options.json) return console.log(JSON.stringify({ ok: true, ...body, idempotencyKey }, null, 2))
  const names = events.map((event) => printable(event.type)).join(', ') || 'nothing: it was so already'
  console.log(options.dryRun ? `would lead to: ${names}; nothing was recorded` : `done: ${names}`)
}

/** Fields from the file, then from options, then from the person at the terminal. */
async function valuesOf(fields: readonly Field[], options: DoOptions): Promise<Record<string, unknown>> {
  const values = options.file === undefined ? {} : fromFile(options.file, fields)
  for (const field of fields) {
    const given = options[field.name]
    if (typeof given === 'string') values[field.name] = valueOf(field, given)
  }
  const missing = fields.filter(({ name, required }) => required && values[name] === undefined)
  if (missing.length === 0 || options.json || !process.stdin.isTTY || !process.stderr.isTTY) return values
  // Questions go to standard error: standard output belongs to the answer.
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    for (const field of missing) {
      const answer = await terminal.question(`${field.name} (${field.what}): `).catch(() => undefined)
      if (answer === undefined)
        throw new Obstacle({
          code: 'cli.nothing-sent',
          what: { en: 'nothing was sent', ja: '何も送信していません。' },
          why: { en: `${field.name} was not answered`, ja: `${field.name}が入力されていません。` },
          next: { en: 'run the command again', ja: 'コマンドをもう一度実行してください。' },
        })
      if (answer.trim() !== '') values[field.name] = valueOf(field, answer)
    }
  } finally {
    terminal.close()
  }
  return values
}

/** A text stands as it is; anything else is YAML, in which JSON is written too. */
function valueOf({ name, flag, text }: Field, given: string): unknown {
  if (text) return given
  try {
    return parseYaml(given) as unknown
  } catch (error) {
    throw new Obstacle({
      code: 'cli.unreadable-value',
      what: `--${flag} cannot be read`,
      why: (error as Error).message.split('\n')[0] ?? '',
      next: `write ${name} as YAML or JSON, e.g. '[a, b]'; long ones into a file for --file`,
    })
  }
}

/** The file holds the fields; or, where one field is a whole form, that form alone. */
function fromFile(file: string, fields: readonly Field[]): Record<string, unknown> {
  const content = readYaml(file)
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    throw new Obstacle({
      code: 'cli.no-fields',
      what: { en: `${quoted(file)} holds no fields`, ja: `${quoted(file)} には項目がありません。` },
      why: { en: 'it is a list or a single value', ja: '一覧か、一つの値だけが書かれています。' },
      next: {
        en: `write ${fields.map(({ name }) => `${name}: …`).join(', ')}`,
        ja: `${fields.map(({ name }) => `${name}: …`).join('、')} の形で記載してください。`,
      },
    })
  const named = content as Record<string, unknown>
  const [only] = fields
  return fields.length === 1 && only !== undefined && !(only.name in named) ? { [only.name]: named } : { ...named }
}
