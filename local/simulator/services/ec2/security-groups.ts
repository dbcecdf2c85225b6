import {
  CreateSecurityGroup$,
  DeleteSecurityGroup$,
  DescribeSecurityGroups$,
  type CreateSecurityGroupRequest,
  type CreateSecurityGroupResult,
  type DeleteSecurityGroupRequest,
  type DeleteSecurityGroupResult,
  type DescribeSecurityGroupsRequest,
  type DescribeSecurityGroupsResult,
  type IpPermission,
  type SecurityGroup as Description,
  type Tag,
} from '@aws-sdk/client-ec2'
import { ServiceError } from '#local/simulator/errors.ts'
import { operation } from '#local/simulator/operation.ts'
import type { World } from '#local/simulator/world.ts'
import { filtered } from './filters.ts'
import { paged } from '#local/simulator/paging.ts'
import { find, missing, seen, tagList, tagsSeen } from './lookup.ts'
import type { Rule, SecurityGroup } from './state.ts'
import { setTags, specifiedTags } from './tags.ts'

/** Source: "Amazon VPC quotas": VPC security groups per region, 2,500 by default. */
const groupsPerRegion = 2_500

/**
 * Makes a group with AWS's default rule: all egress to 0.0.0.0/0.
 * Source: "Security groups", https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html
 */
export function createGroup(
  world: World,
  name: string,
  description: string,
  vpcId: string,
  tags: readonly Tag[] = [],
): SecurityGroup {
  find(world, 'vpcs', vpcId)
  const groups = world.ec2.groups.all()
  if (groups.some((group) => group.VpcId === vpcId && group.GroupName === name))
    throw new ServiceError('InvalidGroup.Duplicate', `The security group '${name}' already exists for VPC '${vpcId}'`)
  if (groups.length >= groupsPerRegion)
    throw new ServiceError('SecurityGroupLimitExceeded', 'The maximum number of security groups has been reached')
  const GroupId = world.id('sg')
  if (tags.length > 0) setTags(world, GroupId, tags)
  const rule = world.id('sgr')
  world.ec2.rules.put(rule, {
    SecurityGroupRuleId: rule,
    GroupId,
    IsEgress: true,
    IpProtocol: '-1',
    FromPort: -1,
    ToPort: -1,
    CidrIpv4: '0.0.0.0/0',
  })
  return world.ec2.groups.put(GroupId, { GroupId, GroupName: name, Description: description, VpcId: vpcId })
}

/** Who uses a group, so that it cannot be deleted: interfaces, and rules of other groups. */
function users(world: World, id: string): string[] {
  return [
    ...world.ec2.interfaces
      .all()
      .filter((each) => each.Groups.includes(id))
      .map((each) => each.NetworkInterfaceId),
    ...world.ec2.rules
      .all()
      .filter((rule) => rule.ReferencedGroupId === id && rule.GroupId !== id)
      .map((rule) => rule.GroupId),
  ]
}

export function deleteGroup(world: World, id: string): void {
  for (const rule of world.ec2.rules.all()) if (rule.GroupId === id) world.ec2.rules.remove(rule.SecurityGroupRuleId)
  world.ec2.groups.remove(id)
  world.ec2.tags.remove(id)
}

/** Rules as `IpPermissions`: one entry per protocol and port range. */
function permissions(rules: readonly Rule[], account: string): IpPermission[] {
  const byRange = Map.groupBy(rules, (rule) => `${rule.IpProtocol} ${rule.FromPort} ${rule.ToPort}`)
  return [...byRange.values()].map((same) => {
    const { IpProtocol, FromPort, ToPort } = same[0]!
    return {
      IpProtocol,
      ...(IpProtocol === '-1' ? {} : { FromPort, ToPort }),
      IpRanges: same.flatMap(({ CidrIpv4: CidrIp, Description }) => (CidrIp ? [{ CidrIp, Description }] : [])),
      Ipv6Ranges: same.flatMap(({ CidrIpv6, Description }) => (CidrIpv6 ? [{ CidrIpv6, Description }] : [])),
      PrefixListIds: same.flatMap(({ PrefixListId, Description }) =>
        PrefixListId ? [{ PrefixListId, Description }] : [],
      ),
      UserIdGroupPairs: same.flatMap(({ ReferencedGroupId: GroupId, Description }) =>
        GroupId ? [{ GroupId, UserId: account, Description }] : [],
      ),
    }
  })
}

