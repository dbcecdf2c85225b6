import type { Stack } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { DatabaseFacts } from '#domain/application/context.ts'
import type { CellRoom } from '#domain/project/cells.ts'
import type { Cell, Database } from '../kernel/config/schema.ts'
import { parameterPath } from '../kernel/parameters.ts'

/** What deciding must know of a database: `link-<DB>` publishes it as `parameterNames.databaseFacts`, and functions read it at run time. */
export function databaseFacts({
  id,
  kind,
  dataKind,
  linkRoute,
  provisionRoute,
  exception,
  accreditation,
}: Database): string {
  const facts: DatabaseFacts = {
    id,
    kind,
    dataKind,
    linkRoute,
    provisionRoute,
    ...(exception && { exception: { id: exception.id, expires: exception.expires } }),
    ...(accreditation && { accreditation: { status: accreditation.status, validTo: accreditation.validTo } }),
  }
  return JSON.stringify(facts)
}

/** What granting must know of a cell: `visiting-<cell>` publishes it as `parameterNames.cellFacts`. */
export function cellFacts({ id, projects }: Cell): string {
  const facts: CellRoom = { id, projects }
  return JSON.stringify(facts)
}

/** May list the facts of all databases and cells, and no other parameter. */
export function readFacts(stack: Stack, environment: string): PolicyStatement {
  return new PolicyStatement({
    sid: 'ReadFacts',
    actions: ['ssm:GetParametersByPath'],
    resources: ['database', 'cell'].map(
      (part) =>
        `arn:${stack.partition}:ssm:${stack.region}:${stack.account}:parameter${parameterPath(environment, part)}`,
    ),
  })
}
