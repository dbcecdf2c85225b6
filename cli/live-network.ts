import {
  GetManagedPrefixListEntriesCommand, paginateDescribeNetworkInterfaces, paginateDescribeSecurityGroupRules, type EC2Client, type SecurityGroupRule,
} from '@aws-sdk/client-ec2'
import type { LiveRule, LiveView } from '../lib/checks/reachability/live.ts'

/** Reads interfaces, every security group rule, and the prefix lists that rules name. */
export async function lookAtNetwork(ec2: EC2Client, published: ReadonlyMap<string, string>): Promise<LiveView> {
  const interfaces: LiveView['interfaces'][number][] = []
  for await (const { NetworkInterfaces = [] } of paginateDescribeNetworkInterfaces({ client: ec2 }, {})) {
    for (const each of NetworkInterfaces) {
      for (const address of new Set([each.PrivateIpAddress, ...(each.PrivateIpAddresses ?? []).map(({ PrivateIpAddress }) => PrivateIpAddress)])) {
        if (address === undefined) continue
        interfaces.push({
          id: each.NetworkInterfaceId ?? '', vpc: each.VpcId ?? '', address, description: each.Description ?? '', type: each.InterfaceType ?? '',
          groups: (each.Groups ?? []).map(({ GroupId = '', GroupName = '' }) => ({ id: GroupId, name: GroupName })),
          tags: Object.fromEntries((each.TagSet ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
        })
      }
    }
  }
  const rules: LiveRule[] = []
  for await (const { SecurityGroupRules = [] } of paginateDescribeSecurityGroupRules({ client: ec2 }, {})) rules.push(...SecurityGroupRules.map(ruleOf))
  const prefixLists: Record<string, readonly string[]> = {}
  for (const id of new Set(rules.flatMap(({ prefixList }) => prefixList ?? []))) prefixLists[id] = await entriesOf(ec2, id)
  return { interfaces, rules, prefixLists, published }
}

function ruleOf({ SecurityGroupRuleId = '', GroupId = '', IsEgress = false, IpProtocol = '', FromPort = -1, ToPort = -1, CidrIpv4, PrefixListId, ReferencedGroupInfo }: SecurityGroupRule): LiveRule {
  return { id: SecurityGroupRuleId, group: GroupId, egress: IsEgress, protocol: IpProtocol, from: FromPort, to: ToPort, cidr: CidrIpv4, prefixList: PrefixListId, referenced: ReferencedGroupInfo?.GroupId }
}

async function entriesOf(ec2: EC2Client, PrefixListId: string): Promise<string[]> {
  const found: string[] = []
  let NextToken: string | undefined
  do {
    const page = await ec2.send(new GetManagedPrefixListEntriesCommand({ PrefixListId, NextToken }))
    found.push(...(page.Entries ?? []).flatMap(({ Cidr }) => Cidr ?? []))
    NextToken = page.NextToken
  } while (NextToken)
  return found
}
