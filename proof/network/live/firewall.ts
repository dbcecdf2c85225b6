import type { EC2Client } from '@aws-sdk/client-ec2'
import {
  DescribeFirewallCommand,
  DescribeFirewallPolicyCommand,
  DescribeRuleGroupCommand,
  type NetworkFirewallClient,
} from '@aws-sdk/client-network-firewall'
import { firewallAttachment } from '../model/aws-made.ts'
import { ref, type Described } from './described.ts'
import { ACCOUNT } from './view.ts'

/** Where the firewall is read from, and written to. */
interface FirewallReading {
  readonly ec2: EC2Client
  readonly firewall: NetworkFirewallClient
  readonly firewallArn: string
  readonly described: Described
}

/** The firewall with its policy and every rule group. */
export async function describeFirewall(reading: FirewallReading): Promise<void> {
  const { firewall: client, firewallArn, described } = reading
  const { Firewall, FirewallStatus } = await client.send(new DescribeFirewallCommand({ FirewallArn: firewallArn }))
  const policyArn = Firewall?.FirewallPolicyArn
  described.put(firewallArn, 'AWS::NetworkFirewall::Firewall', {
    FirewallPolicyArn: ref(policyArn),
    TransitGatewayId: ref(Firewall?.TransitGatewayId),
  })
  const attachment = FirewallStatus?.TransitGatewayAttachmentSyncState?.AttachmentId
  if (attachment !== undefined) described.nameAttachment(attachment, firewallAttachment(`${ACCOUNT}/${firewallArn}`))
  if (policyArn === undefined) return
  for (const group of await describePolicy(client, policyArn, described)) await describeRuleGroup(reading, group)
}

/** The policy; answers with the rule groups that it refers to. */
async function describePolicy(
  client: NetworkFirewallClient,
  policyArn: string,
  described: Described,
): Promise<readonly string[]> {
  const command = new DescribeFirewallPolicyCommand({ FirewallPolicyArn: policyArn })
  const { FirewallPolicy: policy } = await client.send(command)
  const { StatefulRuleGroupReferences: stateful = [], StatelessRuleGroupReferences: stateless = [] } = policy ?? {}
  const named = <Reference extends { ResourceArn: string | undefined }>(references: readonly Reference[]) =>
    references.map((each) => ({ ...each, ResourceArn: ref(each.ResourceArn) }))
  described.put(policyArn, 'AWS::NetworkFirewall::FirewallPolicy', {
    FirewallPolicy: {
      ...policy,
      StatefulRuleGroupReferences: named(stateful),
      StatelessRuleGroupReferences: named(stateless),
    },
  })
  return [...stateful, ...stateless].flatMap(({ ResourceArn }) => ResourceArn ?? [])
}

async function describeRuleGroup({ ec2, firewall, described }: FirewallReading, groupArn: string): Promise<void> {
  const command = new DescribeRuleGroupCommand({ RuleGroupArn: groupArn })
  const { RuleGroup, RuleGroupResponse } = await firewall.send(command)
  const IPSetReferences: Record<string, unknown> = {}
  for (const [name, { ReferenceArn = '' }] of Object.entries(RuleGroup?.ReferenceSets?.IPSetReferences ?? {})) {
    const list = /:prefix-list\/(pl-\w+)$/.exec(ReferenceArn)?.[1]
    if (list !== undefined) await described.prefixList(ec2, list)
    IPSetReferences[name] = { ReferenceArn: ref(list) ?? ReferenceArn }
  }
  described.put(groupArn, 'AWS::NetworkFirewall::RuleGroup', {
    Type: RuleGroupResponse?.Type,
    RuleGroup: { ...RuleGroup, ReferenceSets: { IPSetReferences } },
  })
}
