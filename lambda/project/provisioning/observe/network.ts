import {
  paginateDescribeNetworkInterfaces,
  paginateDescribeSecurityGroups,
  type Filter,
  type IpPermission,
  type NetworkInterface,
} from '@aws-sdk/client-ec2'
import type { Desired } from '#domain/project/provisioning/desired.ts'
import type { ObservedGroup, ObservedInterface, Rule } from '#domain/project/provisioning/observed.ts'
import { everyItem, type Aws } from '../aws.ts'

/** Every group of the cell that carries the project's tag. */
export async function observeGroups({ ec2 }: Aws, { projectId, platform }: Desired): Promise<readonly ObservedGroup[]> {
  const Filters = [
    { Name: 'vpc-id', Values: [platform.cell.vpcId] },
    { Name: 'tag:renkei:project', Values: [projectId] },
    { Name: 'tag:renkei:environment', Values: [platform.environment] },
  ]
  const groups = await everyItem(
    paginateDescribeSecurityGroups({ client: ec2 }, { Filters }),
    ({ SecurityGroups }) => SecurityGroups,
  )
  return groups.map(({ GroupId, GroupName, IpPermissions, IpPermissionsEgress }) => ({
    id: GroupId ?? '',
    name: GroupName ?? '',
    egress: rulesOf(IpPermissionsEgress),
    ingress: rulesOf(IpPermissions),
  }))
}

/** One rule for each peer. Each IPv6 range counts too: what is not wanted must be seen to be revoked. */
function rulesOf(permissions: readonly IpPermission[] = []): readonly Rule[] {
  return permissions.flatMap(
    ({ IpProtocol, FromPort, ToPort, PrefixListIds, UserIdGroupPairs, IpRanges, Ipv6Ranges }) => {
      const base = { protocol: IpProtocol ?? '-1', from: FromPort ?? -1, to: ToPort ?? -1 }
      const peers: Rule['peer'][] = [
        ...(PrefixListIds ?? []).map(({ PrefixListId }) => `prefix-list/${PrefixListId ?? ''}` as const),
        ...(UserIdGroupPairs ?? []).map(({ GroupId }) => `group/${GroupId ?? ''}` as const),
        ...(IpRanges ?? []).map(({ CidrIp }) => `cidr/${CidrIp ?? ''}` as const),
        ...(Ipv6Ranges ?? []).map(({ CidrIpv6 }) => `cidr/${CidrIpv6 ?? ''}` as const),
      ]
      return peers.map((peer) => ({ ...base, peer }))
    },
  )
}

/** Values that one filter takes (DescribeNetworkInterfaces, EC2 API reference). */
const FILTER_VALUES = 200

/**
 * Interfaces at these addresses, and all that carry the project's tag or one of its groups, in the cell's desktop
 * subnets.
 */
export async function observeInterfaces(
  aws: Pick<Aws, 'ec2'>,
  { projectId, platform }: Desired,
  addresses: readonly string[],
  groupIds: readonly string[],
): Promise<readonly ObservedInterface[]> {
  const here: Filter[] = [
    { Name: 'vpc-id', Values: [platform.cell.vpcId] },
    { Name: 'subnet-id', Values: [...platform.cell.desktopSubnetIds] },
  ]
  const questions: Filter[] = [{ Name: 'tag:renkei:project', Values: [projectId] }]
  for (let from = 0; from < addresses.length; from += FILTER_VALUES)
    questions.push({ Name: 'addresses.private-ip-address', Values: addresses.slice(from, from + FILTER_VALUES) })
  if (groupIds.length > 0) questions.push({ Name: 'group-id', Values: [...groupIds] })
  const answers = await Promise.all(questions.map((question) => describe(aws, [...here, question])))
  const found = new Map(answers.flat().map((each) => [each.NetworkInterfaceId ?? '', each]))
  return [...found.values()].map(({ NetworkInterfaceId, PrivateIpAddress, Groups, TagSet }) => ({
    id: NetworkInterfaceId ?? '',
    address: PrivateIpAddress ?? '',
    groups: (Groups ?? []).map(({ GroupId }) => GroupId ?? ''),
    tags: Object.fromEntries((TagSet ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? ''])),
  }))
}

function describe({ ec2 }: Pick<Aws, 'ec2'>, Filters: Filter[]): Promise<NetworkInterface[]> {
  return everyItem(
    paginateDescribeNetworkInterfaces({ client: ec2 }, { Filters }),
    ({ NetworkInterfaces }) => NetworkInterfaces,
  )
}
