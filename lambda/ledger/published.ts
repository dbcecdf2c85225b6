import type { SSMClient } from '@aws-sdk/client-ssm'
import { parameterPath } from '#domain/kernel/parameter-names.ts'
import { parametersBelow } from '#lambda/kernel/published-parameters.ts'

/**
 * The JSON values that stacks publish under `/renkei/<env>/<kind>/`: the databases that are connected, each with kind,
 * route and accreditation (ARC-2, PDB-1), and the cells there are.
 */
export async function published(ssm: SSMClient, environment: string, kind: string): Promise<readonly unknown[]> {
  const values = await parametersBelow(ssm, parameterPath(environment, kind))
  return values.map((value) => JSON.parse(value) as unknown)
}
