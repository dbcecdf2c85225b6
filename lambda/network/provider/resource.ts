import type { DirectoryServiceClient } from '@aws-sdk/client-directory-service'
import type { EC2Client } from '@aws-sdk/client-ec2'
import type { WorkSpacesClient } from '@aws-sdk/client-workspaces'
import type { z } from 'zod'
import type { Clock } from '#domain/kernel/clock.ts'

/** The AWS services that the network plane's custom resources call. */
export interface NetworkClients {
  readonly ec2: EC2Client
  readonly workspaces: WorkSpacesClient
  readonly directoryService: DirectoryServiceClient
}

/** What a resource is given besides its properties. */
export interface ResourceContext {
  readonly clients: NetworkClients
  readonly clock: Clock
  /** Instant (milliseconds since 1970) after which nothing more is waited for, so that there is time left to answer. */
  readonly deadline: number
  /** `<stack name>/<logical id>`: written on what cannot be told apart otherwise, so that only its maker undoes it. */
  readonly owner: string
}

/**
 * One kind of custom resource. Both operations may run twice, stop anywhere and run late; the next run converges
 * (C-10). Creating and updating are the same act: bring what is there to what is wanted.
 */
export interface ResourceType<Properties, Identity> {
  /** What a create or update must carry. CloudFormation hands every scalar over as text. */
  readonly properties: z.ZodType<Properties>
  /** The part that a delete needs; it accepts what earlier versions of the properties carried. */
  readonly identity: z.ZodType<Identity>
  /** Stable for the same thing; another value makes CloudFormation delete the former thing. */
  physicalId(identity: Identity): string
  /** Brings it into being or up to date, waits until it can be used, gives the attributes. */
  converge(properties: Properties, context: ResourceContext): Promise<Record<string, string>>
  /** Undoes it, waits until it is undone; nothing there is success. */
  remove(identity: Identity, context: ResourceContext): Promise<void>
}

/** A failure whose message is meant for the person who deploys: what, where, why, what to do. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
}
