import type { DirectoryServiceClient } from '@aws-sdk/client-directory-service'
import type { EC2Client } from '@aws-sdk/client-ec2'
import type { EFSClient } from '@aws-sdk/client-efs'
import type { KMSClient } from '@aws-sdk/client-kms'
import type { WorkSpacesClient } from '@aws-sdk/client-workspaces'
import type { Tokens } from './api-tokens.ts'
import {
  directoryService,
  directoryServiceData,
  ec2,
  efs,
  kms,
  workSpaces,
  type ClientOptions,
} from '#lambda/kernel/clients.ts'
import type { DirectoryServiceDataClient } from '#lambda/kernel/directory-service-data.ts'

/** The services in which a project's things are. */
export interface Aws {
  readonly ec2: EC2Client
  readonly efs: EFSClient
  readonly kms: KMSClient
  readonly workSpaces: WorkSpacesClient
  readonly directoryService: DirectoryServiceClient
  readonly directoryServiceData: DirectoryServiceDataClient
  /** one is taken before every WorkSpaces call */
  readonly tokens: Tokens
}

/**
 * Each call is tried once: the pass is the retry. A retry inside the SDK could make two of what has no idempotency
 * key (CreateKey, CreateWorkspaces) after a lost answer, where the next pass would have looked first (C-10).
 */
export function provisioningClients(tokens: Tokens, options: ClientOptions = ONCE): Aws {
  return {
    ec2: ec2(options),
    efs: efs(options),
    kms: kms(options),
    workSpaces: workSpaces(options),
    directoryService: directoryService(options),
    directoryServiceData: directoryServiceData(options),
    tokens,
  }
}
const ONCE: ClientOptions = { maxAttempts: 1 }

/** The names of errors say what happened; the classes would load every model. */
export const errorName = (error: unknown) => (error instanceof Error ? error.name : 'unknown')
export const isNamed = (error: unknown, ...names: readonly string[]) => names.includes(errorName(error))

/** Every item of every page. */
export async function everyPage<Item>(
  read: (token: string | undefined) => Promise<readonly [readonly Item[] | undefined, string | undefined]>,
): Promise<Item[]> {
  const items: Item[] = []
  let token: string | undefined
  do {
    const [page, next] = await read(token)
    items.push(...(page ?? []))
    token = next === '' ? undefined : next
  } while (token !== undefined)
  return items
}
