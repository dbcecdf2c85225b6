import { paginateDescribeNetworkAcls, type EC2Client, type NetworkAcl } from '@aws-sdk/client-ec2'
import { ref, type Described } from './described.ts'

/** The number of the entry that every ACL ends with, which denies what nothing allows (EC2 API, NetworkAclEntry). */
const LAST_ENTRY = 32_767

/** Network ACLs with every entry but the last. */
export async function describeAcls(client: EC2Client, described: Described): Promise<void> {
  for await (const { NetworkAcls = [] } of paginateDescribeNetworkAcls({ client }, {}))
    for (const acl of NetworkAcls) if (described.vpcs.has(acl.VpcId ?? '')) describeAcl(acl, described)
}

function describeAcl(
  { NetworkAclId: id = '', VpcId, Associations = [], Entries = [] }: NetworkAcl,
  described: Described,
): void {
  described.put(id, 'AWS::EC2::NetworkAcl', { VpcId: ref(VpcId) })
  for (const { SubnetId } of Associations)
    described.put(`${id} of ${SubnetId}`, 'AWS::EC2::SubnetNetworkAclAssociation', {
      NetworkAclId: ref(id),
      SubnetId: ref(SubnetId),
    })
  for (const entry of Entries) {
    const { RuleNumber = 0, Egress } = entry
    if (RuleNumber >= LAST_ENTRY) continue
    described.put(`${id} ${Egress ? 'egress' : 'ingress'} ${RuleNumber}`, 'AWS::EC2::NetworkAclEntry', {
      ...entry,
      RuleNumber,
      NetworkAclId: ref(id),
    })
  }
}
