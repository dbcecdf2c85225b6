import { paginateGetParametersByPath, type SSMClient } from '@aws-sdk/client-ssm'

/** What is published changes only with a deployment; a function that has run for longer than this reads it again. */
const FRESH_MS = 60_000
const known = new Map<string, { readonly at: number; readonly values: Promise<readonly unknown[]> }>()

/**
 * The JSON values that stacks publish under `/renkei/<env>/<kind>/`: the databases that are connected, each with kind,
 * route and accreditation (ARC-2, PDB-1), and the cells there are.
 */
export function published(ssm: SSMClient, environment: string, kind: string): Promise<readonly unknown[]> {
  const path = `/renkei/${environment}/${kind}`
  const last = known.get(path)
  if (last !== undefined && Date.now() - last.at < FRESH_MS) return last.values
  const values = readAll(ssm, path)
  known.set(path, { at: Date.now(), values })
  // A failed read must not be remembered.
  values.catch(() => known.delete(path))
  return values
}

async function readAll(client: SSMClient, Path: string): Promise<readonly unknown[]> {
  const values: unknown[] = []
  for await (const { Parameters } of paginateGetParametersByPath({ client }, { Path, Recursive: true }))
    values.push(...(Parameters ?? []).map(({ Value }) => JSON.parse(Value ?? 'null') as unknown))
  return values
}
