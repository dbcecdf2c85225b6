import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb'
import { documentClient } from './ledger.ts'

export interface ViewPort {
  readonly dynamoDb: DynamoDBClient
  readonly view: string
}

/** The state of one aggregate as of its event number `version`; rebuilt from the ledger at any time. */
export interface ViewItem<State = unknown> {
  readonly view: 'project' | 'application' | 'person'
  readonly id: string
  readonly version: number
  readonly state: State
}

/** Stores a state unless a later one is there already, so that a late or repeated delivery changes nothing (C-10). */
export async function putView({ dynamoDb, view }: ViewPort, item: ViewItem): Promise<void> {
  try {
    await documentClient(dynamoDb).send(
      new PutCommand({
        TableName: view,
        Item: item,
        ConditionExpression: 'attribute_not_exists(#id) OR #version < :version',
        ExpressionAttributeNames: { '#id': 'id', '#version': 'version' },
        ExpressionAttributeValues: { ':version': item.version },
      }),
    )
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error
  }
}

export async function getView<State>(
  { dynamoDb, view }: ViewPort,
  name: ViewItem['view'],
  id: string,
): Promise<ViewItem<State> | undefined> {
  return (await documentClient(dynamoDb).send(new GetCommand({ TableName: view, Key: { view: name, id } }))).Item as
    | ViewItem<State>
    | undefined
}

/** One page in the order of ids, beginning after `after`. */
export async function pageOfView<State>(
  { dynamoDb, view }: ViewPort,
  name: ViewItem['view'],
  after?: string,
  limit = 100,
): Promise<{ readonly items: readonly ViewItem<State>[]; readonly next?: string }> {
  const { Items, LastEvaluatedKey } = await documentClient(dynamoDb).send(
    new QueryCommand({
      TableName: view,
      KeyConditionExpression: '#view = :view',
      ExpressionAttributeNames: { '#view': 'view' },
      ExpressionAttributeValues: { ':view': name },
      ExclusiveStartKey: after === undefined ? undefined : { view: name, id: after },
      Limit: limit,
    }),
  )
  return { items: (Items ?? []) as ViewItem<State>[], next: LastEvaluatedKey?.['id'] as string | undefined }
}

/** Every item, page by page. */
export async function* allOfView<State>(port: ViewPort, name: ViewItem['view']): AsyncGenerator<ViewItem<State>> {
  let after: string | undefined
  do {
    const page = await pageOfView<State>(port, name, after)
    yield* page.items
    after = page.next
  } while (after !== undefined)
}

/** What was last seen of a person: the organisation their token named when they last did something that the ledger records. */
export interface PersonSeen {
  readonly organisation: string
}

/**
 * The organisations these people were last seen with; whoever did nothing yet is absent. A reviewer who has moved is
 * found out (C-4, REV-2).
 */
export async function organisationsOf(
  port: ViewPort,
  persons: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const found = await Promise.all(
    [...new Set(persons)].map(
      async (id) => [id, (await getView<PersonSeen>(port, 'person', id))?.state.organisation] as const,
    ),
  )
  return new Map(
    found.flatMap(([id, organisation]) => (organisation === undefined ? [] : [[id, organisation] as const])),
  )
}
