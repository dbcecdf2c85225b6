import {
  CfnNetworkAcl,
  CfnRouteTable,
  CfnSubnet,
  CfnSubnetNetworkAclAssociation,
  CfnSubnetRouteTableAssociation,
  CfnTransitGatewayVpcAttachment,
  CfnVPC,
} from 'aws-cdk-lib/aws-ec2'
import { Construct } from 'constructs'
import type { Config } from '#lib/kernel/config/load.ts'
import { prefixLength, subnetOf } from '#lib/kernel/config/addresses.ts'
import { closeDefaultSecurityGroup } from './default-security-group.ts'
import type { NetworkLogs } from '#lib/kernel/network-logs.ts'

/** What the anchor is given. */
export interface AnchorVpcProps {
  /** The parsed configuration: zones and the range of the hub. */
  readonly config: Config
  /** Makes the flow log. */
  readonly logs: NetworkLogs
  /** What the anchor is attached to. */
  readonly transitGatewayId: string
  /** The network provider: it empties the VPC's default security group. */
  readonly serviceToken: string
}

/**
 * A VPC in which nothing runs. Its attachment enables both zones on the Transit Gateway, which a firewall attached
 * natively needs before it is made (docs/aws-behaviour.md, Network Firewall). The attachment is associated with no
 * route table, its subnets have no route and a network ACL without a rule: nothing enters and nothing leaves, twice
 * over (C-9).
 */
export class AnchorVpc extends Construct {
  /** What enables the zones; the firewall depends on it. */
  readonly attachment: CfnTransitGatewayVpcAttachment

  constructor(scope: Construct, id: string, props: AnchorVpcProps) {
    super(scope, id)
    const { azIds, environment, network } = props.config
    const name = `renkei-${environment}-anchor`
    const vpc = new CfnVPC(this, 'Vpc', {
      cidrBlock: network.hubCidr,
      enableDnsSupport: false,
      enableDnsHostnames: false,
      tags: [{ key: 'Name', value: name }],
    })
    closeDefaultSecurityGroup(this, vpc, props.serviceToken)
    const routes = new CfnRouteTable(this, 'RouteTable', { vpcId: vpc.ref, tags: [{ key: 'Name', value: name }] })
    const acl = new CfnNetworkAcl(this, 'NetworkAcl', { vpcId: vpc.ref, tags: [{ key: 'Name', value: name }] })
    const subnets = azIds.map((availabilityZoneId, index) => {
      const subnet = new CfnSubnet(this, `Subnet-${availabilityZoneId}`, {
        vpcId: vpc.ref,
        availabilityZoneId,
        cidrBlock: subnetOf(network.hubCidr, Math.min(28, prefixLength(network.hubCidr) + 1), index),
        mapPublicIpOnLaunch: false,
        tags: [{ key: 'Name', value: `${name}-${availabilityZoneId}` }],
      })
      new CfnSubnetRouteTableAssociation(this, `Routes-${availabilityZoneId}`, {
        subnetId: subnet.ref,
        routeTableId: routes.ref,
      })
      new CfnSubnetNetworkAclAssociation(this, `Acl-${availabilityZoneId}`, {
        subnetId: subnet.ref,
        networkAclId: acl.ref,
      })
      return subnet.ref
    })
    this.attachment = new CfnTransitGatewayVpcAttachment(this, 'Attachment', {
      transitGatewayId: props.transitGatewayId,
      vpcId: vpc.ref,
      subnetIds: subnets,
      options: {
        ApplianceModeSupport: 'disable',
        DnsSupport: 'disable',
        Ipv6Support: 'disable',
        SecurityGroupReferencingSupport: 'disable',
      },
      tags: [{ key: 'Name', value: name }],
    })
    props.logs.flowLog('AnchorVpcFlowLog', 'VPC', vpc.ref)
  }
}
