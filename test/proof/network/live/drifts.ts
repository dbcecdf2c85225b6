import { CreateTagsCommand, DeleteTagsCommand, ModifyNetworkInterfaceAttributeCommand } from '@aws-sdk/client-ec2'
import type { VerdictId } from '#proof/network/verdicts.ts'
import { PROJECT } from '#test/project/reconcile/rig.ts'
import type { LiveAccount } from './live-account.ts'

/** One change by hand to an account, and what the proof must say of it. */
export interface Drift {
  readonly name: string
  /** every verdict that no longer holds, and no other */
  readonly breaks: readonly VerdictId[]
  /** a counterexample that must be among them */
  readonly shows: RegExp
  change(account: LiveAccount): Promise<unknown>
}

/** Changes by hand to an account, each with the verdicts that no longer hold. */
export const drifts: readonly Drift[] = [
  {
    name: 'a rule added to a project group by hand',
    breaks: ['layers'],
    shows: /desktop of .* → Internet|→ database DPC: only the firewall/,
    change: async (account) =>
      await account.letOut(await account.groupNamed(`renkei-demo-project-${PROJECT}`), {
        IpProtocol: '-1',
        IpRanges: [{ CidrIp: '0.0.0.0/0' }],
      }),
  },
  {
    name: 'an interface tagged into a set it was not granted',
    breaks: ['layers'],
    shows: /→ database DPC: only the source group/,
    change: async (account) =>
      await account.ec2.send(
        new CreateTagsCommand({ Resources: [account.desktop], Tags: [{ Key: 'renkei:granted:DPC', Value: 'true' }] }),
      ),
  },
  {
    name: 'a granted tag lost',
    breaks: ['complete'],
    shows: /→ database NDB: firewall .*no rule passes it/,
    change: async (account) =>
      await account.ec2.send(
        new DeleteTagsCommand({ Resources: [account.desktop], Tags: [{ Key: 'renkei:granted:NDB' }] }),
      ),
  },
  {
    name: 'a desktop without the group of its project',
    breaks: ['complete'],
    shows: /→ database NDB: .*no rule lets it out/,
    change: async (account) =>
      await account.ec2.send(
        new ModifyNetworkInterfaceAttributeCommand({
          NetworkInterfaceId: account.desktop,
          Groups: [account.told('visiting/1/members-group')],
        }),
      ),
  },
  {
    name: 'a desktop whose tags name no project',
    breaks: ['grants', 'rest'],
    shows: /unplanned interface in eni-.* → database NDB/,
    change: async (account) =>
      await account.ec2.send(new DeleteTagsCommand({ Resources: [account.desktop], Tags: [{ Key: 'renkei:person' }] })),
  },
  {
    name: 'a store that admits every address',
    breaks: ['layers'],
    shows: /→ store of .*: only the source group/,
    change: async (account) =>
      await account.letIn(await account.groupNamed(`renkei-demo-store-${PROJECT}`), {
        IpProtocol: 'tcp',
        FromPort: 2049,
        ToPort: 2049,
        IpRanges: [{ CidrIp: '0.0.0.0/0' }],
      }),
  },
  {
    name: 'a NAT gateway, a route to it from the controllers, and an ACL entry that lets it',
    breaks: ['internet', 'layers', 'model'],
    shows: /controllers of cell 1 → Internet/,
    change: async (account) => {
      account.put('NatGateways', 'nat-00000000000000001', {
        NatGatewayId: 'nat-00000000000000001',
        VpcId: account.world.ec2.subnets.get(account.controllersAt)!.VpcId,
        State: 'available',
      })
      account.addRoute(account.controllersAt, '0.0.0.0/0', 'nat-00000000000000001')
      account.allow(account.controllersAt, true)
    },
  },
  {
    name: 'a route added to the table of the controllers',
    breaks: ['layers'],
    shows: /controllers of cell 1 → Internet: only the network ACL/,
    change: async (account) => account.addRoute(account.controllersAt, '0.0.0.0/0', 'igw-00000000000000001'),
  },
  {
    name: 'an ACL entry that lets the controllers out',
    breaks: ['layers'],
    shows: /controllers of cell 1 → Internet: only the routes/,
    change: async (account) => account.allow(account.controllersAt, true),
  },
  {
    name: 'an Internet gateway attached to the cell',
    breaks: ['layers'],
    shows: /^Internet/m,
    change: async (account) =>
      account.put('InternetGateways', 'igw-00000000000000001', {
        InternetGatewayId: 'igw-00000000000000001',
        Attachments: [{ VpcId: account.told('visiting/1/vpc'), State: 'available' }],
      }),
  },
  {
    name: 'a peering with a VPC that is not ours',
    breaks: ['layers'],
    shows: /Internet/,
    change: async (account) =>
      account.put('VpcPeeringConnections', 'pcx-00000000000000001', {
        VpcPeeringConnectionId: 'pcx-00000000000000001',
        RequesterVpcInfo: { VpcId: 'vpc-0foreign' },
        AccepterVpcInfo: { VpcId: account.told('visiting/1/vpc') },
        Status: { Code: 'active' },
      }),
  },
  {
    name: 'a gateway endpoint in the table of the controllers',
    breaks: ['layers'],
    shows: /controllers of cell 1 → Internet/,
    change: async (account) =>
      account.put('VpcEndpoints', 'vpce-00000000000000001', {
        VpcEndpointId: 'vpce-00000000000000001',
        VpcEndpointType: 'Gateway',
        VpcId: account.told('visiting/1/vpc'),
        RouteTableIds: [account.tableOf(account.controllersAt)],
        State: 'available',
      }),
  },
  {
    name: "propagation of a link into the firewall's table",
    breaks: ['grants', 'layers'],
    shows: /→ database NDB/,
    change: async (account) =>
      account.put(
        'TransitGatewayRouteTablePropagations',
        'added',
        { TransitGatewayAttachmentId: account.vpn('NDB'), ResourceType: 'vpn', State: 'enabled' },
        account.told('hub/route-table/firewall'),
      ),
  },
  {
    name: 'a route in the gateway past the firewall',
    breaks: ['complete', 'encrypted', 'layers'],
    shows: /→ database NDB: it goes past the firewall/,
    change: async (account) =>
      account.put(
        'Routes',
        'added',
        {
          DestinationCidrBlock: '172.20.0.0/28',
          Type: 'static',
          State: 'active',
          TransitGatewayAttachments: [{ TransitGatewayAttachmentId: account.vpn('NDB') }],
        },
        account.told('hub/route-table/visiting'),
      ),
  },
  {
    name: 'a link associated with the table behind the firewall',
    breaks: ['complete', 'databases', 'encrypted', 'layers'],
    shows: /database/,
    change: async (account) => {
      const { fixed } = account.world.ec2
      const own = fixed
        .all()
        .find(
          ({ kind, shape }) =>
            kind === 'Associations' &&
            (shape as { TransitGatewayAttachmentId: string }).TransitGatewayAttachmentId === account.vpn('NDB'),
        )!
      fixed.update(own.id, { of: account.told('hub/route-table/firewall') })
    },
  },
  {
    name: 'a rule group that passes everything',
    breaks: ['layers'],
    shows: /→ database/,
    change: async (account) => {
      const { ruleGroups } = account.world.firewall
      const [group] = ruleGroups.all().filter(({ RuleGroup }) => RuleGroup?.RulesSource?.RulesString?.includes('pass'))
      ruleGroups.update(group!.RuleGroupResponse!.RuleGroupArn!, {
        RuleGroup: { ...group!.RuleGroup, RulesSource: { RulesString: 'pass ip any any -> any any (sid:1;)' } },
      })
    },
  },
  {
    name: 'a policy that takes up flows midstream',
    breaks: ['model'],
    shows: /midstream/,
    change: async (account) => {
      const [policy] = account.world.firewall.policies.all()
      account.world.firewall.policies.update(policy!.FirewallPolicyResponse!.FirewallPolicyArn!, {
        FirewallPolicy: {
          ...policy!.FirewallPolicy!,
          StatefulEngineOptions: { RuleOrder: 'STRICT_ORDER', StreamExceptionPolicy: 'CONTINUE' },
        },
      })
    },
  },
  {
    name: 'a tunnel that offers SHA-1',
    breaks: ['encrypted'],
    shows: /→ database NDB.*Phase1IntegrityAlgorithms offers SHA1/,
    change: async (account) => {
      const { vpnConnections } = account.world.ec2
      const [first, second] = vpnConnections.get(account.told('link/NDB/vpn-connection'))!.Options!.TunnelOptions!
      vpnConnections.update(account.told('link/NDB/vpn-connection'), {
        Options: { TunnelOptions: [{ ...first, Phase1IntegrityAlgorithms: [{ Value: 'SHA1' }] }, second!] },
      })
    },
  },
  {
    name: 'the default group of the cell opened again',
    breaks: ['layers', 'rest'],
    shows: /unplanned interface/,
    change: async (account) => {
      const { GroupId } = account.world.ec2.groups
        .all()
        .find(({ GroupName, VpcId }) => GroupName === 'default' && VpcId === account.told('visiting/1/vpc'))!
      await account.letIn(GroupId, { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] })
    },
  },
]
