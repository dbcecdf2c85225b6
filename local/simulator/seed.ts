import type { TunnelOption } from '@aws-sdk/client-ec2'
import type {
  DescribeFirewallPolicyResponse,
  DescribeFirewallResponse,
  DescribeRuleGroupResponse,
} from '@aws-sdk/client-network-firewall'
import type { World } from './world.ts'
import { createGroup } from './services/ec2/security-groups.ts'
import { createInterface } from './services/ec2/interfaces.ts'
import type { FixedResource } from './services/ec2/state.ts'
import { createVpnConnection } from './services/ec2/transit.ts'
import { setQuota } from './services/quotas/lookup.ts'

/**
 * What stands before the provisioner comes: things that CloudFormation makes in the real account. Every part may be
 * left out.
 */
export interface Seed {
  readonly vpcId?: string
  readonly vpcCidr?: string
  readonly subnets?: readonly {
    readonly id: string
    readonly cidr: string
    readonly azId: string
    readonly az?: string
  }[]
  readonly routeTables?: readonly {
    readonly id: string
    readonly subnetIds: readonly string[]
    readonly routes: readonly { readonly cidr: string; readonly target: string }[]
  }[]
  readonly securityGroups?: readonly { readonly id: string; readonly name: string; readonly description?: string }[]
  readonly prefixLists?: readonly {
    readonly id: string
    readonly name: string
    readonly maxEntries?: number
    readonly cidrs: readonly string[]
  }[]
  /** a managed directory in the VPC, in its first two subnets unless told otherwise */
  readonly directoryId?: string
  readonly directory?: {
    readonly name?: string
    readonly shortName?: string
    readonly subnetIds?: readonly string[]
    readonly dataAccess?: boolean
    readonly registered?: boolean
    readonly workspacesSubnetIds?: readonly string[]
    readonly membersGroupId?: string
  }
  readonly bundles?: readonly {
    readonly id: string
    readonly name?: string
    readonly owner?: string
    readonly compute?: string
  }[]
  /** whether the role `workspaces_DefaultRole` exists (default true) */
  readonly workspacesDefaultRole?: boolean
  readonly transitGateway?: { readonly id: string; readonly routeTableIds?: readonly string[] }
  readonly transitAttachments?: readonly {
    readonly id: string
    readonly transitGatewayId: string
    readonly resourceType: 'vpc' | 'network-function'
    readonly resourceId: string
  }[]
  readonly vpnConnections?: readonly {
    readonly id: string
    readonly transitGatewayId: string
    readonly customerGatewayId?: string
    readonly tunnels?: readonly TunnelOption[]
  }[]
  /** what stands in the network, in the shape in which EC2 describes it */
  readonly fixed?: readonly FixedResource[]
  readonly clientVpnEndpointIds?: readonly string[]
  /** tag-based resource groups of interfaces, by name: the sets that firewall rules refer to */
  readonly resourceGroups?: readonly { readonly name: string; readonly tagKey: string; readonly tagValue?: string }[]
  readonly firewalls?: readonly {
    readonly arn: string
    readonly admits: readonly { readonly group: string; readonly cidr: string; readonly port: number }[]
    readonly blocked?: string
    readonly described?: DescribeFirewallResponse
  }[]
  /** firewall policies and rule groups by ARN, as Network Firewall describes them */
  readonly firewallPolicies?: Readonly<Record<string, DescribeFirewallPolicyResponse>>
  readonly ruleGroups?: Readonly<Record<string, DescribeRuleGroupResponse>>
  /** applied quotas, by `service/code` such as `workspaces/L-34278094` */
  readonly quotas?: Readonly<Record<string, number>>
  /** keys live in another endpoint: any key id that is not known here counts as usable */
  readonly keysElsewhere?: boolean
}

