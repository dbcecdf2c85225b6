import {
  paginateDescribeNetworkInterfaces,
  paginateDescribeSecurityGroupRules,
  paginateDescribeSecurityGroups,
  type EC2Client,
  type SecurityGroupRule,
} from '@aws-sdk/client-ec2'
import type { NetworkFirewallClient } from '@aws-sdk/client-network-firewall'
import type { LiveRule, LiveView } from './compare.ts'
import { describeAccount } from './account.ts'
import { entriesOf } from './prefix-lists.ts'

/** Reads the network of an account: what `live-account.ts` describes, interfaces, every security group rule, and the prefix lists that rules name. */
export async function lookAtNetwork(
  ec2: EC2Client,
  firewall: NetworkFirewallClient,
  published: ReadonlyMap<string, string>,
): Promise<LiveView> {
  const interfaces: LiveView['interfaces'][number][] = []
  for await (const { NetworkInterfaces = [] } of paginateDescribeNetworkInterfaces({ client: ec2 }, {})) {
    for (const each of NetworkInterfaces) {
      for (const address of new Set([
        each.PrivateIpAddress,
        ...(each.PrivateIpAddresses ?? []).map(({ PrivateIpAddress }) => PrivateIpAddress),
      ])) {
        if (address === undefined) continue
        interfaces.push({
          id: each.NetworkInterfaceId ?? '',
          subnet: each.SubnetId ?? '',
          vpc: each.VpcId ?? '',
          address,
          description: each.Description ?? '',
          type: each.InterfaceType ?? '',
          groups: (each.Groups ?? []).map(({ GroupId = '', GroupName = '' }) => ({ id: GroupId, name: GroupName })),
          tags: Object.fromEntries((each.TagSet ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
        })
      }
    }
  }
  const rules: LiveRule[] = []
  for await (const { SecurityGroupRules = [] } of paginateDescribeSecurityGroupRules({ client: ec2 }, {}))
    rules.push(...SecurityGroupRules.map(ruleOf))
  const prefixLists: Record<string, readonly string[]> = {}
  for (const id of new Set(rules.flatMap(({ prefixList }) => prefixList ?? [])))
    prefixLists[id] = await entriesOf(ec2, id)
  const groups: LiveView['groups'][number][] = []
  for await (const { SecurityGroups = [] } of paginateDescribeSecurityGroups({ client: ec2 }, {}))
    groups.push(
      ...SecurityGroups.map(({ GroupId = '', GroupName = '', VpcId = '' }) => ({
        id: GroupId,
        name: GroupName,
        vpc: VpcId,
      })),
    )
  return { interfaces, rules, groups, prefixLists, published, ...(await describeAccount({ ec2, firewall, published })) }
}

function ruleOf({
  SecurityGroupRuleId = '',
  GroupId = '',
  IsEgress = false,
  IpProtocol = '',
  FromPort = -1,
  ToPort = -1,
  CidrIpv4,
  PrefixListId,
  ReferencedGroupInfo,
}: SecurityGroupRule): LiveRule {
  return {
    id: SecurityGroupRuleId,
    group: GroupId,
    egress: IsEgress,
    protocol: IpProtocol,
    from: FromPort,
    to: ToPort,
    cidr: CidrIpv4,
    prefixList: PrefixListId,
    referenced: ReferencedGroupInfo?.GroupId,
  }
}
