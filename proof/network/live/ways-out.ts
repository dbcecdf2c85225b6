import {
  DescribeVpnGatewaysCommand,
  paginateDescribeEgressOnlyInternetGateways,
  paginateDescribeInternetGateways,
  paginateDescribeNatGateways,
  paginateDescribeVpcEndpoints,
  paginateDescribeVpcPeeringConnections,
  type EC2Client,
} from '@aws-sdk/client-ec2'
import { gone, ref, type Described } from './described.ts'

/** Whatever leads out of a VPC beside the Transit Gateway. Interface endpoints are seen by their interfaces. */
export async function describeWaysOut(client: EC2Client, described: Described): Promise<void> {
  await describeInternetGateways(client, described)
  await describeVpnGateways(client, described)
  await describeNatGateways(client, described)
  await describeEgressOnlyGateways(client, described)
  await describePeerings(client, described)
  await describeGatewayEndpoints(client, described)
}

async function describeInternetGateways(client: EC2Client, described: Described): Promise<void> {
  for await (const { InternetGateways = [] } of paginateDescribeInternetGateways({ client }, {}))
    for (const { InternetGatewayId = '', Attachments = [] } of InternetGateways)
      for (const { VpcId } of Attachments) putDoor(InternetGatewayId, VpcId, described)
}

async function describeVpnGateways(client: EC2Client, described: Described): Promise<void> {
  const { VpnGateways = [] } = await client.send(new DescribeVpnGatewaysCommand({}))
  for (const { VpnGatewayId = '', VpcAttachments = [] } of VpnGateways)
    for (const { VpcId, State } of VpcAttachments) if (State !== 'detached') putDoor(VpnGatewayId, VpcId, described)
}

async function describeNatGateways(client: EC2Client, described: Described): Promise<void> {
  for await (const { NatGateways = [] } of paginateDescribeNatGateways({ client }, {}))
    for (const { NatGatewayId = '', VpcId, State } of NatGateways)
      if (!gone(State)) refuse(NatGatewayId, VpcId, described)
}

async function describeEgressOnlyGateways(client: EC2Client, described: Described): Promise<void> {
  const pages = paginateDescribeEgressOnlyInternetGateways({ client }, {})
  for await (const { EgressOnlyInternetGateways = [] } of pages)
    for (const { EgressOnlyInternetGatewayId = '', Attachments = [] } of EgressOnlyInternetGateways)
      for (const { VpcId } of Attachments) refuse(EgressOnlyInternetGatewayId, VpcId, described)
}

async function describePeerings(client: EC2Client, described: Described): Promise<void> {
  const side = (vpc = '') => (described.vpcs.has(vpc) ? ref(vpc) : vpc)
  for await (const { VpcPeeringConnections = [] } of paginateDescribeVpcPeeringConnections({ client }, {})) {
    for (const { VpcPeeringConnectionId = '', RequesterVpcInfo, AccepterVpcInfo, Status } of VpcPeeringConnections) {
      const sides = { VpcId: side(RequesterVpcInfo?.VpcId), PeerVpcId: side(AccepterVpcInfo?.VpcId) }
      const ours = Object.values(sides).some((each) => typeof each === 'object')
      if (ours && !gone(Status?.Code)) described.put(VpcPeeringConnectionId, 'AWS::EC2::VPCPeeringConnection', sides)
    }
  }
}

async function describeGatewayEndpoints(client: EC2Client, described: Described): Promise<void> {
  for await (const { VpcEndpoints = [] } of paginateDescribeVpcEndpoints({ client }, {})) {
    for (const { VpcEndpointId = '', VpcEndpointType, VpcId = '', RouteTableIds = [], State } of VpcEndpoints) {
      if (!described.vpcs.has(VpcId) || VpcEndpointType !== 'Gateway' || gone(State)) continue
      described.put(VpcEndpointId, 'AWS::EC2::VPCEndpoint', {
        VpcId: ref(VpcId),
        VpcEndpointType,
        RouteTableIds: RouteTableIds.map(ref),
      })
    }
  }
}

/** A gateway by which others may come into a VPC. */
function putDoor(id: string, vpc: string | undefined, described: Described): void {
  if (!described.vpcs.has(vpc ?? '')) return
  described.put(id, 'AWS::EC2::VPCGatewayAttachment', { VpcId: ref(vpc), InternetGatewayId: id })
}

/** A gateway that fails the proof by being there. */
function refuse(id: string, vpc: string | undefined, described: Described): void {
  if (!described.vpcs.has(vpc ?? '')) return
  described.gap(`${id} in ${vpc}`, 'a way out to the Internet that no configuration asks for', 'take it away')
}
