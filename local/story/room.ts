import { DescribeNetworkInterfacesCommand, DescribeSecurityGroupsCommand, EC2Client } from '@aws-sdk/client-ec2'
import { DescribeFileSystemsCommand, EFSClient } from '@aws-sdk/client-efs'
import { DescribeKeyCommand, KMSClient, ListKeysCommand, ListResourceTagsCommand } from '@aws-sdk/client-kms'
import { InvokeCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda'
import { DescribeWorkspacesCommand, WorkSpacesClient } from '@aws-sdk/client-workspaces'
import { moveClock } from '../launcher/clock.ts'
import type { Simulator } from '../simulator/simulator.ts'

export interface Desktop {
  readonly id: string
  readonly state: string
  readonly groups: readonly string[]
  readonly tags: Readonly<Record<string, string>>
}

/**
 * What exists in AWS for a project, as any observer would find it: by tags and names, not by the provisioner's records.
 */
export interface Things {
  readonly keys: readonly { readonly id: string; readonly state: string }[]
  readonly securityGroups: readonly { readonly id: string }[]
  readonly fileSystems: readonly { readonly id: string }[]
  readonly desktops: readonly Desktop[]
}

type TagList = readonly { readonly Key?: string; readonly Value?: string }[]
const tagsOf = (tags: TagList = []) => Object.fromEntries(tags.map(({ Key, Value }) => [Key ?? '', Value ?? '']))

/** The observer's view of the local AWS, and the few levers the story has: the clock and the schedule. */
export class Room {
  projectId = ''
  private readonly simulator: Simulator
  private readonly workspaces = new WorkSpacesClient({})
  private readonly ec2 = new EC2Client({})
  private readonly efs = new EFSClient({})
  private readonly kms = new KMSClient({})
  private readonly lambda = new LambdaClient({})

  constructor(simulator: Simulator) {
    this.simulator = simulator
  }

  /** Fails the running step. */
  expect(holds: boolean, expectation: string): void {
    if (!holds) throw new Error(`expected: ${expectation}`)
  }

  async things(): Promise<Things> {
    const filter = { Filters: [{ Name: 'tag:renkei:project', Values: [this.projectId] }] }
    const { SecurityGroups = [] } = await this.ec2.send(new DescribeSecurityGroupsCommand(filter))
    const { FileSystems = [] } = await this.efs.send(new DescribeFileSystemsCommand({}))
    return {
      keys: await this.keys(),
      securityGroups: SecurityGroups.map((group) => ({ id: group.GroupId! })),
      fileSystems: FileSystems.filter((system) => tagsOf(system.Tags)['renkei:project'] === this.projectId).map(
        (system) => ({ id: system.FileSystemId! }),
      ),
      desktops: await this.desktops(),
    }
  }

  /**
   * What is left that should not be: everything but keys that wait for their deletion. Looks into the simulator itself,
   * past any lag.
   */
  async orphans(): Promise<string[]> {
    const things = await this.things()
    const { users, interfaces, desktops } = this.simulator.snapshot()
    return [
      ...users.map(({ name }) => `directory user ${name}`),
      ...interfaces.filter(({ tags }) => tags['renkei:project'] === this.projectId).map(({ id }) => `interface ${id}`),
      ...desktops.filter(({ state }) => state !== 'TERMINATED').map(({ id, state }) => `desktop ${id} ${state}`),
      ...things.keys.filter((key) => key.state !== 'PendingDeletion').map((key) => `key ${key.id}`),
      ...things.securityGroups.map(({ id }) => `security group ${id}`),
      ...things.fileSystems.map(({ id }) => `file system ${id}`),
    ]
  }

  describe({ keys, securityGroups, fileSystems, desktops }: Things): string {
    const key = keys.map(({ state }) => `key ${state}`).join(', ') || 'no key'
    return `${key}; ${securityGroups.length} security groups; ${fileSystems.length} file systems; ${desktops.length} desktops`
  }

  /** Lets the functions believe that it is the morning after `date` (Japan). */
  async advanceToAfter(date: string): Promise<void> {
    moveClock(new Date(`${date}T00:30:00Z`).getTime() + 86_400_000 - Date.now())
  }

  /** Invokes the sweep with the very event its schedule sends. */
  async sweep(): Promise<void> {
    const { Functions = [] } = await this.lambda.send(new ListFunctionsCommand({}))
    const name = Functions.map((fn) => fn.FunctionName ?? '').find((candidate) => /sweep/i.test(candidate))
    if (!name) throw new Error('the sweep function is not deployed')
    const { FunctionError, Payload } = await this.lambda.send(
      new InvokeCommand({ FunctionName: name, Payload: JSON.stringify({ task: 'deadlines' }) }),
    )
    if (FunctionError)
      throw new Error(
        `the sweep failed: ${Buffer.from(Payload ?? [])
          .toString()
          .slice(0, 400)}`,
      )
  }

  private async keys(): Promise<{ id: string; state: string }[]> {
    const { Keys = [] } = await this.kms.send(new ListKeysCommand({ Limit: 1000 }))
    const found: { id: string; state: string }[] = []
    for (const { KeyId } of Keys) {
      const { Tags = [] } = await this.kms.send(new ListResourceTagsCommand({ KeyId }))
      if (!Tags.some((tag) => tag.TagKey === 'renkei:project' && tag.TagValue === this.projectId)) continue
      const { KeyMetadata } = await this.kms.send(new DescribeKeyCommand({ KeyId }))
      found.push({ id: KeyId!, state: KeyMetadata?.KeyState ?? 'unknown' })
    }
    return found
  }

  private async desktops(): Promise<Desktop[]> {
    const { Workspaces = [] } = await this.workspaces.send(new DescribeWorkspacesCommand({}))
    const { NetworkInterfaces = [] } = await this.ec2.send(new DescribeNetworkInterfacesCommand({}))
    return Workspaces.filter((workspace) => workspace.State !== 'TERMINATED').map((workspace) => {
      const face = NetworkInterfaces.find((candidate) => candidate.PrivateIpAddress === workspace.IpAddress)
      return {
        id: workspace.WorkspaceId!,
        state: workspace.State ?? 'unknown',
        groups: (face?.Groups ?? []).map((group) => group.GroupId!),
        tags: tagsOf(face?.TagSet),
      }
    })
  }
}
