import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, paginateQuery } from '@aws-sdk/lib-dynamodb'
import type { LedgerRecord } from '#domain/ledger/record.ts'

/** A record as it stands in the table, with its receipt. */
export interface StoredRecord extends LedgerRecord {
  readonly signature?: string
}

/** A whole stream from the ledger's table itself, read consistently. */
export async function readStream(table: string, stream: string): Promise<StoredRecord[]> {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({}))
  const query = {
    TableName: table,
    ConsistentRead: true,
    KeyConditionExpression: '#stream = :stream',
    ExpressionAttributeNames: { '#stream': 'stream' },
    ExpressionAttributeValues: { ':stream': stream },
  }
  const records: StoredRecord[] = []
  for await (const { Items = [] } of paginateQuery({ client }, query)) records.push(...(Items as StoredRecord[]))
  return records
}
