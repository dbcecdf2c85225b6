import { paginateDescribeSubnets, paginateDescribeVpcs, type EC2Client, type Vpc } from '@aws-sdk/client-ec2'
import { ref, type Described } from './described.ts'

/** VPCs and their subnets. */
export async function describeVpcs(client: EC2Client, described: Described): Promise<void> {
  for await (const { Vpcs = [] } of paginateDescribeVpcs({ client }, {})) {
    for (const { VpcId = '', ...vpc } of Vpcs)
      if (described.vpcs.has(VpcId)) described.put(VpcId, 'AWS::EC2::VPC', blocksOf(vpc))
  }
  for await (const { Subnets = [] } of paginateDescribeSubnets({ client }, {})) {
    for (const { SubnetId = '', VpcId = '', ...subnet } of Subnets) {
      if (!described.vpcs.has(VpcId)) continue
      described.put(SubnetId, 'AWS::EC2::Subnet', {
        VpcId: ref(VpcId),
        CidrBlock: subnet.CidrBlock,
        AvailabilityZoneId: subnet.AvailabilityZoneId,
        MapPublicIpOnLaunch: subnet.MapPublicIpOnLaunch,
        AssignIpv6AddressOnCreation: subnet.AssignIpv6AddressOnCreation,
        EnableDns64: subnet.EnableDns64,
        Ipv6Native: subnet.Ipv6Native,
      })
    }
  }
}

/** A second block, or one of IPv6, is in no reader: the proof fails at it. */
function blocksOf({ CidrBlock, CidrBlockAssociationSet = [], Ipv6CidrBlockAssociationSet = [] }: Vpc) {
  const held = CidrBlockAssociationSet.filter(({ CidrBlockState }) => CidrBlockState?.State === 'associated')
  return { CidrBlock, CidrBlockAssociationSet: held.length > 1 ? held : undefined, Ipv6CidrBlockAssociationSet }
}
