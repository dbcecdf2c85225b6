import type { CloudFormationCustomResourceEvent, CloudFormationCustomResourceHandler } from 'aws-lambda'
import { realClock } from '#lambda/kernel/clock.ts'
import { directoryService, ec2, workSpaces } from '#lambda/kernel/clients.ts'
import { handle, lateAnswer, type Answer } from './handle.ts'
import { respond } from './respond.ts'

/** Left to send the answer, with every attempt of it. */
const ANSWER_MILLISECONDS = 45_000

/**
 * WorkSpaces admits two calls a second to the whole account (docs/aws-behaviour.md, WorkSpaces): a throttled call is
 * tried for about a minute.
 */
const options = { maxAttempts: 10 }

/** Answers CloudFormation for every custom resource of the network plane. */
export const handler: CloudFormationCustomResourceHandler = async (event, context) => {
  const deadline = realClock.now() + context.getRemainingTimeInMillis() - ANSWER_MILLISECONDS
  const clients = { ec2: ec2(options), workspaces: workSpaces(options), directoryService: directoryService(options) }
  const answer = await within(deadline, event, handle(event, { clients, clock: realClock, deadline }))
  await respond(event, answer, realClock)
}

/** A call that hangs must not keep CloudFormation from its answer. */
function within(deadline: number, event: CloudFormationCustomResourceEvent, answer: Promise<Answer>): Promise<Answer> {
  const late = realClock.sleep(deadline - realClock.now()).then(() => lateAnswer(event))
  return Promise.race([answer, late])
}
