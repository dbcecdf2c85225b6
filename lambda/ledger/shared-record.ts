import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import { documentClient } from './ledger.ts'
import type { ViewPort } from './view.ts'

/** A record that several functions change in turns: whoever writes names the version it has read. */
export interface SharedRecord<R extends { readonly version: number }> {
  read(): Promise<R | undefined>
  /** `false` where somebody else has written since `previous` was read; nothing is changed then. */
  write(next: R, previous: R | undefined): Promise<boolean>
}

/** One record beside the views, under its own id. */
export function sharedRecord<R extends { readonly version: number }>(
  { dynamoDb, view }: ViewPort,
  id: string,
): SharedRecord<R> {
  const Key = { view: 'rate', id }
  return {
    async read() {
      return (await documentClient(dynamoDb).send(new GetCommand({ TableName: view, Key, ConsistentRead: true })))
        .Item as R | undefined
    },
    async write(next, previous) {
      try {
        await documentClient(dynamoDb).send(
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
