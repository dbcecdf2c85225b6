import type { DirectoryServiceClient } from '@aws-sdk/client-directory-service'
import type { EC2Client } from '@aws-sdk/client-ec2'
import type { EFSClient } from '@aws-sdk/client-efs'
import type { KMSClient } from '@aws-sdk/client-kms'
import type { NetworkFirewallClient } from '@aws-sdk/client-network-firewall'
import type { WorkSpacesClient } from '@aws-sdk/client-workspaces'
import type { DirectoryServiceDataClient } from '#lambda/kernel/directory-service-data.ts'

/**
 * What has to exist at the endpoint before the suite runs: a directory that is registered and opened to data access, in
 * a VPC.
 */
export interface Fixture {
  readonly vpcId: string
  /** two subnets of the VPC in the two zones of the directory */
  readonly subnetIds: readonly [string, string]
  readonly directoryId: string
  readonly bundleId: string
  readonly prefixListId: string
  /** without one, the checks of flow operations are not run */
  readonly firewallArn?: string
}

export interface Clients {
  readonly ec2: EC2Client
  readonly workspaces: WorkSpacesClient
  readonly directory: DirectoryServiceClient
  readonly data: DirectoryServiceDataClient
  readonly efs: EFSClient
  readonly kms: KMSClient
  readonly firewall: NetworkFirewallClient
}

export interface Context extends Clients {
  readonly fixture: Fixture
  /** a name nobody else uses: the suite leaves nothing behind, and touches nothing it did not make */
  unique(prefix: string): string
  /** lets time pass: virtual milliseconds at a simulator, real ones at AWS */
  pass(ms: number): Promise<void>
  /** run after the check, in reverse order, whatever happened */
  cleanUp(action: () => Promise<unknown>): void
}

export type ServiceName = 'ec2' | 'workspaces' | 'directory' | 'efs' | 'kms' | 'firewall'

/** One documented behaviour. `run` throws where the endpoint behaves otherwise. */
export interface Check {
  readonly service: ServiceName
  readonly name: string
  /** the page that documents it */
  readonly source: string
  run(context: Context): Promise<void>
}

/** Asks until `ask` answers something else than undefined; gives up after `limit` ms of the endpoint's time. */
export async function until<T>(
  { pass }: Context,
  what: string,
  limit: number,
  ask: () => Promise<T | undefined>,
): Promise<T> {
  const step = Math.max(1_000, limit / 60)
  for (let waited = 0; waited <= limit; waited += step) {
    const answer = await ask()
    if (answer !== undefined) return answer
    await pass(step)
  }
  throw new Error(`${what}: not within ${Math.round(limit / 1000)} s`)
}

/** The call has to fail with one of these codes. */
export async function refused(call: Promise<unknown>, ...codes: string[]): Promise<void> {
  const outcome = await call.then(
    () => 'it succeeded',
    (error: unknown) => (error instanceof Error ? error.name : String(error)),
  )
  if (!codes.includes(outcome)) throw new Error(`expected ${codes.join(' or ')}, but ${outcome}`)
}

export function expect(condition: boolean, otherwise: string): asserts condition {
  if (!condition) throw new Error(otherwise)
}
