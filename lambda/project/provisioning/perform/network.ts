import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  DeleteSecurityGroupCommand,
  DeleteTagsCommand,
  ModifyNetworkInterfaceAttributeCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  type IpPermission,
} from '@aws-sdk/client-ec2'
import type { ActionOf } from '#domain/project/provisioning/actions.ts'
import { tagList } from '#domain/project/provisioning/resource-names.ts'
import type { Rule } from '#domain/project/provisioning/observed.ts'
import { tolerate } from '#lambda/kernel/errors.ts'
import type { Aws } from '../aws.ts'

export async function createGroup(
  { ec2 }: Aws,
  { name, description, vpcId, tags }: ActionOf<'CreateGroup'>,
): Promise<void> {
  await tolerate(['InvalidGroup.Duplicate'], () =>
    ec2.send(
      new CreateSecurityGroupCommand({
        GroupName: name,
        Description: description,
        VpcId: vpcId,
        TagSpecifications: [{ ResourceType: 'security-group', Tags: tagList(tags) }],
      }),
    ),
  )
}

export async function revokeRules(
  { ec2 }: Aws,
  { groupId: GroupId, direction, rules }: ActionOf<'RevokeRules'>,
): Promise<void> {
  const input = { GroupId, IpPermissions: rules.map(permissionOf) }
  await tolerate(['InvalidPermission.NotFound', 'InvalidGroup.NotFound'], async () =>
    direction === 'egress'
      ? ec2.send(new RevokeSecurityGroupEgressCommand(input))
      : ec2.send(new RevokeSecurityGroupIngressCommand(input)),
  )
}

export async function authorizeRules(
  { ec2 }: Aws,
  { groupId: GroupId, direction, rules }: ActionOf<'AuthorizeRules'>,
): Promise<void> {
  const input = { GroupId, IpPermissions: rules.map(permissionOf) }
  await tolerate(['InvalidPermission.Duplicate'], async () =>
    direction === 'egress'
      ? ec2.send(new AuthorizeSecurityGroupEgressCommand(input))
      : ec2.send(new AuthorizeSecurityGroupIngressCommand(input)),
  )
}

export async function deleteGroup({ ec2 }: Aws, { groupId }: ActionOf<'DeleteGroup'>): Promise<void> {
  await tolerate(['InvalidGroup.NotFound'], () => ec2.send(new DeleteSecurityGroupCommand({ GroupId: groupId })))
}

function permissionOf({ protocol, from, to, peer }: Rule): IpPermission {
  const base: IpPermission =
    protocol === '-1' ? { IpProtocol: '-1' } : { IpProtocol: protocol, FromPort: from, ToPort: to }
  const id = peer.slice(peer.indexOf('/') + 1)
  if (peer.startsWith('prefix-list/')) return { ...base, PrefixListIds: [{ PrefixListId: id }] }
  if (peer.startsWith('group/')) return { ...base, UserIdGroupPairs: [{ GroupId: id }] }
  return id.includes(':') ? { ...base, Ipv6Ranges: [{ CidrIpv6: id }] } : { ...base, IpRanges: [{ CidrIp: id }] }
}

export async function setGroups(
  { ec2 }: Pick<Aws, 'ec2'>,
  { interfaceId, groups }: Pick<ActionOf<'SetGroups'>, 'interfaceId' | 'groups'>,
): Promise<void> {
  await ec2.send(new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId: interfaceId, Groups: [...groups] }))
}

export async function tagInterface(
  { ec2 }: Pick<Aws, 'ec2'>,
  { interfaceId, tags }: Pick<ActionOf<'TagInterface'>, 'interfaceId' | 'tags'>,
): Promise<void> {
  await ec2.send(new CreateTagsCommand({ Resources: [interfaceId], Tags: tagList(tags) }))
}

export async function untagInterface(
  { ec2 }: Pick<Aws, 'ec2'>,
  { interfaceId, keys }: Pick<ActionOf<'UntagInterface'>, 'interfaceId' | 'keys'>,
): Promise<void> {
  await ec2.send(new DeleteTagsCommand({ Resources: [interfaceId], Tags: keys.map((Key) => ({ Key })) }))
}
