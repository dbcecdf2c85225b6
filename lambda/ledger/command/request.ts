import * as z from 'zod'
import { parse } from '#domain/kernel/parse.ts'
import type { Refusal } from '#domain/kernel/refusal.ts'
import { wordings } from '#domain/kernel/wording.ts'
import { parseStream, type AnyAggregate, type Typed } from '#domain/ledger/aggregate.ts'
import { IDEMPOTENCY_KEY } from '#domain/ledger/openapi.ts'
import { MALFORMED, readBody, unstorable } from './body.ts'

/** A command as it comes in, parsed once: from here on it cannot be wrong in shape. */
export interface CommandRequest {
  readonly aggregate: AnyAggregate
  readonly id: string
  readonly stream: string
  readonly command: Typed
  readonly idempotencyKey: string
  /** asks what would happen; nothing is recorded */
  readonly dryRun: boolean
}

export type Parsed =
  | { readonly ok: true; readonly request: CommandRequest }
  | { readonly ok: false; readonly refusals: readonly Refusal[] }

/** What stands around every command; nothing else may stand beside it, so that nobody believes it was heeded. */
function envelope(commanded: readonly AnyAggregate[]) {
  const streams = commanded.map(({ name }) => `${name}/<id>`)
  return z.strictObject({
    stream: z
      .string()
      .refine((stream) => parseStream(commanded, stream) !== undefined)
      .register(wordings, {
        why: { en: 'a command changes exactly one stream', ja: 'コマンドは、一つの系列だけを変更します。' },
        next: {
          en: `write ${streams.join(' or ')}, e.g. application/A-0001; an id has at most 64 letters, digits, hyphens`,
          ja: `${streams.join('又は')}を記載してください（例：application/A-0001）。IDは英数字とハイフンで64文字以内です。`,
        },
      }),
    command: z.unknown(),
    dryRun: z.boolean().optional(),
    idempotencyKey: z
      .string()
      .regex(IDEMPOTENCY_KEY)
      .register(wordings, {
        why: {
          en: 'the key lets a command that is sent again be done once only (C-10)',
          ja: 'このキーにより、再送したコマンドも一度しか処理されません（C-10）。',
        },
        next: {
          en: 'write a new UUID for every new command, e.g. 0b9f7c1e-3d52-4a6b-8f10-2c4e6a8b9d01',
          ja: '新しいコマンドごとに新しいUUIDを記載してください（例：0b9f7c1e-3d52-4a6b-8f10-2c4e6a8b9d01）。',
        },
      }),
  })
}

/** Every fault of a request in one answer: of what stands around the command, and of the command itself. */
export function parseRequest(aggregates: readonly AnyAggregate[], text: string | null): Parsed {
  const commanded = aggregates.filter(({ commands }) => commands !== undefined)
  const read = readBody(text)
  if (!read.ok) return read
  const around = parse(envelope(commanded), read.body, { code: MALFORMED, root: '' })
  const beyond = 'command' in read.body ? unstorable(read.body.command, ['command']) : []
  if (!around.ok) return { ok: false, refusals: [...around.refusals, ...beyond] }
  if (beyond.length > 0) return { ok: false, refusals: beyond }
  const { stream, command, idempotencyKey, dryRun = false } = around.value
  const target = parseStream(commanded, stream)!
  const parsed = parse(target.aggregate.commands!.schema, command, inCommand)
  return parsed.ok
    ? { ok: true, request: { ...target, stream, command: parsed.value, idempotencyKey, dryRun } }
    : parsed
}

const inCommand = { code: MALFORMED, root: 'command' }
