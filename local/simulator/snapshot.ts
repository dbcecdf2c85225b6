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

export function snapshotOf(world: World): Snapshot {
  const { ec2, workspaces, directories, efs, kms, firewall } = world
  const tags = (id: string) => ec2.tags.get(id)?.tags ?? {}
  const rules = (group: string, egress: boolean) =>
    ec2.rules
      .all()
      .filter((rule) => rule.GroupId === group && rule.IsEgress === egress)
      .map(
        (rule) =>
          `${rule.IpProtocol === '-1' ? 'all' : `${rule.IpProtocol}/${rule.FromPort}-${rule.ToPort}`} ${rule.CidrIpv4 ?? rule.CidrIpv6 ?? rule.PrefixListId ?? rule.ReferencedGroupId}`,
      )
  return {
    at: world.date().toISOString(),
    directories: directories.directories.all().map((each) => {
      const registration = workspaces.directories.get(each.DirectoryId)
      return {
        id: each.DirectoryId,
        registration: registration?.State ?? 'none',
        dataAccess: each.dataAccess,
        membersGroup: registration?.WorkspaceSecurityGroupId,
      }
    }),
    users: directories.users.all().map((user) => ({
      directory: user.directoryId,
      name: user.SAMAccountName,
      enabled: user.enabled,
      attributes: user.attributes,
    })),
    desktops: workspaces.desktops.all().map((desktop) => ({
      id: desktop.WorkspaceId,
      user: desktop.UserName,
      directory: desktop.DirectoryId,
      state: desktop.State,
      address: desktop.IpAddress,
      interface: desktop.interfaceId,
      groups: ec2.interfaces.get(desktop.interfaceId ?? '')?.Groups ?? [],
      key: desktop.VolumeEncryptionKey,
      tags: workspaces.tags.get(desktop.WorkspaceId)?.tags ?? {},
    })),
    securityGroups: ec2.groups.all().map((group) => ({
      id: group.GroupId,
      name: group.GroupName,
      egress: rules(group.GroupId, true),
      ingress: rules(group.GroupId, false),
      tags: tags(group.GroupId),
    })),
    interfaces: ec2.interfaces.all().map((each) => ({
      id: each.NetworkInterfaceId,
      address: each.PrivateIpAddress,
      groups: each.Groups,
      madeBy: each.madeBy,
      tags: tags(each.NetworkInterfaceId),
    })),
    fileSystems: efs.fileSystems.all().map((system) => ({
      id: system.FileSystemId,
      state: String(system.LifeCycleState),
      token: String(system.CreationToken),
      key: system.KmsKeyId,
      policy: system.policy !== undefined,
      accessPoints: efs.accessPoints
        .all()
        .filter((each) => each.FileSystemId === system.FileSystemId)
        .map((each) => each.AccessPointId),
      mountTargets: efs.mountTargets
        .all()
        .filter((each) => each.FileSystemId === system.FileSystemId)
        .map((each) => each.MountTargetId),
      tags: efs.tags.get(system.FileSystemId)?.tags ?? {},
    })),
    keys: kms.keys.all().map((key) => ({
      id: key.KeyId,
      state: String(key.KeyState),
      aliases: kms.aliases
        .all()
        .filter((alias) => lookup(world, alias.AliasName)?.KeyId === key.KeyId)
        .map((alias) => alias.AliasName),
      deletion: key.DeletionDate?.toISOString(),
      tags: key.tags,
    })),
    resourceGroups: Object.fromEntries(
      firewall.resourceGroups
        .all()
        .map((group) => [group.name, membersOf(world, group.name).map((each) => each.NetworkInterfaceId)]),
    ),
    flows: openFlows(world).map((flow) => ({
      id: flow.flowId,
      from: flow.interfaceId,
      to: `${flow.destination}:${flow.port}`,
    })),
    clientConnections: ec2.clientConnections
      .all()
      .map((each) => ({ id: each.ConnectionId, user: each.Username, status: each.Status })),
  }
}
