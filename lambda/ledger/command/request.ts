import type { z } from 'zod'
import { applicationCommand, type ApplicationCommand } from '#domain/application/commands.ts'
import type { Refusal } from '#domain/kernel/refusal.ts'
import { projectCommand } from '#domain/project/commands.ts'

/** A command as it comes in, parsed once: from here on it cannot be wrong in shape. */
export type CommandRequest = { readonly stream: string; readonly id: string; readonly idempotencyKey: string } & (
  | { readonly aggregate: 'application'; readonly command: ApplicationCommand }
  | { readonly aggregate: 'project'; readonly command: z.infer<typeof projectCommand> }
)

export type Parsed =
  | { readonly ok: true; readonly request: CommandRequest }
  | { readonly ok: false; readonly refusals: readonly Refusal[] }

const STREAM = /^(application|project)\/([A-Za-z0-9][A-Za-z0-9-]{0,63})$/
const KEY = /^[A-Za-z0-9-]{8,64}$/

export function parseRequest(text: string | null): Parsed {
  const body = parseJson(text)
  if (typeof body !== 'object' || body === null)
    return malformed('', 'the body is not a JSON object', 'send {"stream": …, "command": …, "idempotencyKey": …}')
  const { stream, command, idempotencyKey } = body as Readonly<Record<string, unknown>>
  const place = typeof stream === 'string' ? STREAM.exec(stream) : null
  if (place === null)
    return malformed(
      'stream',
      'it names no stream',
      'write application/<id> or project/<id>; an id has letters, digits and hyphens, at most 64',
    )
  if (typeof idempotencyKey !== 'string' || !KEY.test(idempotencyKey))
    return malformed('idempotencyKey', 'it is no key', 'write a new UUID for every new command')
  const [, aggregate, id] = place as unknown as [string, 'application' | 'project', string]
  if (!recordable(command))
    return malformed(
      'command',
      'it has no canonical form: it is nested too deeply, or holds a number or a text that no record can keep',
      'send numbers up to 2^53 - 1, well-formed Unicode, and no more than 64 levels',
    )
  const common = { stream: stream as string, id, idempotencyKey }
  if (aggregate === 'application') {
    const parsed = applicationCommand.safeParse(command)
    return parsed.success ? { ok: true, request: { ...common, aggregate, command: parsed.data } } : faults(parsed.error)
  }
  const parsed = projectCommand.safeParse(command)
  return parsed.success ? { ok: true, request: { ...common, aggregate, command: parsed.data } } : faults(parsed.error)
}

/** Deeper than any form; a walk that goes on for ever would end the function instead of the request. */
const MAX_DEPTH = 64

/** Whether a value can be hashed and stored as it stands. */
function recordable(value: unknown, depth = 0): boolean {
  if (depth > MAX_DEPTH) return false
  if (typeof value === 'string') return value.isWellFormed()
  if (typeof value === 'number') return Math.abs(value) <= Number.MAX_SAFE_INTEGER
  if (typeof value !== 'object' || value === null) return true
  return Object.entries(value).every(([key, item]) => key.isWellFormed() && recordable(item, depth + 1))
}

function parseJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return undefined
  }
}

const malformed = (path: string, message: string, remedy: string): Parsed => ({
  ok: false,
  refusals: [
    {
      code: 'request.malformed',
      what: { en: message, ja: message },
      why: { en: message, ja: message },
      next: { en: remedy, ja: remedy },
      path,
    },
  ],
})

/** At most 20: whoever sends that much nonsense is not helped by more. */
const faults = ({ issues }: z.ZodError): Parsed => ({
  ok: false,
  refusals: issues.slice(0, 20).map(({ path, message }) => ({
    code: 'request.malformed',
    what: { en: message, ja: message },
    why: { en: message, ja: message },
    next: { en: 'correct this part of the command', ja: 'correct this part of the command' },
    path: ['command', ...path].map(String).join('.'),
  })),
})
