import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { DeleteCommand, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb'
import type { Note } from '#domain/project/provisioning/observed.ts'
import { documentClient } from '#lambda/ledger/document-client.ts'
import type { ViewPort } from '#lambda/ledger/view.ts'

/**
 * What the provisioner writes down between passes. Only one pass of a project runs at a time, so nothing here is
 * contended.
 */
export interface Memory {
  read(projectId: string): Promise<Readonly<Record<string, Note>>>
  write(projectId: string, name: string, note: Note): Promise<void>
  forget(projectId: string, name: string): Promise<void>
}

/**
 * The mark that a suspension leaves for the other lane (VIS-7): its sequence in the ledger. A pass that began on an
 * older ledger stops before its next action, so that it cannot undo what the suspend lane does.
 */
export interface SuspensionMark {
  /** of an older suspension than the one that left the latest mark it changes nothing */
  leave(projectId: string, sequence: number): Promise<void>
  /** 0 where the project was never suspended */
  latest(projectId: string): Promise<number>
}

const viewOf = (projectId: string) => `provisioning/${projectId}`
const MARK = 'suspension-mark'

/** Beside the views; read consistently, for a note that is not seen is a thing made twice. */
export function tableMemory({ dynamoDb, view }: ViewPort): Memory {
  const documents = documentClient(dynamoDb)
  return {
    async read(projectId) {
      const notes: Record<string, Note> = {}
      let from: Record<string, unknown> | undefined
      do {
        const page = await documents.send(
          new QueryCommand({
            TableName: view,
            ConsistentRead: true,
            KeyConditionExpression: '#view = :view',
            ExpressionAttributeNames: { '#view': 'view' },
            ExpressionAttributeValues: { ':view': viewOf(projectId) },
            ExclusiveStartKey: from,
          }),
        )
        for (const { id, note } of (page.Items ?? []) as { id: string; note: Note }[]) notes[id] = note
        from = page.LastEvaluatedKey
      } while (from !== undefined)
      return notes
    },
    async write(projectId, name, note) {
      await documents.send(new PutCommand({ TableName: view, Item: { view: viewOf(projectId), id: name, note } }))
    },
    async forget(projectId, name) {
      await documents.send(new DeleteCommand({ TableName: view, Key: { view: viewOf(projectId), id: name } }))
    },
  }
}

export function tableSuspensionMark({ dynamoDb, view }: ViewPort): SuspensionMark {
  const documents = documentClient(dynamoDb)
  const key = (projectId: string) => ({ view: MARK, id: projectId })
  return {
    // Never lowered: an old suspension that is delivered again from the dead letters must not open the way for a pass
    // that a newer one stopped.
    async leave(projectId, sequence) {
      try {
        await documents.send(
          new PutCommand({
            TableName: view,
            Item: { ...key(projectId), sequence },
            ConditionExpression: 'attribute_not_exists(#sequence) OR #sequence < :sequence',
            ExpressionAttributeNames: { '#sequence': 'sequence' },
            ExpressionAttributeValues: { ':sequence': sequence },
          }),
        )
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error
      }
    },
    async latest(projectId) {
      const { Item } = await documents.send(
        new GetCommand({ TableName: view, Key: key(projectId), ConsistentRead: true }),
      )
      return (Item?.['sequence'] as number | undefined) ?? 0
    },
  }
}
