import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda'
import { digestOf } from '#domain/ledger/canonical.ts'
import { ok, refused, serve, statusOf, type Answer, type Caller } from '../api.ts'
import type { Control } from '../control.ts'
import { commandOn } from '../command-on.ts'
import { sources } from '../sources.ts'
import { MAX_EVENT_BYTES } from '../ledger.ts'
import { tooLarge } from '../refusals.ts'
import { parseRequest, type CommandRequest } from './request.ts'

/** `POST /v1/commands`: parse, authorize, decide, append, answer with signed receipts. */
export async function handleCommandRequest(
  control: Control,
  event: APIGatewayProxyEvent,
): Promise<APIGatewayProxyResult> {
  // Measured before anything reads it: what is too large is not worth parsing.
  if (Buffer.byteLength(event.body ?? '') > MAX_EVENT_BYTES)
    return serve(event, unknown, async () => refused(422, tooLarge))
  const parsed = parseRequest(control.aggregates, event.body)
  const subject = parsed.ok ? { action: parsed.request.command.type, object: parsed.request.stream } : unknown
  return serve(event, subject, async (caller) =>
    parsed.ok ? answer(control, parsed.request, caller) : refused(400, ...parsed.refusals),
  )
}

async function answer(
  { aggregates, authorizer }: Control,
  request: CommandRequest,
  { actor }: Caller,
): Promise<Answer> {
  const { aggregate, id, stream, command, idempotencyKey, dryRun } = request
  const outcome = await commandOn(sources(), aggregates, {
    aggregate,
    id,
    command,
    context: { now: new Date().toISOString(), actor },
    idempotency: { key: idempotencyKey, digest: digestOf({ stream, command }) },
    dryRun,
    permit: (state) => authorizer.onAggregate(actor, command.type, { aggregate, id, state }, command),
  })
  switch (outcome.outcome) {
    case 'done':
      return ok({ events: outcome.records.map(({ event }) => event), receipts: outcome.receipts })
    case 'would-do':
      return ok({ dryRun: true, events: outcome.events })
    case 'denied':
      return refused(403, ...outcome.refusals)
    case 'rejected':
      return refused(statusOf(outcome.refusals), ...outcome.refusals)
  }
}

const unknown = { action: 'Command', object: 'unknown' }
