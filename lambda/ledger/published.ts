import { GetParametersByPathCommand, type SSMClient } from '@aws-sdk/client-ssm'
import type { PublishedDatabase } from '#domain/application/context.ts'
import type { CellCapacity } from '#domain/project/cells.ts'

/** Published values change only with a deployment; a function that has run for longer than this reads them again. */
const FRESH_MS = 60_000
const known = new Map<string, { readonly at: number; readonly values: Promise<readonly unknown[]> }>()

/**
 * The databases that are connected, as their own stacks publish them under `/renkei/<env>/database/` (ARC-2): kind,
 * route and accreditation (PDB-1), by which an application is judged.
 */
export const publishedDatabases = (ssm: SSMClient, environment: string) =>
  readAll(ssm, `/renkei/${environment}/database`) as Promise<readonly PublishedDatabase[]>
/** The cells there are, as their own stacks publish them under `/renkei/<env>/cell/`. */
export const publishedCells = (ssm: SSMClient, environment: string) =>
  readAll(ssm, `/renkei/${environment}/cell`) as Promise<readonly CellCapacity[]>

function readAll(ssm: SSMClient, path: string): Promise<readonly unknown[]> {
  const last = known.get(path)
  if (last !== undefined && Date.now() - last.at < FRESH_MS) return last.values
  const values = readPages(ssm, path)
  known.set(path, { at: Date.now(), values })
  // A failed read must not be remembered.
  values.catch(() => known.delete(path))
  return values
}

async function readPages(ssm: SSMClient, path: string): Promise<readonly unknown[]> {
  const values: unknown[] = []
  let NextToken: string | undefined
  do {
    const page = await ssm.send(new GetParametersByPathCommand({ Path: path, Recursive: true, NextToken }))
    values.push(...(page.Parameters ?? []).map(({ Value }) => JSON.parse(Value ?? 'null') as unknown))
    NextToken = page.NextToken
  } while (NextToken !== undefined)
  return values
}
