import type { TunnelOption, NetworkAcl, TransitGatewayRoute } from '@aws-sdk/client-ec2'
import type { Seed } from '../simulator/seed.ts'
import type { Simulator } from '../simulator/simulator.ts'
import type { FixedResource } from '../simulator/services/ec2/state.ts'

/** What a resource answers to `Ref` and `Fn::GetAtt`. */
export interface Made {
  readonly ref: string
  readonly attributes: Readonly<Record<string, string>>
}

/** Where a maker puts what it makes. */
interface Plane {
  readonly simulator: Simulator
  seed(seed: Seed): void
}

type Maker = (properties: Record<string, any>, id: (prefix: string) => string, plane: Plane) => Made | Promise<Made>

/** What every other type is: an id. */
export const other: Maker = (_, id) => ({ ref: id('res'), attributes: {} })

const firewallArn = (kind: string, name: string) =>
  `arn:aws:network-firewall:ap-northeast-1:000000000000:${kind}/${name}`

/**
 * The resource types that the control plane and `renkei network prove --live` meet; every other type only has an id.
 */
export const makers: Readonly<Record<string, Maker>> = {
  'AWS::EC2::VPC': (properties, id, plane) => {
    const vpcId = id('vpc')
    plane.seed({ vpcId, vpcCidr: properties['CidrBlock'] })
    const group = plane.simulator.world.ec2.groups
      .all()
      .find(({ VpcId, GroupName }) => VpcId === vpcId && GroupName === 'default')!
    return {
      ref: vpcId,
      attributes: { VpcId: vpcId, CidrBlock: properties['CidrBlock'], DefaultSecurityGroup: group.GroupId },
    }
  },
  'AWS::EC2::Subnet': (properties, id, plane) => {
    const subnet = id('subnet')
    plane.seed({
      vpcId: properties['VpcId'],
      subnets: [{ id: subnet, cidr: properties['CidrBlock'], azId: properties['AvailabilityZoneId'] }],
    })
    return { ref: subnet, attributes: { SubnetId: subnet } }
  },
  'AWS::EC2::SecurityGroup': (properties, id, plane) => {
    const group = id('sg')
    plane.seed({
      vpcId: properties['VpcId'],
      securityGroups: [
        { id: group, name: properties['GroupName'] ?? group, description: properties['GroupDescription'] },
      ],
    })
    return { ref: group, attributes: { GroupId: group } }
  },
  'AWS::EC2::PrefixList': (properties, id, plane) => {
    const list = id('pl')
    plane.seed({
      prefixLists: [
        {
          id: list,
          name: properties['PrefixListName'],
          maxEntries: Number(properties['MaxEntries']),
          cidrs: properties['Entries'].map((entry: { Cidr: string }) => entry.Cidr),
        },
      ],
    })
    return { ref: list, attributes: { PrefixListId: list } }
  },
  'AWS::EC2::TransitGateway': (_, id, plane) => {
    const gateway = id('tgw')
    plane.seed({ transitGateway: { id: gateway } })
    return { ref: gateway, attributes: { Id: gateway } }
  },
  'AWS::EC2::TransitGatewayRouteTable': (properties, id, plane) => {
    const table = id('tgw-rtb')
    plane.seed({ transitGateway: { id: properties['TransitGatewayId'], routeTableIds: [table] } })
    return { ref: table, attributes: {} }
  },
  'AWS::EC2::VPNConnection': (properties, id, plane) => {
    const connection = id('vpn')
    plane.seed({
      vpnConnections: [
        {
          id: connection,
          transitGatewayId: properties['TransitGatewayId'],
          customerGatewayId: properties['CustomerGatewayId'],
          tunnels: (properties['VpnTunnelOptionsSpecifications'] ?? []).map(tunnelOf),
        },
      ],
    })
    return { ref: connection, attributes: { VpnConnectionId: connection } }
  },
  'AWS::EC2::RouteTable': (properties, id, plane) => {
    const table = id('rtb')
    plane.seed({
      vpcId: properties['VpcId'],
      routeTables: [
        {
          id: table,
          subnetIds: [],
          routes: [{ cidr: plane.simulator.world.ec2.vpcs.get(properties['VpcId'])!.CidrBlock, target: 'local' }],
        },
      ],
    })
    return { ref: table, attributes: { RouteTableId: table } }
  },
  'AWS::EC2::SubnetRouteTableAssociation': (properties, id, plane) => {
    const { routeTables } = plane.simulator.world.ec2
    routeTables.update(properties['RouteTableId'], {
      SubnetIds: [...routeTables.get(properties['RouteTableId'])!.SubnetIds, properties['SubnetId']],
    })
    return { ref: id('rtbassoc'), attributes: {} }
  },
  'AWS::EC2::Route': (properties, id, plane) => {
    const { routeTables } = plane.simulator.world.ec2
    const target = String(
      properties['TransitGatewayId'] ??
        properties['GatewayId'] ??
        properties['NatGatewayId'] ??
        properties['VpcPeeringConnectionId'],
    )
    routeTables.update(properties['RouteTableId'], {
      Routes: [
        ...routeTables.get(properties['RouteTableId'])!.Routes,
        { DestinationCidrBlock: properties['DestinationCidrBlock'], target },
      ],
    })
    return { ref: id('r'), attributes: {} }
  },
  'AWS::EC2::NetworkAcl': (properties, id, plane) => {
    const acl = id('acl')
    // Ends with the entry that cannot be taken away: what nothing allows is denied ("Network ACL rules", VPC user
    // guide).
    const Entries = [false, true].map((Egress) => ({
      RuleNumber: 32_767,
      RuleAction: 'deny' as const,
      Egress,
      Protocol: '-1',
      CidrBlock: '0.0.0.0/0',
    }))
    putFixed(plane, 'NetworkAcls', acl, {
      NetworkAclId: acl,
      VpcId: properties['VpcId'],
      IsDefault: false,
      Associations: [],
      Entries,
    } satisfies NetworkAcl)
    return { ref: acl, attributes: { Id: acl } }
  },
  'AWS::EC2::NetworkAclEntry': (properties, id, plane) => {
    const acl = plane.simulator.world.ec2.fixed.get(properties['NetworkAclId'])!.shape as NetworkAcl
    const { RuleNumber, RuleAction, Egress = false, Protocol, CidrBlock, PortRange } = properties
    putFixed(plane, 'NetworkAcls', acl.NetworkAclId!, {
      ...acl,
      Entries: [...acl.Entries!, { RuleNumber, RuleAction, Egress, Protocol: String(Protocol), CidrBlock, PortRange }],
    } satisfies NetworkAcl)
    return { ref: id('acl-entry'), attributes: {} }
  },
  'AWS::EC2::SubnetNetworkAclAssociation': (properties, id, plane) => {
    const acl = plane.simulator.world.ec2.fixed.get(properties['NetworkAclId'])!.shape as NetworkAcl
    putFixed(plane, 'NetworkAcls', acl.NetworkAclId!, {
      ...acl,
      Associations: [
        ...acl.Associations!,
        { NetworkAclAssociationId: id('aclassoc'), NetworkAclId: acl.NetworkAclId, SubnetId: properties['SubnetId'] },
      ],
    } satisfies NetworkAcl)
    return { ref: id('aclassoc'), attributes: {} }
  },
  'AWS::EC2::TransitGatewayVpcAttachment': (properties, id, plane) => {
    const attachment = id('tgw-attach')
    const { TransitGatewayId, VpcId, SubnetIds, Options } = properties
    plane.seed({
      transitAttachments: [
        { id: attachment, transitGatewayId: TransitGatewayId, resourceType: 'vpc', resourceId: VpcId },
      ],
    })
    putFixed(plane, 'TransitGatewayVpcAttachments', attachment, {
      TransitGatewayAttachmentId: attachment,
      TransitGatewayId,
      VpcId,
      SubnetIds,
      Options,
      State: 'available',
    })
    return { ref: attachment, attributes: { Id: attachment } }
  },
  'AWS::EC2::TransitGatewayRouteTableAssociation': (properties, id, plane) =>
    ofTable('Associations', properties, id('tgw-assoc'), plane),
  'AWS::EC2::TransitGatewayRouteTablePropagation': (properties, id, plane) =>
    ofTable('TransitGatewayRouteTablePropagations', properties, id('tgw-prop'), plane),
  'AWS::EC2::TransitGatewayRoute': (properties, id, plane) => {
    const { TransitGatewayAttachmentId, DestinationCidrBlock, Blackhole } = properties
    const route: TransitGatewayRoute = {
      DestinationCidrBlock,
      Type: 'static',
      State: Blackhole ? 'blackhole' : 'active',
      TransitGatewayAttachments: Blackhole ? [] : [{ TransitGatewayAttachmentId }],
    }
    plane.seed({
      fixed: [{ id: id('tgw-route'), kind: 'Routes', of: properties['TransitGatewayRouteTableId'], shape: route }],
    })
    return { ref: id('tgw-route'), attributes: {} }
  },
  'AWS::EC2::CustomerGateway': (properties, id, plane) => {
    const gateway = id('cgw')
    putFixed(plane, 'CustomerGateways', gateway, {
      CustomerGatewayId: gateway,
      IpAddress: properties['IpAddress'],
      Type: properties['Type'],
      BgpAsn: String(properties['BgpAsn']),
      State: 'available',
    })
    return { ref: gateway, attributes: { CustomerGatewayId: gateway } }
  },
  'AWS::NetworkFirewall::RuleGroup': (properties, _, plane) => {
    const kind = `${String(properties['Type']).toLowerCase()}-rulegroup`
    const RuleGroupArn = firewallArn(kind, properties['RuleGroupName'])
    plane.seed({
      ruleGroups: {
        [RuleGroupArn]: {
          UpdateToken: 'seeded',
          RuleGroup: properties['RuleGroup'],
          RuleGroupResponse: {
            RuleGroupArn,
            RuleGroupName: properties['RuleGroupName'],
            RuleGroupId: properties['RuleGroupName'],
            Type: properties['Type'],
          },
        },
      },
    })
    return { ref: RuleGroupArn, attributes: { RuleGroupArn } }
  },
  'AWS::NetworkFirewall::FirewallPolicy': (properties, _, plane) => {
    const name = properties['FirewallPolicyName']
    const FirewallPolicyArn = firewallArn('firewall-policy', name)
    plane.seed({
      firewallPolicies: {
        [FirewallPolicyArn]: {
          UpdateToken: 'seeded',
          FirewallPolicy: properties['FirewallPolicy'],
          FirewallPolicyResponse: { FirewallPolicyArn, FirewallPolicyName: name, FirewallPolicyId: name },
        },
      },
    })
    return { ref: FirewallPolicyArn, attributes: { FirewallPolicyArn } }
  },
  'AWS::ResourceGroups::Group': (properties, _, plane) => {
    const [filter] = properties['ResourceQuery'].Query.TagFilters
    plane.seed({ resourceGroups: [{ name: properties['Name'], tagKey: filter.Key, tagValue: filter.Values[0] }] })
    return {
      ref: properties['Name'],
      attributes: { Arn: `arn:aws:resource-groups:ap-northeast-1:000000000000:group/${properties['Name']}` },
    }
  },
  'AWS::NetworkFirewall::Firewall': (properties, id, plane) => {
    const arn = firewallArn('firewall', properties['FirewallName'] ?? id('fw'))
    const attachment = id('tgw-attach')
    plane.seed({
      firewalls: [
        {
          arn,
          admits: [],
          described: {
            Firewall: {
              FirewallName: properties['FirewallName'],
              FirewallArn: arn,
              FirewallId: id('fw'),
              FirewallPolicyArn: properties['FirewallPolicyArn'],
              VpcId: undefined,
              SubnetMappings: [],
              TransitGatewayId: properties['TransitGatewayId'],
            },
            FirewallStatus: {
              Status: 'READY',
              ConfigurationSyncStateSummary: 'IN_SYNC',
              TransitGatewayAttachmentSyncState: { AttachmentId: attachment, TransitGatewayAttachmentStatus: 'READY' },
            },
          },
        },
      ],
      transitAttachments: [
        {
          id: attachment,
          transitGatewayId: properties['TransitGatewayId'],
          resourceType: 'network-function',
          resourceId: arn,
        },
      ],
    })
    return { ref: arn, attributes: { FirewallArn: arn, TransitGatewayAttachmentId: attachment } }
  },
  'AWS::DirectoryService::MicrosoftAD': (properties, id, plane) => {
    const directoryId = id('d')
    plane.seed({
      vpcId: properties['VpcSettings'].VpcId,
      directoryId,
      directory: {
        name: properties['Name'],
        shortName: properties['ShortName'],
        subnetIds: properties['VpcSettings'].SubnetIds,
      },
    })
    return { ref: directoryId, attributes: { Alias: directoryId } }
  },
}

