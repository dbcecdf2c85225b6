import type { Stack } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { PublishedDatabase } from '#domain/application/context.ts'
import type { CellCapacity } from '#domain/project/cell.ts'
import type { Cell, Database } from '../kernel/config/schema.ts'
import { parameterPath } from '../kernel/parameters.ts'

/**
 * What deciding must know of a database, as JSON. The stack `link-<DB>` publishes it under
 * `parameterNames.publishedDatabase`, and functions read it at run time (`lambda/ledger/published.ts`).
 */
export function publishedDatabase({
  id,
  kind,
  dataKind,
  linkRoute,
  provisionRoute,
  exception,
  accreditation,
}: Database): string {
  const published: PublishedDatabase = {
    id,
    kind,
    dataKind,
    linkRoute,
    provisionRoute,
    ...(exception && { exception: { id: exception.id, expires: exception.expires } }),
    ...(accreditation && { accreditation: { status: accreditation.status, validTo: accreditation.validTo } }),
  }
  return JSON.stringify(published)
}

/** What granting must know of a cell, as JSON: `visiting-<cell>` publishes it under `parameterNames.publishedCell`. */
export function publishedCell({ id, projects }: Cell): string {
  const published: CellCapacity = { id, projects }
  return JSON.stringify(published)
}

/** May read what the stacks of all databases and cells publish for deciding, and no other parameter. */
export function readPublished(stack: Stack, environment: string): PolicyStatement {
  return new PolicyStatement({
    sid: 'ReadFacts',
    actions: ['ssm:GetParametersByPath'],
    resources: ['database', 'cell'].map(
      (part) =>
        `arn:${stack.partition}:ssm:${stack.region}:${stack.account}:parameter${parameterPath(environment, part)}`,
    ),
  })
}
