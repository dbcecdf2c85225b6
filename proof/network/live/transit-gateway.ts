import {
  DescribeCustomerGatewaysCommand,
  DescribeVpnConnectionsCommand,
  paginateDescribeTransitGatewayAttachments,
  paginateDescribeTransitGateways,
  paginateDescribeTransitGatewayVpcAttachments,
  type EC2Client,
  type TunnelOption,
} from '@aws-sdk/client-ec2'
import { vpnAttachment } from '../model/aws-made.ts'
import { gone, ref, type Described } from './described.ts'
import { ACCOUNT } from './view.ts'

/** The Transit Gateway, its attachments, and its connections with all that their tunnels offer. */
export async function describeGateway(client: EC2Client, gateway: string, described: Described): Promise<void> {
  await describeOptions(client, gateway, described)
  await describeAttachments(client, gateway, described)
  await describeVpcAttachments(client, gateway, described)
  await describeCustomerGateways(client, described)
  await describeConnections(client, gateway, described)
}

async function describeOptions(client: EC2Client, gateway: string, described: Described): Promise<void> {
  const pages = paginateDescribeTransitGateways({ client }, { TransitGatewayIds: [gateway] })
  for await (const { TransitGateways = [] } of pages) {
    for (const { Options = {} } of TransitGateways) {
      const { AutoAcceptSharedAttachments, MulticastSupport, SecurityGroupReferencingSupport } = Options
      described.put(gateway, 'AWS::EC2::TransitGateway', {
        AutoAcceptSharedAttachments,
        MulticastSupport,
        SecurityGroupReferencingSupport,
        // Associations and propagations are read as they are, whatever made them.
        DefaultRouteTableAssociation: 'disable',
        DefaultRouteTablePropagation: 'disable',
      })
    }
  }
}

async function describeAttachments(client: EC2Client, gateway: string, described: Described): Promise<void> {
  const Filters = [{ Name: 'transit-gateway-id', Values: [gateway] }]
  const pages = paginateDescribeTransitGatewayAttachments({ client }, { Filters })
  for await (const { TransitGatewayAttachments = [] } of pages) {
    for (const { TransitGatewayAttachmentId: id = '', ResourceType, ResourceId = '' } of TransitGatewayAttachments)
      if (ResourceType === 'vpn') described.nameAttachment(id, vpnAttachment(`${ACCOUNT}/${ResourceId}`))
  }
}

async function describeVpcAttachments(client: EC2Client, gateway: string, described: Described): Promise<void> {
  const pages = paginateDescribeTransitGatewayVpcAttachments({ client }, {})
  for await (const { TransitGatewayVpcAttachments = [] } of pages) {
    for (const attachment of TransitGatewayVpcAttachments) {
      const { TransitGatewayAttachmentId: id = '', TransitGatewayId, VpcId = '', SubnetIds = [] } = attachment
      if (TransitGatewayId !== gateway || gone(attachment.State)) continue
      described.vpcs.add(VpcId)
      described.put(id, 'AWS::EC2::TransitGatewayVpcAttachment', {
        TransitGatewayId: ref(gateway),
        VpcId: ref(VpcId),
        SubnetIds: SubnetIds.map(ref),
        Options: attachment.Options,
      })
    }
  }
}

async function describeCustomerGateways(client: EC2Client, described: Described): Promise<void> {
  const { CustomerGateways = [] } = await client.send(new DescribeCustomerGatewaysCommand({}))
  for (const { CustomerGatewayId = '', IpAddress, Type } of CustomerGateways)
    described.put(CustomerGatewayId, 'AWS::EC2::CustomerGateway', { IpAddress, Type })
}

async function describeConnections(client: EC2Client, gateway: string, described: Described): Promise<void> {
  const { VpnConnections = [] } = await client.send(new DescribeVpnConnectionsCommand({}))
  for (const connection of VpnConnections) {
    const { VpnConnectionId = '', TransitGatewayId, CustomerGatewayId, Type, State, Options } = connection
    if (TransitGatewayId !== gateway || gone(State)) continue
    described.put(VpnConnectionId, 'AWS::EC2::VPNConnection', {
      TransitGatewayId: ref(gateway),
      CustomerGatewayId: ref(CustomerGatewayId),
      Type,
      VpnTunnelOptionsSpecifications: (Options?.TunnelOptions ?? []).map(proposals),
    })
  }
}

/** What a tunnel offers; EC2 and CloudFormation write `IKEVersions` differently. */
const proposals = ({
  IkeVersions,
  Phase1EncryptionAlgorithms,
  Phase2EncryptionAlgorithms,
  Phase1IntegrityAlgorithms,
  Phase2IntegrityAlgorithms,
  Phase1DHGroupNumbers,
  Phase2DHGroupNumbers,
}: TunnelOption) => ({
  IKEVersions: IkeVersions,
  Phase1EncryptionAlgorithms,
  Phase2EncryptionAlgorithms,
  Phase1IntegrityAlgorithms,
  Phase2IntegrityAlgorithms,
  Phase1DHGroupNumbers,
  Phase2DHGroupNumbers,
})
