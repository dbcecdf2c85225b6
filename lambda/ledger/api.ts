import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda'
import type { Actor, Rejection } from '#domain/kernel/decider.ts'
import { actorOf, type Claims } from '../people/identity.ts'
import { log, projectOf, type LogRecord } from '../kernel/log.ts'

/** An answer before it is written as HTTP. */
export interface Answer {
  readonly status: number
  readonly body: unknown
}

export const ok = (body: unknown): Answer => ({ status: 200, body })
export const refused = (status: 400 | 403 | 404 | 409 | 422, ...rejections: readonly Rejection[]): Answer => ({
  status,
  body: { rejections },
})

/** Faults in the data of a form are the sender's to mend (422); everything else contradicts the present state (409). */
export const statusOf = (rejections: readonly Rejection[]): 409 | 422 =>
  rejections.every(({ code }) => code.startsWith('form.')) ? 422 : 409

/** What a function knows of a request, beside its content. */
export interface Caller {
  readonly actor: Actor
  readonly sourceIp: string
  readonly requestId: string
}

/** What is said of a request in its log record. */
export type Subject = Pick<LogRecord, 'action' | 'object' | 'dataset'>

/**
 * Turns a request of API Gateway into a caller, has it answered, and writes the one log record it deserves (LOG-1, LOG-2).
 * Nobody without a person in their token gets further than this (C-7).
 */
export async function serve(
  event: APIGatewayProxyEvent,
  subject: Subject,
  answer: (caller: Caller) => Promise<Answer>,
): Promise<APIGatewayProxyResult> {
  const requestId = event.requestContext.requestId
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
    return write(refused(403, nobody))
  }
  try {
    const given = await answer({ actor, sourceIp, requestId })
    log({ ...about, result: resultOf(given.status), reason: reasonOf(given) })
    return write(given)
  } catch (error) {
    // The name of an error is a word of ours or AWS's; its message may repeat data, so it stays out of the log and the answer.
    log({ ...about, result: 'failed', reason: error instanceof Error ? error.name : 'unknown' })
    return write({ status: 500, body: { rejections: [failed(requestId)] } })
  }
}

const resultOf = (status: number): LogRecord['result'] => (status < 300 ? 'ok' : status === 403 ? 'denied' : 'rejected')

function reasonOf({ body }: Answer): string | undefined {
  if (typeof body !== 'object' || body === null || !('rejections' in body)) return undefined
  return (body.rejections as readonly Rejection[])[0]?.code
}

function write({ status, body }: Answer): APIGatewayProxyResult {
  return {
    statusCode: status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'strict-transport-security': 'max-age=63072000; includeSubDomains',
    },
    body: JSON.stringify(body),
  }
}

const nobody: Rejection = {
  code: 'request.nobody',
  message: 'the token names no person',
  requirement: 'AUTH-3',
  remedy: 'ask an operator to complete the account: it needs a person and an organisation',
}

const failed = (requestId: string): Rejection => ({
  code: 'request.failed',
  message: 'the platform could not finish this request',
  remedy: `send it again with the same idempotency key; if it fails again, tell the operator the request id ${requestId}`,
})
