import {
  paginateDescribeNetworkInterfaces,
  paginateDescribeSecurityGroupRules,
  paginateDescribeSecurityGroups,
  type EC2Client,
  type NetworkInterface,
  type SecurityGroupRule,
} from '@aws-sdk/client-ec2'
import type { LiveGroup, LiveInterface, LiveRule } from './view.ts'

/** Every interface of the account. */
export async function interfacesIn(client: EC2Client): Promise<LiveInterface[]> {
  const found: LiveInterface[] = []
  for await (const { NetworkInterfaces = [] } of paginateDescribeNetworkInterfaces({ client }, {}))
    found.push(...NetworkInterfaces.flatMap(interfaceAtEachAddress))
  return found
}

function interfaceAtEachAddress(described: NetworkInterface): LiveInterface[] {
  const { PrivateIpAddress, PrivateIpAddresses = [], Groups = [], TagSet = [] } = described
  const addresses = new Set([PrivateIpAddress, ...PrivateIpAddresses.map((each) => each.PrivateIpAddress)])
  return [...addresses]
    .filter((address) => address !== undefined)
    .map((address) => ({
      id: described.NetworkInterfaceId ?? '',
      subnet: described.SubnetId ?? '',
      vpc: described.VpcId ?? '',
      address,
      description: described.Description ?? '',
      type: described.InterfaceType ?? '',
      groups: Groups.map(({ GroupId = '', GroupName = '' }) => ({ id: GroupId, name: GroupName })),
      tags: Object.fromEntries(TagSet.map(({ Key = '', Value = '' }) => [Key, Value])),
    }))
}

/** Every rule of every security group. */
export async function rulesIn(client: EC2Client): Promise<LiveRule[]> {
  const found: LiveRule[] = []
  for await (const { SecurityGroupRules = [] } of paginateDescribeSecurityGroupRules({ client }, {}))
    found.push(...SecurityGroupRules.map(ruleOf))
  return found
}

const ruleOf = ({ IpProtocol, ReferencedGroupInfo, ...rule }: SecurityGroupRule): LiveRule => ({
  id: rule.SecurityGroupRuleId ?? '',
  group: rule.GroupId ?? '',
  egress: rule.IsEgress ?? false,
  protocol: IpProtocol ?? '',
  from: rule.FromPort ?? -1,
  to: rule.ToPort ?? -1,
  cidr: rule.CidrIpv4,
  prefixList: rule.PrefixListId,
  referenced: ReferencedGroupInfo?.GroupId,
})

export async function groupsIn(client: EC2Client): Promise<LiveGroup[]> {
  const found: LiveGroup[] = []
  for await (const { SecurityGroups = [] } of paginateDescribeSecurityGroups({ client }, {}))
    found.push(
      ...SecurityGroups.map(({ GroupId = '', GroupName = '', VpcId = '' }) => ({
        id: GroupId,
        name: GroupName,
        vpc: VpcId,
      })),
    )
  return found
}
