import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { GetParametersByPathCommand, SSMClient } from '@aws-sdk/client-ssm'
import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb'
import type { Project } from '../domain/project/state.ts'
import { parameterNames, parameterPath } from '../lib/parameters.ts'
import { Mistake } from './output.ts'

/** What the platform published of itself: the SSM parameters of one environment, by name without the common path. */
export async function publishedParameters(environment: string): Promise<ReadonlyMap<string, string>> {
  const ssm = new SSMClient({})
  const path = parameterPath(environment, '')
  const values = new Map<string, string>()
  let NextToken: string | undefined
  do {
    const page = await ssm.send(new GetParametersByPathCommand({ Path: path.replace(/\/$/, ''), Recursive: true, NextToken }))
    for (const { Name, Value } of page.Parameters ?? []) values.set(Name!.slice(path.length), Value!)
    NextToken = page.NextToken
  } while (NextToken)
  return values
}

/** Every project, as the view table shows it; the ledger is what decides. */
export async function projects(environment: string): Promise<Project[]> {
  const table = (await publishedParameters(environment)).get(parameterNames.viewTableName())
  if (!table) throw new Mistake(`environment ${environment} is not deployed here`, `no parameter ${parameterPath(environment, parameterNames.viewTableName())}`, `deploy it (cdk deploy -c env=${environment} 'Renkei-${environment}/*'), or name another with --env`)
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({}))
  const found: Project[] = []
  let ExclusiveStartKey: Record<string, unknown> | undefined
  do {
    const page = await client.send(new QueryCommand({ TableName: table, KeyConditionExpression: '#view = :view', ExpressionAttributeNames: { '#view': 'view' }, ExpressionAttributeValues: { ':view': 'project' }, ExclusiveStartKey }))
    found.push(...(page.Items ?? []).map((item) => item['state'] as Project))
    ExclusiveStartKey = page.LastEvaluatedKey
  } while (ExclusiveStartKey)
  return found
}
