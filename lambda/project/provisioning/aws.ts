import type { DirectoryServiceClient } from '@aws-sdk/client-directory-service'
import type { EC2Client } from '@aws-sdk/client-ec2'
import type { EFSClient } from '@aws-sdk/client-efs'
import type { KMSClient } from '@aws-sdk/client-kms'
import type { WorkSpacesClient } from '@aws-sdk/client-workspaces'
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
import type { Tokens } from './api-tokens.ts'

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

/** Every item of a paginator's pages. */
export async function everyItem<Page, Item>(
  pages: AsyncIterable<Page>,
  itemsOf: (page: Page) => readonly Item[] | undefined,
): Promise<Item[]> {
  const items: Item[] = []
  for await (const page of pages) items.push(...(itemsOf(page) ?? []))
  return items
}

/** The pages of a paginator, each asked for only once a token is had. */
export async function* paced<Page extends { readonly NextToken?: string }>(
  tokens: Tokens,
  pages: AsyncGenerator<Page, undefined>,
): AsyncGenerator<Page, undefined> {
  for (;;) {
    await tokens.take()
    const { value: page } = await pages.next()
    if (page === undefined) return
    yield page
    // Asked once more, the paginator would only say that it has ended, and a token would be spent on that.
    if (page.NextToken === undefined || page.NextToken === '') return
  }
}
