import type { World } from './world.ts'
import { lookup } from './services/kms/lookup.ts'
import { membersOf, openFlows } from './services/firewall/flows.ts'

/** What exists at one moment, read without a call: for reports and for asking a test's question. Plain JSON. */
export interface Snapshot {
  readonly at: string
  readonly directories: readonly {
    readonly id: string
    readonly registration: string
    readonly dataAccess: string
    readonly membersGroup?: string
  }[]
  readonly users: readonly {
    readonly directory: string
    readonly name: string
    readonly enabled: boolean
    readonly attributes: Readonly<Record<string, unknown>>
  }[]
  readonly desktops: readonly {
    readonly id: string
    readonly user: string
    readonly directory: string
    readonly state: string
    readonly address?: string
    readonly interface?: string
    readonly groups: readonly string[]
    readonly key?: string
    readonly tags: Readonly<Record<string, string>>
  }[]
  readonly securityGroups: readonly {
    readonly id: string
    readonly name: string
    readonly egress: readonly string[]
    readonly ingress: readonly string[]
    readonly tags: Readonly<Record<string, string>>
  }[]
  readonly interfaces: readonly {
    readonly id: string
    readonly address: string
    readonly groups: readonly string[]
    readonly madeBy: string
    readonly tags: Readonly<Record<string, string>>
  }[]
  readonly fileSystems: readonly {
    readonly id: string
    readonly state: string
    readonly token: string
    readonly key?: string
    readonly policy: boolean
    readonly accessPoints: readonly string[]
    readonly mountTargets: readonly string[]
    readonly tags: Readonly<Record<string, string>>
  }[]
  readonly keys: readonly {
    readonly id: string
    readonly state: string
    readonly aliases: readonly string[]
    readonly deletion?: string
    readonly tags: Readonly<Record<string, string>>
  }[]
  /** interfaces in each resource group */
  readonly resourceGroups: Readonly<Record<string, readonly string[]>>
  readonly flows: readonly { readonly id: string; readonly from: string; readonly to: string }[]
  readonly clientConnections: readonly { readonly id: string; readonly user: string; readonly status: string }[]
}

/** Reads everything, as it is and not as a describe sees it. */
export function snapshotOf(world: World): Snapshot {
  return {
    at: world.date().toISOString(),
    directories: directoriesOf(world),
    users: world.directories.users.all().map((user) => ({
      directory: user.directoryId,
      name: user.SAMAccountName,
      enabled: user.enabled,
      attributes: user.attributes,
    })),
    desktops: desktopsOf(world),
    securityGroups: securityGroupsOf(world),
    interfaces: world.ec2.interfaces.all().map((each) => ({
      id: each.NetworkInterfaceId,
      address: each.PrivateIpAddress,
      groups: each.Groups,
      madeBy: each.madeBy,
      tags: ec2Tags(world, each.NetworkInterfaceId),
    })),
    fileSystems: fileSystemsOf(world),
    keys: keysOf(world),
    resourceGroups: Object.fromEntries(
      world.firewall.resourceGroups
        .all()
        .map(({ name }) => [name, membersOf(world, name).map((each) => each.NetworkInterfaceId)]),
    ),
    flows: openFlows(world).map((flow) => ({
      id: flow.flowId,
      from: flow.interfaceId,
      to: `${flow.destination}:${flow.port}`,
    })),
    clientConnections: world.ec2.clientConnections
      .all()
      .map((each) => ({ id: each.ConnectionId, user: each.Username, status: each.Status })),
  }
}

const ec2Tags = ({ ec2 }: World, id: string) => ec2.tags.get(id)?.tags ?? {}

const directoriesOf = ({ directories, workspaces }: World): Snapshot['directories'] =>
  directories.directories.all().map((each) => {
    const registration = workspaces.directories.get(each.DirectoryId)
    return {
      id: each.DirectoryId,
      registration: registration?.State ?? 'none',
      dataAccess: each.dataAccess,
      membersGroup: registration?.WorkspaceSecurityGroupId,
    }
  })

const desktopsOf = ({ workspaces, ec2 }: World): Snapshot['desktops'] =>
  workspaces.desktops.all().map((desktop) => ({
    id: desktop.WorkspaceId,
    user: desktop.UserName,
    directory: desktop.DirectoryId,
    state: desktop.State,
    address: desktop.IpAddress,
    interface: desktop.interfaceId,
    groups: ec2.interfaces.get(desktop.interfaceId ?? '')?.Groups ?? [],
    key: desktop.VolumeEncryptionKey,
    tags: workspaces.tags.get(desktop.WorkspaceId)?.tags ?? {},
  }))

const securityGroupsOf = (world: World): Snapshot['securityGroups'] =>
  world.ec2.groups.all().map((group) => ({
    id: group.GroupId,
    name: group.GroupName,
    egress: rulesOf(world, group.GroupId, true),
    ingress: rulesOf(world, group.GroupId, false),
    tags: ec2Tags(world, group.GroupId),
  }))

/** The rules of a group in one direction: protocol, ports and peer. */
const rulesOf = ({ ec2 }: World, group: string, egress: boolean) =>
  ec2.rules
    .all()
    .filter((rule) => rule.GroupId === group && rule.IsEgress === egress)
    .map(({ IpProtocol, FromPort, ToPort, ...rule }) => {
      const what = IpProtocol === '-1' ? 'all' : `${IpProtocol}/${FromPort}-${ToPort}`
      return `${what} ${rule.CidrIpv4 ?? rule.CidrIpv6 ?? rule.PrefixListId ?? rule.ReferencedGroupId}`
    })

const fileSystemsOf = ({ efs }: World): Snapshot['fileSystems'] =>
  efs.fileSystems.all().map((system) => {
    const ofSystem = ({ FileSystemId }: { readonly FileSystemId: string }) => FileSystemId === system.FileSystemId
    return {
      id: system.FileSystemId,
      state: String(system.LifeCycleState),
      token: String(system.CreationToken),
      key: system.KmsKeyId,
      policy: system.policy !== undefined,
      accessPoints: efs.accessPoints
        .all()
        .filter(ofSystem)
        .map((each) => each.AccessPointId),
      mountTargets: efs.mountTargets
        .all()
        .filter(ofSystem)
        .map((each) => each.MountTargetId),
      tags: efs.tags.get(system.FileSystemId)?.tags ?? {},
    }
  })

const keysOf = (world: World): Snapshot['keys'] =>
  world.kms.keys.all().map((key) => ({
    id: key.KeyId,
    state: String(key.KeyState),
    aliases: world.kms.aliases
      .all()
      .filter((alias) => lookup(world, alias.AliasName)?.KeyId === key.KeyId)
      .map((alias) => alias.AliasName),
    deletion: key.DeletionDate?.toISOString(),
    tags: key.tags,
  }))