function putFixed(plane: Plane, kind: FixedResource['kind'], id: string, shape: object): void {
  plane.seed({ fixed: [{ id, kind, shape }] })
}

function ofTable(
  kind: 'Associations' | 'TransitGatewayRouteTablePropagations',
  properties: Record<string, any>,
  id: string,
  plane: Plane,
): Made {
  const { TransitGatewayRouteTableId: of, TransitGatewayAttachmentId } = properties
  const { ResourceId, ResourceType } = plane.simulator.world.ec2.attachments.get(TransitGatewayAttachmentId)!
  plane.seed({
    fixed: [
      {
        id,
        kind,
        of,
        shape: {
          TransitGatewayAttachmentId,
          ResourceId,
          ResourceType,
          State: kind === 'Associations' ? 'associated' : 'enabled',
        },
      },
    ],
  })
  return { ref: id, attributes: {} }
}

/** What a tunnel offers, under the names of DescribeVpnConnections. */
function tunnelOf({
  IKEVersions,
  Phase1EncryptionAlgorithms,
  Phase2EncryptionAlgorithms,
  Phase1IntegrityAlgorithms,
  Phase2IntegrityAlgorithms,
  Phase1DHGroupNumbers,
  Phase2DHGroupNumbers,
}: Record<string, any>): TunnelOption {
  return {
    IkeVersions: IKEVersions,
    Phase1EncryptionAlgorithms,
    Phase2EncryptionAlgorithms,
    Phase1IntegrityAlgorithms,
    Phase2IntegrityAlgorithms,
    Phase1DHGroupNumbers,
    Phase2DHGroupNumbers,
  }
}
