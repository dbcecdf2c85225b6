import { expect } from '@jest/globals'
import type { APIGatewayProxyEvent, DynamoDBRecord } from 'aws-lambda'
import { paginateQuery, type AttributeValue } from '@aws-sdk/client-dynamodb'
import assert from 'node:assert/strict'
import type { Actor } from '#domain/kernel/decider.ts'
import { replay } from '#domain/kernel/decider.ts'
import type { AnyAggregate } from '#domain/ledger/aggregate.ts'
import type { ProjectEvent } from '#domain/project/events.ts'
import { projectAggregate } from '#domain/project/aggregate.ts'
import type { Project } from '#domain/project/state.ts'
import { aggregates } from '#domain/registry.ts'
import { dynamoDb } from '#lambda/kernel/clients.ts'
import { handleCommandRequest } from '#lambda/ledger/command/handle.ts'
import type { Control } from '#lambda/ledger/control.ts'
import { append, headOf, readStream } from '#lambda/ledger/ledger.ts'
import { followLedger } from '#lambda/ledger/projection/handle.ts'
import { handleQuery } from '#lambda/ledger/query/handle.ts'
import { ledgerPort } from '#lambda/ledger/sources.ts'
import { Authorizer } from '#lambda/people/authorize.ts'
import { allowed, policies, schema } from '../people/support.ts'

/** The API over some aggregates, with the real evaluator and these policies; an evaluation error is a denial. */
export const controlOf = (
  registry: readonly AnyAggregate[],
  rules: { readonly schema: string; readonly policies: string } = { schema, policies },
): Control => ({
  aggregates: registry,
  authorizer: new Authorizer(async (question) => {
    try {
      return allowed(question, rules.policies, rules.schema)
    } catch {
      return false
    }
  }),
})

/** The API as it is deployed. */
export const deployed = controlOf(aggregates)

/** Who sends a request: an actor as far as a token tells. */
export type Sender = Pick<Actor, 'id' | 'organisation' | 'roles' | 'databases'>

/** A request as API Gateway hands it on. */
function requestOf(
  { id, organisation, roles, databases }: Sender,
  rest: Partial<APIGatewayProxyEvent>,
): APIGatewayProxyEvent {
  const claims = {
    'custom:person': id,
    'custom:organisation': organisation,
    'cognito:groups': roles.join(','),
    ...(databases && { 'custom:database': databases.join(',') }),
    amr: 'pwd,otp',
  }
  return {
    headers: {},
    pathParameters: null,
    queryStringParameters: null,
    requestContext: { requestId: 'r-1', identity: { sourceIp: '127.0.0.1' }, authorizer: { claims } },
    ...rest,
  } as unknown as APIGatewayProxyEvent
}

/** `POST /v1/commands` of a person. */
export async function post(control: Control, sender: Sender, body: object) {
  const answer = await handleCommandRequest(control, requestOf(sender, { body: JSON.stringify(body) }))
  return { status: answer.statusCode, body: JSON.parse(answer.body) }
}

/** `GET` of a person. */
export async function get(
  control: Control,
  sender: Sender,
  resource: string,
  { path = null, after }: { readonly path?: Record<string, string> | null; readonly after?: string } = {},
) {
  const queryStringParameters = after === undefined ? null : { after }
  const event = requestOf(sender, { resource, pathParameters: path, queryStringParameters })
  const answer = await handleQuery(control, event)
  return { status: answer.statusCode, body: JSON.parse(answer.body) }
}

/** Every record of some streams, as the stream of the ledger's table delivers them. */
export async function deliveries(...streams: readonly string[]): Promise<DynamoDBRecord[]> {
  const records: DynamoDBRecord[] = []
  for (const stream of streams) {
    const query = {
      TableName: 'ledger',
      KeyConditionExpression: '#stream = :stream',
      ExpressionAttributeNames: { '#stream': 'stream' },
      ExpressionAttributeValues: { ':stream': { S: stream } },
    }
    for await (const { Items = [] } of paginateQuery({ client: dynamoDb() }, query))
      for (const item of Items as Record<string, AttributeValue>[]) {
        const { stream: of, sequence } = item
        const SequenceNumber = `${stream}#${sequence?.N}`
        const dynamodb = { SequenceNumber, Keys: { stream: of, sequence }, NewImage: item }
        records.push({ eventName: 'INSERT', dynamodb } as DynamoDBRecord)
      }
  }
  return records
}

/** What the projection answers to these records. */
export const followed = (registry: readonly AnyAggregate[], Records: DynamoDBRecord[]) =>
  followLedger(registry, { Records }, { awsRequestId: 'r-2' } as never)

/** Has the projection follow every record of some streams. */
export async function projected(registry: readonly AnyAggregate[], ...streams: readonly string[]): Promise<void> {
  expect(await followed(registry, await deliveries(...streams))).toEqual({ batchItemFailures: [] })
}

/** Writes events behind what a stream has. */
export async function record(stream: string, ...events: readonly unknown[]): Promise<void> {
  const port = ledgerPort()
  const head = headOf(await readStream(port, stream))
  const actor: Actor = { id: 'system/test', organisation: 'renkei', roles: ['system'], factors: [] }
  assert.ok((await append(port, { at: '2026-11-22T00:00:00.000Z', actor, streams: [{ stream, head, events }] })).ok)
}

/** The types of a stream's events, in their order. */
export const typesIn = async (stream: string) =>
  (await readStream(ledgerPort(), stream)).map(({ event }) => (event as { type: string }).type)

/** A project with two handlers, in use. */
export const opened = (id: string, over: Partial<Extract<ProjectEvent, { type: 'ProjectOpened' }>> = {}) =>
  ({
    type: 'ProjectOpened',
    projectId: id,
    applicationId: id,
    databases: ['NDB'],
    handlers: ['p.tanaka', 'p.suzuki'].map((personId) => ({ personId, organisation: '東都医科大学' })),
    cell: 1,
    from: '2026-01-01',
    until: '2099-03-31',
    ...over,
  }) satisfies ProjectEvent

/** The state that events of a project give. */
export const projectOf = (...events: readonly ProjectEvent[]): Project => replay(projectAggregate.decider, events)