/** Puts what `seed` names into the world. Seeding twice adds, and replaces what has the same id. */
export function seedWorld(world: World, seed: Seed): void {
  const { ec2 } = world
  const vpcId = seed.vpcId ?? ec2.vpcs.all()[0]?.VpcId
  if (seed.vpcId && !ec2.vpcs.get(seed.vpcId)) seedVpc(world, seed.vpcId, seed.vpcCidr ?? '172.24.0.0/16')
  const vpc = () => {
    if (!vpcId) throw new Error('seed: subnets, groups and directories need a vpcId')
    return vpcId
  }
  for (const { id, cidr, azId, az } of seed.subnets ?? []) {
    ec2.subnets.put(id, {
      SubnetId: id,
      VpcId: vpc(),
      CidrBlock: cidr,
      AvailabilityZoneId: azId,
      AvailabilityZone: az ?? `${world.region}${'abcd'[Number(azId.at(-1)) - 1] ?? 'a'}`,
    })
  }
  for (const { id, subnetIds, routes } of seed.routeTables ?? []) {
    ec2.routeTables.put(id, {
      RouteTableId: id,
      VpcId: vpc(),
      SubnetIds: subnetIds,
      Routes: routes.map(({ cidr, target }) => ({ DestinationCidrBlock: cidr, target })),
    })
  }
  for (const { id, name, description } of seed.securityGroups ?? []) {
    ec2.groups.put(id, { GroupId: id, GroupName: name, Description: description ?? name, VpcId: vpc() })
  }
  for (const { id, name, maxEntries, cidrs } of seed.prefixLists ?? []) {
    ec2.prefixLists.put(id, {
      PrefixListId: id,
      PrefixListName: name,
      MaxEntries: maxEntries ?? cidrs.length,
      Entries: cidrs.map((Cidr) => ({ Cidr })),
    })
  }
  if (seed.transitGateway) {
    const { id, routeTableIds } = seed.transitGateway
    ec2.transitGateways.put(id, { TransitGatewayId: id })
    for (const table of routeTableIds ?? [])
      ec2.transitRouteTables.put(table, { TransitGatewayRouteTableId: table, TransitGatewayId: id })
  }
  for (const { id, transitGatewayId, resourceType, resourceId } of seed.transitAttachments ?? [])
    ec2.attachments.put(id, {
      TransitGatewayAttachmentId: id,
      TransitGatewayId: transitGatewayId,
      ResourceType: resourceType,
      ResourceId: resourceId,
      State: 'available',
    })
  for (const each of seed.fixed ?? []) ec2.fixed.put(each.id, each)
  for (const { id, transitGatewayId, customerGatewayId, tunnels } of seed.vpnConnections ?? [])
    createVpnConnection(world, id, transitGatewayId, customerGatewayId ?? 'cgw-00000000000000000', tunnels)
  for (const id of seed.clientVpnEndpointIds ?? []) ec2.clientVpnEndpoints.put(id, { ClientVpnEndpointId: id })
  for (const { id, name, owner, compute } of seed.bundles ?? [])
    world.workspaces.bundles.put(id, {
      BundleId: id,
      Name: name ?? id,
      Owner: owner ?? world.account,
      compute: compute ?? 'STANDARD',
    })
  for (const { name, tagKey, tagValue } of seed.resourceGroups ?? [])
    world.firewall.resourceGroups.put(name, { name, tagKey, tagValue: tagValue ?? 'true' })
  for (const { arn, admits, blocked, described } of seed.firewalls ?? [])
    world.firewall.firewalls.put(arn, { FirewallArn: arn, admits, blocked, described })
  for (const [arn, policy] of Object.entries(seed.firewallPolicies ?? {})) world.firewall.policies.put(arn, policy)
  for (const [arn, group] of Object.entries(seed.ruleGroups ?? {})) world.firewall.ruleGroups.put(arn, group)
  for (const [quota, value] of Object.entries(seed.quotas ?? {})) {
    const [service, code] = quota.split('/') as [string, string]
    setQuota(world, service, code, value)
  }
  if (seed.workspacesDefaultRole !== undefined) world.workspaces.defaultRole = seed.workspacesDefaultRole
  if (seed.keysElsewhere !== undefined) world.kms.elsewhere = seed.keysElsewhere
  if (seed.directoryId) seedDirectory(world, seed, seed.directoryId, vpc())
}

/**
 * A VPC with its default group, which admits its own members and all egress, its main route table with the local route,
 * and its default network ACL, which allows everything ("Default security groups", "Main route table", "Default network
 * ACL", VPC user guide).
 */
function seedVpc(world: World, id: string, cidr: string): void {
  world.ec2.vpcs.put(id, { VpcId: id, CidrBlock: cidr })
  const [table, acl] = [`rtb-${id.slice('vpc-'.length)}`, `acl-${id.slice('vpc-'.length)}`]
  world.ec2.routeTables.put(table, {
    RouteTableId: table,
    VpcId: id,
    SubnetIds: [],
    Main: true,
    Routes: [{ DestinationCidrBlock: cidr, target: 'local' }],
  })
  const Entries = [false, true].flatMap((Egress) =>
    [
      { RuleNumber: 100, RuleAction: 'allow' },
      { RuleNumber: 32_767, RuleAction: 'deny' },
    ].map((each) => ({ ...each, Egress, Protocol: '-1', CidrBlock: '0.0.0.0/0' })),
  )
  world.ec2.fixed.put(acl, {
    id: acl,
    kind: 'NetworkAcls',
    shape: { NetworkAclId: acl, VpcId: id, IsDefault: true, Associations: [], Entries },
  })
  const { GroupId } = createGroup(world, 'default', 'default VPC security group', id)
  const rule = world.id('sgr')
  world.ec2.rules.put(rule, {
    SecurityGroupRuleId: rule,
    GroupId,
    IsEgress: false,
    IpProtocol: '-1',
    FromPort: -1,
    ToPort: -1,
    ReferencedGroupId: GroupId,
  })
}

/**
 * A managed AD: two controllers with an interface each, and their group (What gets created, Directory Service
 * administration guide).
 */
