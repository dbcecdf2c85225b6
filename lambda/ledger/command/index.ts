import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda'
import { digestOf } from '#domain/ledger/canonical.ts'
import { ok, refused, serve, statusOf, type Answer, type Caller } from '../api.ts'
import { dynamoDb, kms } from '#lambda/kernel/clients.ts'
import { setting } from '#lambda/kernel/configuration.ts'
import { MAX_EVENT_BYTES } from '../ledger.ts'
import { decideRequest } from './decisions.ts'
import { parseRequest, type CommandRequest } from './request.ts'

/** `POST /v1/commands`: parse, authorize, decide, append, answer with signed receipts. */
export async function handler(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  // Measured before anything reads it: what is too large is not worth parsing.
  if (Buffer.byteLength(event.body ?? '') > MAX_EVENT_BYTES)
    return serve(event, unknown, async () => refused(422, tooLarge))
  const parsed = parseRequest(event.body)
  const subject = parsed.ok ? { action: parsed.request.command.type, object: parsed.request.stream } : unknown
  return serve(event, subject, async (caller) =>
    parsed.ok ? answer(parsed.request, caller) : refused(400, ...parsed.rejections),
  )
}

async function answer(request: CommandRequest, { actor }: Caller): Promise<Answer> {
  const { stream, command, idempotencyKey } = request
  const port = {
    dynamoDb: dynamoDb(),
    kms: kms(),
    table: setting('LEDGER_TABLE'),
    receiptKeyId: setting('RECEIPT_KEY_ID'),
  }
  const context = { now: new Date().toISOString(), actor }
  const outcome = await decideRequest(port, request, context, {
    key: idempotencyKey,
    digest: digestOf({ stream, command }),
  })
  switch (outcome.outcome) {
    case 'done':
      return ok({ events: outcome.records.map(({ event }) => event), receipts: outcome.receipts })
    case 'denied':
      return refused(403, ...outcome.rejections)
    case 'rejected':
      return refused(statusOf(outcome.rejections), ...outcome.rejections)
  }
}

const unknown = { action: 'Command', object: 'unknown' }

const tooLarge = {
  code: 'form.too-large',
  message: `a command may have ${MAX_EVENT_BYTES} bytes`,
  remedy: 'send attachments as documents of their own and name their SHA-256 in the form',
}
