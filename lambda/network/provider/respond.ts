import type { CloudFormationCustomResourceEvent } from 'aws-lambda'
import type { Clock } from '#domain/kernel/clock.ts'
import type { Answer } from './handle.ts'

const ATTEMPTS = 5
const PAUSE_MILLISECONDS = 1_000

/**
 * Puts the answer where CloudFormation waits for it, again if it does not arrive; a stack would otherwise hang for an
 * hour. Throws after the last attempt: Lambda then runs the whole request again, which converges.
 */
export async function respond(
  event: CloudFormationCustomResourceEvent,
  answer: Answer,
  clock: Clock,
  put: typeof fetch = fetch,
): Promise<void> {
  const { StackId, RequestId, LogicalResourceId } = event
  const body = new TextEncoder().encode(JSON.stringify({ ...answer, StackId, RequestId, LogicalResourceId }))
  for (let attempt = 1; ; attempt++) {
    try {
      // The address is signed for no content type: bytes carry none.
      const response = await put(event.ResponseURL, { method: 'PUT', body, signal: AbortSignal.timeout(5_000) })
      if (!response.ok) throw new Error(`CloudFormation's response address answered ${response.status}`)
      return
    } catch (error) {
      if (attempt === ATTEMPTS) throw error
      await clock.sleep(PAUSE_MILLISECONDS * attempt)
    }
  }
}
