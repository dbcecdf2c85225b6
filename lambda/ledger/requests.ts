import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { GetCommand } from '@aws-sdk/lib-dynamodb'
import type { Actor } from '#domain/kernel/decider.ts'
import { documentClient } from './document-client.ts'

/** One request of one actor: the same key with another `digest` is another request and is refused. */
export interface Idempotency {
  readonly key: string
  /** SHA-256 of the request's canonical JSON */
  readonly digest: string
}

/** What was answered to a request: the records it appended, to be read again where they stand. */
export interface RequestMark {
  readonly actor: string
  readonly key: string
  readonly digest: string
  readonly appended: readonly { readonly stream: string; readonly sequence: number }[]
  /** seconds since 1970 after which DynamoDB removes it (its time to live) */
  readonly expires: number
}

/** How long a request sent again is answered again; a person or program that tries later reads what became of it. */
const REMEMBERED_SECONDS = 30 * 86_400

/** The mark of a request, as the transaction that answers it stores it. */
export const requestMark = (
  { id }: Actor,
  { key, digest }: Idempotency,
  appended: RequestMark['appended'],
  at: string,
): RequestMark => ({
  actor: id,
  key,
  digest,
  appended,
  expires: Math.floor(Date.parse(at) / 1000) + REMEMBERED_SECONDS,
})

/** The mark that a request left, if it was answered before. */
export async function findRequest(
  { dynamoDb, requests }: { readonly dynamoDb: DynamoDBClient; readonly requests: string },
  { id }: Actor,
  key: string,
): Promise<RequestMark | undefined> {
  const { Item } = await documentClient(dynamoDb).send(
    new GetCommand({ TableName: requests, ConsistentRead: true, Key: { actor: id, key } }),
  )
  return Item as RequestMark | undefined
}
