import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import { documentClient } from '#lambda/ledger/document-client.ts'
import type { ViewPort } from '#lambda/ledger/view.ts'

/**
 * For how long a removal counts towards the bound of every later pass: two operators can be found within a day (C-11).
 */
const WINDOW_MS = 24 * 60 * 60 * 1000

/** One desktop that a pass of any project removed without approvals. */
export interface Removal {
  readonly desktopId: string
  /** milliseconds since 1970 */
  readonly at: number
}

/** The account's removals without approvals, as of one reading. */
export interface Removals {
  readonly version: number
  readonly removals: readonly Removal[]
}

/** The one record of the account; whoever writes names the version it has read. */
export interface RemovalRecord {
  read(): Promise<Removals | undefined>
  /** false where another pass has written since `previous` was read; nothing is changed then */
  write(next: Removals, previous: Removals | undefined): Promise<boolean>
}

/** What counts today. */
export const removalsOfLastDay = (recorded: Removals | undefined, now: number): readonly Removal[] =>
  (recorded?.removals ?? []).filter(({ at }) => now - at < WINDOW_MS)

/**
 * Writes down what a pass is about to remove, before it does: many projects that end together, each within the bound,
 * are together bound by it too (C-11). False where another pass wrote first: then the bound must be looked at again.
 */
export async function recordRemovals(
  record: RemovalRecord,
  recorded: Removals | undefined,
  desktopIds: readonly string[],
  now: number,
): Promise<boolean> {
  const counting = removalsOfLastDay(recorded, now)
  const added = desktopIds.filter((id) => !counting.some(({ desktopId }) => desktopId === id))
  if (added.length === 0) return true
  const removals = [...counting, ...added.map((desktopId) => ({ desktopId, at: now }))]
  return record.write({ version: (recorded?.version ?? 0) + 1, removals }, recorded)
}

/** The record beside the views, shared by every pass. */
export function tableRemovals({ dynamoDb, view }: ViewPort): RemovalRecord {
  const documents = documentClient(dynamoDb)
  const Key = { view: 'rate', id: 'removals' }
  return {
    async read() {
      const { Item } = await documents.send(new GetCommand({ TableName: view, Key, ConsistentRead: true }))
      return Item as Removals | undefined
    },
    async write(next, previous) {
      try {
        await documents.send(
          new PutCommand({
            TableName: view,
            Item: { ...Key, ...next },
            ConditionExpression: previous === undefined ? 'attribute_not_exists(#version)' : '#version = :previous',
            ExpressionAttributeNames: { '#version': 'version' },
            ...(previous !== undefined && { ExpressionAttributeValues: { ':previous': previous.version } }),
          }),
        )
        return true
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false
        throw error
      }
    },
  }
}
