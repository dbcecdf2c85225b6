import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { GetParametersByPathCommand, SSMClient } from '@aws-sdk/client-ssm'
import { DynamoDBDocumentClient, paginateQuery } from '@aws-sdk/lib-dynamodb'
import { APPROVALS_NEEDED } from '#domain/project/approvals.ts'
import { replayRecords } from '#domain/ledger/earlier-records.ts'
import { projectAggregate } from '#domain/project/aggregate.ts'
import type { Project } from '#domain/project/state.ts'
import { parameterNames, parameterPath } from '#domain/kernel/parameter-names.ts'
import { readStream } from './stream.ts'
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
export function waitingRemoval({
  status,
  heldRemoval,
  approvals,
}: Pick<Project, 'status' | 'heldRemoval' | 'approvals'>): string | undefined {
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

/** What a list shows of a project: bounded, whatever its history (`projectAggregate.view`). */
export type ProjectRow = Omit<Project, 'named' | 'seen' | 'destroyed' | 'askers'>

/** Every project, as the view table lists it; the ledger is what decides. */
export async function projects(environment: string): Promise<ProjectRow[]> {
  const table = (await published(environment))(parameterNames.viewTableName())
  return (await partition(table, projectAggregate.name)).map((item) => item['state'] as ProjectRow)
}

/** Every project that is not closed, whole, as its own stream tells it. */
export async function openProjects(environment: string): Promise<Project[]> {
  const value = await published(environment)
  const rows = await partition(value(parameterNames.viewTableName()), `${projectAggregate.name}/open`)
  const open = rows.filter((item) => item['expires'] === undefined).map((item) => String(item['id']))
  return Promise.all(open.map((id) => wholeProject(value(parameterNames.ledgerTableName()), id)))
}

/** One project as its stream tells it; `absent` where there is none. */
export const wholeProject = async (table: string, id: string): Promise<Project> =>
  replayRecords(projectAggregate.decider, await readStream(table, `${projectAggregate.name}/${id}`))

async function partition(TableName: string, view: string): Promise<Record<string, unknown>[]> {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({}))
  const query = {
    TableName,
    KeyConditionExpression: '#view = :view',
    ExpressionAttributeNames: { '#view': 'view' },
    ExpressionAttributeValues: { ':view': view },
  }
  const found: Record<string, unknown>[] = []
  for await (const { Items = [] } of paginateQuery({ client }, query)) found.push(...Items)
  return found
}
