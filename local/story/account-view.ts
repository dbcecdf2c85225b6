import {
  EC2Client,
  paginateDescribeNetworkInterfaces,
  paginateDescribeSecurityGroups,
  type NetworkInterface,
} from '@aws-sdk/client-ec2'
import { EFSClient, paginateDescribeFileSystems } from '@aws-sdk/client-efs'
import { DescribeKeyCommand, KMSClient, paginateListKeys, paginateListResourceTags } from '@aws-sdk/client-kms'
import { paginateDescribeWorkspaces, WorkSpacesClient, type Workspace } from '@aws-sdk/client-workspaces'
import type { Simulator } from '../simulator/simulator.ts'

/** A desktop, with the tags and groups of its interface. */
export interface Desktop {
  readonly id: string
  readonly state: string
  readonly groups: readonly string[]
  readonly tags: Readonly<Record<string, string>>
}

/** What exists in AWS for a project, as any observer finds it: by tags and names, not by the provisioner's records. */
export interface ProjectResources {
  readonly keys: readonly { readonly id: string; readonly state: string }[]
  readonly securityGroups: readonly { readonly id: string }[]
  readonly fileSystems: readonly { readonly id: string }[]
  readonly desktops: readonly Desktop[]
}

type TagList = readonly { readonly Key?: string; readonly Value?: string }[]
const tagsOf = (tags: TagList = []) => Object.fromEntries(tags.map(({ Key, Value }) => [Key ?? '', Value ?? '']))

/** All items of a paginated answer. */
async function all<Page, Item>(pages: AsyncIterable<Page>, itemsOf: (page: Page) => Item[] | undefined) {
  const items: Item[] = []
  for await (const page of pages) items.push(...(itemsOf(page) ?? []))
  return items
}

/** Reads the local AWS as an observer of the account does. */
export class AccountView {
  private readonly simulator: Simulator
  private readonly workspaces = new WorkSpacesClient({})
  private readonly ec2 = new EC2Client({})
  private readonly efs = new EFSClient({})
  private readonly kms = new KMSClient({})

  constructor(simulator: Simulator) {
    this.simulator = simulator
  }

  /** What exists for a project now. */
  async resourcesOf(projectId: string): Promise<ProjectResources> {
    const filter = { Filters: [{ Name: 'tag:renkei:project', Values: [projectId] }] }
    const groups = await all(
      paginateDescribeSecurityGroups({ client: this.ec2 }, filter),
      ({ SecurityGroups }) => SecurityGroups,
    )
    const systems = await all(paginateDescribeFileSystems({ client: this.efs }, {}), ({ FileSystems }) => FileSystems)
    return {
      keys: await this.keysOf(projectId),
      securityGroups: groups.map((group) => ({ id: group.GroupId! })),
      fileSystems: systems
        .filter((system) => tagsOf(system.Tags)['renkei:project'] === projectId)
        .map((system) => ({ id: system.FileSystemId! })),
      desktops: await this.desktops(),
    }
  }

  /**
   * What is left that should not be: everything but keys that wait for their deletion. Looks into the simulator itself,
   * past any lag.
   */
  async orphansOf(projectId: string): Promise<string[]> {
    const { keys, securityGroups, fileSystems } = await this.resourcesOf(projectId)
    const { users, interfaces, desktops } = this.simulator.snapshot()
    return [
      ...users.map(({ name }) => `directory user ${name}`),
      ...interfaces.filter(({ tags }) => tags['renkei:project'] === projectId).map(({ id }) => `interface ${id}`),
      ...desktops.filter(({ state }) => state !== 'TERMINATED').map(({ id, state }) => `desktop ${id} ${state}`),
      ...keys.filter((key) => key.state !== 'PendingDeletion').map((key) => `key ${key.id}`),
      ...securityGroups.map(({ id }) => `security group ${id}`),
      ...fileSystems.map(({ id }) => `file system ${id}`),
    ]
  }

  private async keysOf(projectId: string): Promise<{ id: string; state: string }[]> {
    const keys = await all(paginateListKeys({ client: this.kms }, { Limit: 1000 }), ({ Keys }) => Keys)
    const found: { id: string; state: string }[] = []
    for (const { KeyId } of keys) {
      const tags = await all(paginateListResourceTags({ client: this.kms }, { KeyId }), ({ Tags }) => Tags)
      if (!tags.some((tag) => tag.TagKey === 'renkei:project' && tag.TagValue === projectId)) continue
      const { KeyMetadata } = await this.kms.send(new DescribeKeyCommand({ KeyId }))
      found.push({ id: KeyId!, state: KeyMetadata?.KeyState ?? 'unknown' })
    }
    return found
  }

  private async desktops(): Promise<Desktop[]> {
    const workspaces = await all<{ Workspaces?: Workspace[] }, Workspace>(
      paginateDescribeWorkspaces({ client: this.workspaces }, {}),
      ({ Workspaces }) => Workspaces,
    )
    const interfaces = await all<{ NetworkInterfaces?: NetworkInterface[] }, NetworkInterface>(
      paginateDescribeNetworkInterfaces({ client: this.ec2 }, {}),
      ({ NetworkInterfaces }) => NetworkInterfaces,
    )
    return workspaces
      .filter((workspace) => workspace.State !== 'TERMINATED')
      .map((workspace) => {
        const own = interfaces.find((candidate) => candidate.PrivateIpAddress === workspace.IpAddress)
        return {
          id: workspace.WorkspaceId!,
          state: workspace.State ?? 'unknown',
          groups: (own?.Groups ?? []).map((group) => group.GroupId!),
          tags: tagsOf(own?.TagSet),
        }
      })
  }
}

/** One line for the screen. */
export function resourcesInWords({ keys, securityGroups, fileSystems, desktops }: ProjectResources): string {
  const key = keys.map(({ state }) => `key ${state}`).join(', ') || 'no key'
  const counts = [
    `${securityGroups.length} security groups`,
    `${fileSystems.length} file systems`,
    `${desktops.length} desktops`,
  ]
  return [key, ...counts].join('; ')
}
