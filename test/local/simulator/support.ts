import { DirectoryServiceClient } from '@aws-sdk/client-directory-service'
import { EC2Client } from '@aws-sdk/client-ec2'
import { EFSClient } from '@aws-sdk/client-efs'
import { KMSClient } from '@aws-sdk/client-kms'
import { NetworkFirewallClient } from '@aws-sdk/client-network-firewall'
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas'
import { CreateWorkspacesCommand, WorkSpacesClient } from '@aws-sdk/client-workspaces'
import { DirectoryServiceDataClient } from '#lambda/kernel/directory-service-data.ts'
import type { Seed } from '#local/simulator/seed.ts'
import { Simulator, type SimulatorOptions } from '#local/simulator/simulator.ts'

export const minute = 60_000
export const directoryId = 'd-9567000001'
export const subnets = ['subnet-00000000000000001', 'subnet-00000000000000002'] as const

/**
 * One cell as the platform's stacks leave it: network, directory (registered, data access on), one prefix list, one
 * bundle.
 */
export const cell: Seed = {
  vpcId: 'vpc-00000000000000001',
  subnets: [
    { id: subnets[0], cidr: '172.24.0.0/24', azId: 'apne1-az1' },
    { id: subnets[1], cidr: '172.24.1.0/24', azId: 'apne1-az4' },
  ],
  prefixLists: [{ id: 'pl-00000000000000001', name: 'NDB', cidrs: ['172.20.0.0/28'] }],
  directoryId,
  directory: { dataAccess: true, registered: true },
  bundles: [{ id: 'wsb-renkeilinux1' }],
}

/** Real SDK clients on one simulator, in process. */
export function clientsOf(simulator: Simulator) {
  const options = simulator.clientOptions()
  return {
    ec2: new EC2Client(options),
    workspaces: new WorkSpacesClient(options),
    directory: new DirectoryServiceClient(options),
    data: new DirectoryServiceDataClient(options),
    efs: new EFSClient(options),
    kms: new KMSClient(options),
    firewall: new NetworkFirewallClient(options),
    quotas: new ServiceQuotasClient(options),
  }
}

export function simulated(options: SimulatorOptions = {}, seed: Seed = cell) {
  const simulator = new Simulator(options).seed(seed)
  return { simulator, ...clientsOf(simulator) }
}

export type Simulated = ReturnType<typeof simulated>

/** A user of the directory, ready to log on. */
export async function createUser({ data }: Pick<Simulated, 'data'>, name: string): Promise<void> {
  await data.createUser({ DirectoryId: directoryId, SAMAccountName: name })
}

export const desktopRequest = (UserName: string) => ({
  DirectoryId: directoryId,
  UserName,
  BundleId: 'wsb-renkeilinux1',
  WorkspaceProperties: { RunningMode: 'AUTO_STOP' as const },
})

/** A desktop of a new user, asked for; PENDING until time passes. */
export async function createDesktop(on: Simulated, name: string): Promise<string> {
  await createUser(on, name)
  const { PendingRequests } = await on.workspaces.send(
    new CreateWorkspacesCommand({ Workspaces: [desktopRequest(name)] }),
  )
  return PendingRequests![0]!.WorkspaceId!
}
