import type { Clock } from '#domain/kernel/clock.ts'
import { realClock } from './clock.ts'

/**
 * One record of what was done (LOG-2). Holds ids only: no name, no address, no content of a form, no patient-level
 * value.
 * A field that does not apply is `null`, never missing, so that every record has the same shape.
 */
export interface LogRecord {
  /** id of the person or machine that acts */
  readonly actor: string
  readonly role: string
  readonly terminalId?: string
  readonly sourceIp?: string
  readonly project?: string
  /** database id, with its version where there is one */
  readonly dataset?: string
  /** what was asked, e.g. the type of a command */
  readonly action: string
  /** what it was asked of, e.g. a stream */
  readonly object: string
  readonly result: 'ok' | 'denied' | 'rejected' | 'failed'
  readonly requestId: string
  /** why, in a word or a code; never data */
  readonly reason?: string
}

const japan = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Tokyo', dateStyle: 'short', timeStyle: 'medium' })

/** Writes one JSON line to standard output, from where CloudWatch Logs takes it. */
export function log(
  record: LogRecord,
  clock: Pick<Clock, 'now'> = realClock,
  write: (line: string) => void = writeLine,
): void {
  const time = new Date(clock.now())
  write(
    JSON.stringify({
      time: time.toISOString(),
      timeJst: `${japan.format(time).replace(' ', 'T')}+09:00`,
      actor: record.actor,
      role: record.role,
      terminalId: record.terminalId ?? null,
      sourceIp: record.sourceIp ?? null,
      project: record.project ?? null,
      dataset: record.dataset ?? null,
      action: record.action,
      object: record.object,
      result: record.result,
      requestId: record.requestId,
      reason: record.reason ?? null,
    }),
  )
}

// Not console.log: with JSON logging the runtime would wrap the line in a record of its own.
const writeLine = (line: string) => {
  process.stdout.write(`${line}\n`)
}

/** The project a stream or a path belongs to, for the `project` field. */
export const projectOf = (stream: string): string | undefined =>
  stream.startsWith('project/') ? stream.slice('project/'.length) : undefined