function seedDirectory(world: World, seed: Seed, id: string, vpcId: string): void {
  const given = seed.directory ?? {}
  const subnetIds =
    given.subnetIds ??
    world.ec2.subnets
      .all()
      .filter((subnet) => subnet.VpcId === vpcId)
      .slice(0, 2)
      .map((subnet) => subnet.SubnetId)
  const group =
    world.ec2.groups.all().find((each) => each.GroupName === `${id}_controllers`) ?? controllersGroup(world, id, vpcId)
  const controllers = subnetIds.map((subnetId) =>
    createInterface(world, {
      subnetId,
      groups: [group.GroupId],
      description: `AWS created network interface for directory ${id}`,
      madeBy: 'directory-service',
    }),
  )
  world.directories.directories.put(id, {
    DirectoryId: id,
    Name: given.name ?? 'renkei.internal',
    ShortName: given.shortName ?? 'renkei',
    Stage: 'Active',
    vpcId,
    subnetIds,
    dnsAddresses: controllers.map((each) => each.PrivateIpAddress),
    securityGroupId: group.GroupId,
    dataAccess: given.dataAccess ? 'Enabled' : 'Disabled',
    launched: world.clock.now(),
  })
  if (given.registered) seedRegistration(world, id, given.workspacesSubnetIds ?? subnetIds, vpcId, given.membersGroupId)
}

/**
 * Ports on which controllers take connections, from any address (What gets created, Directory Service administration
 * guide).
 */
const CONTROLLER_PORTS = [
  ['tcp', 53, 53],
  ['udp', 53, 53],
  ['tcp', 88, 88],
  ['udp', 88, 88],
  ['udp', 123, 123],
  ['tcp', 135, 135],
  ['udp', 138, 138],
  ['tcp', 389, 389],
  ['udp', 389, 389],
  ['tcp', 445, 445],
  ['udp', 445, 445],
  ['tcp', 464, 464],
  ['udp', 464, 464],
  ['tcp', 636, 636],
  ['tcp', 1024, 65_535],
  ['icmp', -1, -1],
] as const

/**
 * The group that AWS makes for the controllers: all egress, the directory's ports from anywhere, everything from itself
 * (same page).
 */
function controllersGroup(world: World, id: string, vpcId: string): ReturnType<typeof createGroup> {
  const group = createGroup(
    world,
    `${id}_controllers`,
    `AWS created security group for ${id} directory controllers`,
    vpcId,
  )
  const admit = (
    IpProtocol: string,
    FromPort: number,
    ToPort: number,
    from: { readonly CidrIpv4: string } | { readonly ReferencedGroupId: string },
  ) => {
    const rule = world.id('sgr')
    world.ec2.rules.put(rule, {
      SecurityGroupRuleId: rule,
      GroupId: group.GroupId,
      IsEgress: false,
      IpProtocol,
      FromPort,
      ToPort,
      ...from,
    })
  }
  for (const [protocol, first, last] of CONTROLLER_PORTS) admit(protocol, first, last, { CidrIpv4: '0.0.0.0/0' })
  admit('-1', -1, -1, { ReferencedGroupId: group.GroupId })
  return group
}

/** A directory that the custom resource registered and configured: no local administrators, no self-service. */
function seedRegistration(
  world: World,
  id: string,
  subnetIds: readonly string[],
  vpcId: string,
  membersGroupId: string | undefined,
): void {
  const name = `${id}_workspacesMembers`
  const GroupId = membersGroupId ?? createGroup(world, name, 'Amazon WorkSpaces Security Group', vpcId).GroupId
  if (membersGroupId)
    world.ec2.groups.put(membersGroupId, {
      GroupId,
      GroupName: name,
      Description: 'Amazon WorkSpaces Security Group',
      VpcId: vpcId,
    })
  const directory = world.directories.directories.get(id)!
  world.workspaces.directories.put(id, {
    DirectoryId: id,
    DirectoryName: directory.Name,
    DirectoryType: 'SIMPLE_AD',
    RegistrationCode: 'WSnrt+RENKEI',
    SubnetIds: [...subnetIds],
    DnsIpAddresses: [...directory.dnsAddresses],
    State: 'REGISTERED',
    WorkspaceType: 'PERSONAL',
    WorkspaceSecurityGroupId: GroupId,
    WorkspaceCreationProperties: {
      EnableInternetAccess: false,
      UserEnabledAsLocalAdministrator: false,
      EnableMaintenanceMode: true,
    },
    SelfservicePermissions: {
      RestartWorkspace: 'DISABLED',
      IncreaseVolumeSize: 'DISABLED',
      ChangeComputeType: 'DISABLED',
      SwitchRunningMode: 'DISABLED',
      RebuildWorkspace: 'DISABLED',
    },
    SamlProperties: { Status: 'DISABLED', RelayStateParameterName: 'RelayState' },
  })
}
