import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { GetParametersByPathCommand, SSMClient } from '@aws-sdk/client-ssm'
import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb'
import { APPROVALS_NEEDED } from '#domain/project/approvals.ts'
import type { Project } from '#domain/project/state.ts'
import { parameterNames, parameterPath } from '#domain/kernel/parameter-names.ts'
import { Obstacle } from '#domain/kernel/obstacle.ts'

/** What the platform published of itself: the SSM parameters of one environment, by name without the common path. */
export async function publishedParameters(environment: string): Promise<ReadonlyMap<string, string>> {
  const ssm = new SSMClient({})
  const path = parameterPath(environment, '')
  const values = new Map<string, string>()
  let NextToken: string | undefined
  do {
    const page = await ssm.send(
      new GetParametersByPathCommand({ Path: path.replace(/\/$/, ''), Recursive: true, NextToken }),
    )
    for (const { Name, Value } of page.Parameters ?? []) values.set(Name!.slice(path.length), Value!)
    NextToken = page.NextToken
  } while (NextToken)
  return values
}

/**
 * The removal that waits for approvals, where one does: one that has them, or whose project is closed, waits no more.
 */
export function waitingRemoval({ status, heldRemoval, approvals }: Project): string | undefined {
  return status !== 'closed' && heldRemoval !== undefined && (approvals[heldRemoval] ?? []).length < APPROVALS_NEEDED
    ? heldRemoval
    : undefined
}

/** A look-up of what the platform published; refuses where the environment is not deployed. */
export async function published(environment: string): Promise<(name: string) => string> {
  const values = await publishedParameters(environment)
  return (name) => {
    const value = values.get(name)
    if (value === undefined)
      throw new Obstacle({
        code: 'cli.not-deployed',
        what: `environment ${environment} is not deployed here`,
        why: `no parameter ${parameterPath(environment, name)}`,
        next: `deploy it (cdk deploy -c env=${environment} 'Renkei-${environment}/*'), or name another with --env`,
      })
    return value
  }
}

/** Every project, as the view table shows it; the ledger is what decides. */
export async function projects(environment: string): Promise<Project[]> {
  const table = (await published(environment))(parameterNames.viewTableName())
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({}))
  const found: Project[] = []
  let ExclusiveStartKey: Record<string, unknown> | undefined
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: '#view = :view',
        ExpressionAttributeNames: { '#view': 'view' },
        ExpressionAttributeValues: { ':view': 'project' },
        ExclusiveStartKey,
      }),
    )
    found.push(...(page.Items ?? []).map((item) => item['state'] as Project))
    ExclusiveStartKey = page.LastEvaluatedKey
  } while (ExclusiveStartKey)
  return found
}
