import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import type { Clock } from '#domain/kernel/clock.ts'
import { realClock } from '#lambda/kernel/clock.ts'
import { documentClient } from '#lambda/ledger/document-client.ts'
import type { ViewPort } from '#lambda/ledger/view.ts'

/** WorkSpaces admits 2 calls a second, 5 in a burst, to a whole account (docs/aws-behaviour.md, WorkSpaces). */
export const INTERVAL_MS = 500
export const BURST = 5
/** What the reconciler leaves of the burst, so that a suspension never waits behind it (VIS-7). */
const KEPT_FOR_SUSPEND = 2

/** Who asks. Each lane is a queue of its own; a suspension also pushes back whoever waits in the reconciler's. */
export type CallLane = 'reconcile' | 'suspend'

/** How long before its turn in the queue a call may be made: a burst is the calls that came before it and were not. */
const LEAD_MS: Readonly<Record<CallLane, number>> = {
  reconcile: (BURST - KEPT_FOR_SUSPEND - 1) * INTERVAL_MS,
  suspend: (KEPT_FOR_SUSPEND - 1) * INTERVAL_MS,
}

/** A turn in the queue of a lane. */
export interface Turn {
  /** milliseconds since 1970 */
  readonly at: number
  /** calls that suspensions had ever reserved when this turn was */
  readonly urgentCalls: number
}

/**
 * Where the two queues of the account are kept. A suspension takes a turn in both, so the reconciler's never ends
 * before the other. Whatever a queue has reached it keeps: nothing makes it shorter.
 */
export interface CallQueue {
  /** A turn at `now`; undefined where the lane's queue reaches beyond `now` already. */
  begin(lane: CallLane, now: number): Promise<Turn | undefined>
  /** The turn after the last one, in one write. */
  follow(lane: CallLane, now: number): Promise<Turn>
  /** How many calls suspensions have ever reserved. */
  urgentCalls(): Promise<number>
}

/** Waits until a call may be made. */
export interface Tokens {
  take(): Promise<void>
}

/**
 * Tokens of one lane, first come, first served. A turn is reserved by one write, which no other can make fail: the
 * queue only ever grows, so whoever saw it reach beyond the moment follows it, and only who does not know tries to
 * begin it first. A clock that is behind another function's therefore waits longer, and takes nothing from anybody.
 *
 * Whoever waited in the reconciler's queue looks before going whether a suspension came in between, and lets its calls
 * go first.
 */
export function workSpacesTokens(queue: CallQueue, lane: CallLane, clock: Clock = realClock): Tokens {
  let end = 0
  let last: Promise<unknown> = Promise.resolve()
  const reserve = async (): Promise<Turn> => {
    const now = clock.now()
    const begun = end > now ? undefined : await queue.begin(lane, now)
    const turn = begun ?? (await queue.follow(lane, now))
    end = turn.at + INTERVAL_MS
    return turn
  }
  return {
    async take() {
      // One after the other, so that many who ask one function at once make one write each.
      const reservation = last.then(reserve, reserve)
      last = reservation
      const turn = await reservation
      let due = turn.at - LEAD_MS[lane]
      let { urgentCalls } = turn
      while (due > clock.now()) {
        await clock.sleep(due - clock.now())
        if (lane === 'suspend') return
        const since = await queue.urgentCalls()
        due += (since - urgentCalls) * INTERVAL_MS
        urgentCalls = since
      }
    },
  }
}

/** The queues beside the views, shared by every function. */
export function sharedCallQueue({ dynamoDb, view }: ViewPort): CallQueue {
  const documents = documentClient(dynamoDb)
  const item = { TableName: view, Key: { view: 'rate', id: 'workspaces' } }
  /** One write. DynamoDB has no maximum: that a queue begins now is a condition, that it goes on is arithmetic. */
  const reserve = async (lane: CallLane, now: number, begins: readonly QueueEnd[]): Promise<Turn> => {
    const grow = (end: QueueEnd) =>
      `${end} = ${begins.includes(end) ? ':now' : `if_not_exists(${end}, :now)`} + :interval`
    const [first] = begins
    const { Attributes = {} } = await documents.send(
      new UpdateCommand({
        ...item,
        UpdateExpression: `SET ${ENDS[lane].map(grow).join(', ')}${lane === 'suspend' ? ' ADD urgentCalls :one' : ''}`,
        ...(first !== undefined && { ConditionExpression: `attribute_not_exists(${first}) OR ${first} <= :now` }),
        ExpressionAttributeValues: {
          ':now': now,
          ':interval': INTERVAL_MS,
          ...(lane === 'suspend' && { ':one': 1 }),
        },
        ReturnValues: 'ALL_NEW',
      }),
    )
    return {
      at: Number(Attributes[OWN_END[lane]]) - INTERVAL_MS,
      urgentCalls: Number(Attributes['urgentCalls'] ?? 0),
    }
  }
  return {
    async begin(lane, now) {
      for (const begins of BEGINNINGS[lane]) {
        try {
          return await reserve(lane, now, begins)
        } catch (error) {
          if (!(error instanceof ConditionalCheckFailedException)) throw error
        }
      }
      return undefined
    },
    follow: (lane, now) => reserve(lane, now, []),
    async urgentCalls() {
      const { Item } = await documents.send(new GetCommand({ ...item, ConsistentRead: true }))
      return Number(Item?.['urgentCalls'] ?? 0)
    },
  }
}

/** Where a queue ends, milliseconds since 1970: the reconciler's, and that of suspensions. */
type QueueEnd = 'reconcileEnd' | 'suspendEnd'
const OWN_END: Readonly<Record<CallLane, QueueEnd>> = { reconcile: 'reconcileEnd', suspend: 'suspendEnd' }
/** The queues in which a call of the lane has a turn. */
const ENDS: Readonly<Record<CallLane, readonly QueueEnd[]>> = {
  reconcile: ['reconcileEnd'],
  suspend: ['reconcileEnd', 'suspendEnd'],
}
/** The queues that may begin with the call, tried in this order; the first of each is the one that must have ended. */
const BEGINNINGS: Readonly<Record<CallLane, readonly (readonly QueueEnd[])[]>> = {
  reconcile: [['reconcileEnd']],
  // The reconciler's never ends before the other: where it has ended, both have.
  suspend: [['reconcileEnd', 'suspendEnd'], ['suspendEnd']],
}