function describe(world: World, group: SecurityGroup): Description {
  const rules = world.ec2.rules.allSeen().filter((rule) => rule.GroupId === group.GroupId)
  return {
    ...group,
    OwnerId: world.account,
    SecurityGroupArn: world.arn('ec2', `security-group/${group.GroupId}`),
    IpPermissions: permissions(
      rules.filter((rule) => !rule.IsEgress),
      world.account,
    ),
    IpPermissionsEgress: permissions(
      rules.filter((rule) => rule.IsEgress),
      world.account,
    ),
    Tags: tagList(tagsSeen(world, group.GroupId)),
  }
}

export const groupOperations = [
  operation<CreateSecurityGroupRequest, CreateSecurityGroupResult>(
    CreateSecurityGroup$,
    ['GroupName', 'Description', 'VpcId', 'TagSpecifications'],
    (input, world) => {
      const { GroupName, Description, VpcId } = input
      // Names and descriptions: CreateSecurityGroup (EC2 API reference), constraints for a VPC.
      const allowed = /^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]{1,255}$/
      if (!allowed.test(GroupName) || GroupName.startsWith('sg-'))
        throw new ServiceError('InvalidParameterValue', `Value (${GroupName}) for parameter GroupName is invalid`)
      if (!allowed.test(Description))
        throw new ServiceError(
          'InvalidParameterValue',
          `Value (${Description}) for parameter GroupDescription is invalid. ` +
            'Character sets beyond ASCII are not supported.',
        )
      if (!VpcId) throw new ServiceError('VPCIdNotSpecified', 'No default VPC for this user')
      const tags = specifiedTags(input.TagSpecifications, 'security-group')
      const group = createGroup(world, GroupName, Description, VpcId, tags)
      return {
        GroupId: group.GroupId,
        Tags: tags,
        SecurityGroupArn: world.arn('ec2', `security-group/${group.GroupId}`),
      }
    },
  ),

  /** A group in use cannot be deleted: "DeleteSecurityGroup", EC2 API reference (DependencyViolation). */
  operation<DeleteSecurityGroupRequest, DeleteSecurityGroupResult>(
    DeleteSecurityGroup$,
    ['GroupId'],
    ({ GroupId }, world) => {
      if (!GroupId) throw new ServiceError('MissingParameter', 'The request must contain the parameter GroupId')
      const group = find(world, 'groups', GroupId)
      if (group.GroupName === 'default')
        throw new ServiceError('CannotDelete', 'the default security group cannot be deleted by a user')
      const used = users(world, GroupId)
      if (used.length > 0)
        throw new ServiceError('DependencyViolation', `resource ${GroupId} has a dependent object (${used[0]})`)
      deleteGroup(world, GroupId)
      return { Return: true, GroupId }
    },
  ),

  operation<DescribeSecurityGroupsRequest, DescribeSecurityGroupsResult>(
    DescribeSecurityGroups$,
    ['GroupIds', 'GroupNames', 'Filters', 'MaxResults', 'NextToken'],
    (input, world) => {
      const named = seen(world, 'groups', input.GroupIds).filter(
        (group) => !input.GroupNames || input.GroupNames.includes(group.GroupName),
      )
      for (const name of input.GroupNames ?? [])
        if (!named.some((group) => group.GroupName === name)) throw missing('groups', name)
      const found = filtered(world, named, input.Filters, (group) => group.GroupId, {
        'group-id': (group) => group.GroupId,
        'group-name': (group) => group.GroupName,
        'vpc-id': (group) => group.VpcId,
        description: (group) => group.Description,
        'owner-id': () => world.account,
        'egress.ip-permission.prefix-list-id': (group) =>
          world.ec2.rules
            .allSeen()
            .flatMap((rule) => (rule.GroupId === group.GroupId && rule.IsEgress && rule.PrefixListId) || []),
      })
      const page = paged(found, input.NextToken, input.MaxResults, 1_000)
      return { SecurityGroups: page.items.map((group) => describe(world, group)), NextToken: page.NextToken }
    },
  ),
]
