import * as z from 'zod'
import { applicationCommand, type ApplicationCommand } from '#domain/application/commands.ts'
import { parse } from '#domain/kernel/parse.ts'
import type { Refusal } from '#domain/kernel/refusal.ts'
import { wordings } from '#domain/kernel/wording.ts'
import { projectCommand } from '#domain/project/commands.ts'
import { MALFORMED, readBody, unstorable } from './body.ts'

/** A command as it comes in, parsed once: from here on it cannot be wrong in shape. */
export type CommandRequest = { readonly stream: string; readonly id: string; readonly idempotencyKey: string } & (
  | { readonly aggregate: 'application'; readonly command: ApplicationCommand }
  | { readonly aggregate: 'project'; readonly command: z.infer<typeof projectCommand> }
)

export type Parsed =
  | { readonly ok: true; readonly request: CommandRequest }
  | { readonly ok: false; readonly refusals: readonly Refusal[] }

const STREAM = /^(application|project)\/([A-Za-z0-9][A-Za-z0-9-]{0,63})$/

/** What stands around every command; nothing else may stand beside it, so that nobody believes it was heeded. */
const envelope = z.strictObject({
  stream: z
    .string()
    .regex(STREAM)
    .register(wordings, {
      why: { en: 'a command changes exactly one stream', ja: 'コマンドは、一つの系列だけを変更します。' },
      next: {
        en: 'write application/<id> or project/<id>, e.g. application/A-0001; an id has letters, digits and hyphens, at most 64',
        ja: 'application/<ID>又はproject/<ID>を記載してください（例：application/A-0001）。IDは英数字とハイフンで64文字以内です。',
      },
    }),
  command: z.unknown(),
  idempotencyKey: z
    .string()
    .regex(/^[A-Za-z0-9-]{8,64}$/)
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

/** Every fault of a request in one answer: of what stands around the command, and of the command itself. */
export function parseRequest(text: string | null): Parsed {
  const read = readBody(text)
  if (!read.ok) return read
  const around = parse(envelope, read.body, { code: MALFORMED, root: '' })
  const beyond = 'command' in read.body ? unstorable(read.body.command, ['command']) : []
  if (!around.ok) return { ok: false, refusals: [...around.refusals, ...beyond] }
  if (beyond.length > 0) return { ok: false, refusals: beyond }
  const { stream, command, idempotencyKey } = around.value
  const [, aggregate, id] = STREAM.exec(stream) as unknown as [string, 'application' | 'project', string]
  const common = { stream, id, idempotencyKey }
  if (aggregate === 'application') {
    const parsed = parse(applicationCommand, command, inCommand)
    return parsed.ok ? { ok: true, request: { ...common, aggregate, command: parsed.value } } : parsed
  }
  const parsed = parse(projectCommand, command, inCommand)
  return parsed.ok ? { ok: true, request: { ...common, aggregate, command: parsed.value } } : parsed
}

const inCommand = { code: MALFORMED, root: 'command' }
