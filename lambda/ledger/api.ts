import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda'
import type { Actor } from '#domain/kernel/decider.ts'
import { localised, type Language, type Refusal } from '#domain/kernel/refusal.ts'
import { actorOf, type Claims } from '../people/identity.ts'
import { preferredLanguage } from './language.ts'
import { failed, nobody } from './refusals.ts'
import { log, projectOf, type LogRecord } from '../kernel/log.ts'

/** An answer before it is written as HTTP: what was asked for, or why not. */
export type Answer =
  | { readonly status: number; readonly body: unknown }
  | { readonly status: number; readonly refusals: readonly Refusal[] }

export const ok = (body: unknown): Answer => ({ status: 200, body })
export const refused = (status: 400 | 403 | 404 | 409 | 422 | 500, ...refusals: readonly Refusal[]): Answer => ({
  status,
  refusals,
})

/** Faults in the data of a form are the sender's to mend (422); everything else contradicts the present state (409). */
export const statusOf = (refusals: readonly Refusal[]): 409 | 422 =>
  refusals.every(({ code }) => code.startsWith('form.')) ? 422 : 409

/** What a function knows of a request, beside its content. */
export interface Caller {
  readonly actor: Actor
  readonly sourceIp: string
  readonly requestId: string
}

/** What is said of a request in its log record. */
export type Subject = Pick<LogRecord, 'action' | 'object' | 'dataset'>

/**
 * Turns a request of API Gateway into a caller, has it answered, and writes the one log record it deserves (LOG-1,
 * LOG-2). Nobody without a person in their token gets further than this (C-7).
 */
export async function serve(
  event: APIGatewayProxyEvent,
  subject: Subject,
  answer: (caller: Caller) => Promise<Answer>,
): Promise<APIGatewayProxyResult> {
  const requestId = event.requestContext.requestId
  const language = preferredLanguage(event.headers)
  const sourceIp = event.requestContext.identity.sourceIp
  const actor = actorOf((event.requestContext.authorizer?.['claims'] ?? {}) as Claims)
  const about = {
    ...subject,
    actor: actor?.id ?? 'unknown',
    role: actor?.roles.join(' ') ?? '',
    terminalId: event.headers['x-renkei-terminal'],
    sourceIp,
    requestId,
    project: projectOf(subject.object),
  }
  if (actor === undefined) {
    log({ ...about, result: 'denied', reason: 'no-person' })
    return write(refused(403, nobody), language)
  }
  try {
    const given = await answer({ actor, sourceIp, requestId })
    log({ ...about, result: resultOf(given.status), reason: reasonOf(given) })
    return write(given, language)
  } catch (error) {
    // The name of an error is a word of ours or AWS's; its message may repeat data, so it stays out of the log and the
    // answer.
    log({ ...about, result: 'failed', reason: error instanceof Error ? error.name : 'unknown' })
    return write(refused(500, failed(requestId)), language)
  }
}

const resultOf = (status: number): LogRecord['result'] => (status < 300 ? 'ok' : status === 403 ? 'denied' : 'rejected')

const reasonOf = (given: Answer): string | undefined => ('refusals' in given ? given.refusals[0]?.code : undefined)

/** The one place where an answer becomes HTTP, and its refusals take on the language of whoever asked. */
function write(answer: Answer, language: Language): APIGatewayProxyResult {
  const body =
    'refusals' in answer ? { refusals: answer.refusals.map((refusal) => localised(refusal, language)) } : answer.body
  return {
    statusCode: answer.status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'strict-transport-security': 'max-age=63072000; includeSubDomains',
    },
    body: JSON.stringify(body),
  }
}
