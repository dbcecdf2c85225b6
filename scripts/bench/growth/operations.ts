import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context, DynamoDBRecord } from 'aws-lambda'
import type * as Cedar from '@cedar-policy/cedar-wasm/nodejs'
import { createRequire } from 'node:module'
import { opening } from '#domain/project/opening.ts'
import { aggregates } from '#domain/registry.ts'
import { dynamoDb } from '#lambda/kernel/clients.ts'
import { handleCommandRequest } from '#lambda/ledger/command/handle.ts'
import { followLedger } from '#lambda/ledger/projection/handle.ts'
import { handleQuery } from '#lambda/ledger/query/handle.ts'
import { AttemptReader } from '#lambda/ledger/reader.ts'
import { sources } from '#lambda/ledger/sources.ts'
import { sweep } from '#lambda/ledger/sweep/handle.ts'
import { Authorizer, type Evaluator } from '#lambda/people/authorize.ts'
import { sharedCallQueue, workSpacesTokens } from '#lambda/project/provisioning/api-tokens.ts'
import { compiledPolicies } from '#lib/kernel/cedar.ts'
import { CELLS, HANDLER, projectId, PROJECTS_OF_HANDLER } from './platform.ts'
import type { Tables } from './tables.ts'
import { VirtualTime } from './virtual-time.ts'

/** The policies that are deployed, asked as the functions ask them. */
function evaluator(): Evaluator {
  const cedar = createRequire(import.meta.url)('@cedar-policy/cedar-wasm/nodejs') as typeof Cedar
  const { schema, staticPolicies } = JSON.parse(compiledPolicies()) as {
    schema: Cedar.Schema
    staticPolicies: Cedar.PolicySet['staticPolicies']
  }
  for (const { type } of [cedar.preparseSchema('bench', schema), cedar.preparsePolicySet('bench', { staticPolicies })])
    if (type === 'failure') throw new Error('the Cedar policies cannot be read')
  return async (request) => {
    const answer = cedar.statefulIsAuthorized({
      ...request,
      preparsedSchemaName: 'bench',
      preparsedPolicySetId: 'bench',
      validateRequest: true,
    })
    return answer.type === 'success' && answer.response.decision === 'allow'
  }
}

const control = { aggregates, authorizer: new Authorizer(evaluator()) }

/** A request as API Gateway hands it on, from a person with this role. */
const request = (person: string, group: string, given: Partial<APIGatewayProxyEvent>) =>
  ({
    headers: {},
    ...given,
    requestContext: {
      requestId: 'bench',
      identity: { sourceIp: '192.0.2.1' },
      authorizer: {
        claims: { 'custom:person': person, 'custom:organisation': '東都医科大学', 'cognito:groups': group },
      },
    },
  }) as unknown as APIGatewayProxyEvent

/** @throws Error with what was answered where it is no success: a refusal costs less than what is measured */
function bodyOf({ statusCode, body }: APIGatewayProxyResult): Readonly<Record<string, readonly unknown[]>> {
  if (statusCode !== 200) throw new Error(`answered ${statusCode}: ${body}`)
  return JSON.parse(body)
}

/** The project of one round: each has its own, none of the handler's, who would no longer see it suspended. */
const projectOf = (round: number) => projectId(PROJECTS_OF_HANDLER + round)

/** Suspends the project of this round. */
export async function command(_tables: Tables, round: number): Promise<void> {
  const body = {
    stream: `project/${projectOf(round)}`,
    command: { type: 'SuspendProject', reason: 'odd sign-ins' },
    idempotencyKey: crypto.randomUUID(),
  }
  const event = request('o.mori', 'operator', { resource: '/commands', body: JSON.stringify(body) })
  if (bodyOf(await handleCommandRequest(control, event))['events']?.length !== 1) throw new Error('nothing happened')
}

/** Follows the record that the command of this round left. */
export async function projection(tables: Tables, round: number): Promise<void> {
  const Keys = { stream: { S: `project/${projectOf(round)}` }, sequence: { N: '2' } }
  const NewImage = tables.find('ledger', Keys)
  const record = { eventName: 'INSERT', dynamodb: { Keys, NewImage, SequenceNumber: '2' } } as DynamoDBRecord
  const context = { awsRequestId: 'bench' } as Context
  const { batchItemFailures } = await followLedger(aggregates, { Records: [record] }, context)
  if (batchItemFailures.length > 0) throw new Error('the record could not be followed')
}

const firstPage = (person: string, group: string) => async (): Promise<void> => {
  const answer = await handleQuery(control, request(person, group, { resource: '/projects' }))
  if (bodyOf(answer)['projects']!.length === 0) throw new Error('the list is empty')
}
export const operatorsPage = firstPage('o.mori', 'operator')
export const handlersPage = firstPage(HANDLER, 'handler')

/** Looks for deadlines that are due, and finds none. */
export const deadlines = (): Promise<void> => sweep(aggregates, { task: 'deadlines' }, 'bench')

/** What a grant reads to place its project: the cells as they stand. */
export async function allocation(_tables: Tables, round: number): Promise<void> {
  const published = async () => CELLS
  const reader = new AttemptReader({ ...sources(), published })
  const found = await opening.surroundings!(reader, { type: 'Grant' }, `N-${round}`)
  if (!('cell' in found)) throw new Error('no cell has room')
}

/** So many functions ask for one call each, after others have used the burst: each of them has to wait. */
export const tokens = (askers: number) => async (): Promise<void> => {
  const time = new VirtualTime()
  const queue = () => sharedCallQueue({ dynamoDb: dynamoDb(), view: 'view' })
  const asker = () => workSpacesTokens(queue(), 'reconcile', time)
  await time.pass(Promise.all(Array.from({ length: askers }, () => asker().take())))
}
