import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda'
import { describeError } from '#lambda/kernel/errors.ts'
import { log } from '#lambda/kernel/log.ts'

/** A message of either lane names one project. */
interface ProjectMessage {
  readonly projectId: string
}

/** What is done with the messages of one lane, and what the log calls it. */
interface Lane<Message extends ProjectMessage> {
  readonly actor: string
  readonly action: string
  readonly object: (message: Message) => string
  /** throws where the queue is to deliver the message again */
  readonly work: (message: Message) => Promise<{ readonly result: 'ok' | 'failed'; readonly reason: string }>
}

/** One message after the other. One whose work throws is delivered again by the queue, and at last set aside. */
export async function workOff<Message extends ProjectMessage>(
  { Records }: SQSEvent,
  { awsRequestId }: Context,
  { actor, action, object, work }: Lane<Message>,
): Promise<SQSBatchResponse> {
  const batchItemFailures: { itemIdentifier: string }[] = []
  for (const { body, messageId } of Records) {
    const message = JSON.parse(body) as Message
    const subject = { actor, role: 'system', project: message.projectId, action, object: object(message) }
    const outcome = await work(message).catch((error: unknown) => {
      batchItemFailures.push({ itemIdentifier: messageId })
      return { result: 'failed' as const, reason: describeError(error) }
    })
    log({ ...subject, requestId: awsRequestId, ...outcome })
  }
  return { batchItemFailures }
}
