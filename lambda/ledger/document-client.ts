import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'

const documents = new WeakMap<DynamoDBClient, DynamoDBDocumentClient>()

/** The document client of a client; events may hold undefined members, which have no JSON form either. */
export function documentClient(client: DynamoDBClient): DynamoDBDocumentClient {
  const known =
    documents.get(client) ?? DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } })
  documents.set(client, known)
  return known
}
