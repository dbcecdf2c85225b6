import {
  AuthorizeSecurityGroupEgress$,
  AuthorizeSecurityGroupIngress$,
  DescribeSecurityGroupRules$,
  RevokeSecurityGroupEgress$,
  RevokeSecurityGroupIngress$,
  type AuthorizeSecurityGroupEgressRequest,
  type AuthorizeSecurityGroupEgressResult,
  type DescribeSecurityGroupRulesRequest,
  type DescribeSecurityGroupRulesResult,
  type IpPermission,
  type RevokeSecurityGroupEgressRequest,
  type RevokeSecurityGroupEgressResult,
  type SecurityGroupRule,
} from '@aws-sdk/client-ec2'
import { ServiceError } from '#local/simulator/errors.ts'
import { operation } from '#local/simulator/operation.ts'
import type { World } from '#local/simulator/world.ts'
import { filtered } from './filters.ts'
import { paged } from '#local/simulator/paging.ts'
import { find, seen, tagList, tagsSeen } from './lookup.ts'
import type { Rule } from './state.ts'
import { setTags, specifiedTags } from './tags.ts'

/**
 * Source: "Amazon VPC quotas": inbound or outbound rules per security group, 60 each; a prefix list counts its maximum
 * entries.
 */
const rulesPerGroup = 60

const protocolNames: Readonly<Record<string, string>> = {
  6: 'tcp',
  17: 'udp',
  1: 'icmp',
  tcp: 'tcp',
  udp: 'udp',
  icmp: 'icmp',
  '-1': '-1',
}

type Bare = Omit<Rule, 'SecurityGroupRuleId' | 'GroupId' | 'IsEgress'>

/** One rule for each range, list and group in a request's permissions. */
function expand(world: World, wanted: readonly IpPermission[]): Bare[] {
  return wanted.flatMap((permission) => {
    const IpProtocol = protocolNames[String(permission.IpProtocol ?? '').toLowerCase()]
    if (!IpProtocol)
      throw new ServiceError(
        'InvalidPermission.Malformed',
        `Unsupported IP protocol "${permission.IpProtocol ?? ''}" - supported: [tcp, udp, icmp, -1]`,
      )
    const FromPort = IpProtocol === '-1' ? -1 : permission.FromPort
    const ToPort = IpProtocol === '-1' ? -1 : permission.ToPort
    if (FromPort === undefined || ToPort === undefined || FromPort > ToPort || ToPort > 65_535)
      throw new ServiceError(
        'InvalidParameterValue',
        `Invalid value for portRange. Must specify both from and to ports with ${IpProtocol}.`,
      )
    const base = { IpProtocol, FromPort, ToPort }
    const rules: Bare[] = [
      ...(permission.IpRanges ?? []).map((range) => ({
        ...base,
        CidrIpv4: canonicalCidr(range.CidrIp),
        Description: range.Description,
      })),
      ...(permission.Ipv6Ranges ?? []).map((range) => ({
        ...base,
        CidrIpv6: range.CidrIpv6!,
        Description: range.Description,
      })),
      ...(permission.PrefixListIds ?? []).map((list) => ({
        ...base,
        PrefixListId: find(world, 'prefixLists', list.PrefixListId ?? '').PrefixListId,
        Description: list.Description,
      })),
      ...(permission.UserIdGroupPairs ?? []).map((pair) => ({
        ...base,
        ReferencedGroupId: find(world, 'groups', pair.GroupId ?? '').GroupId,
        Description: pair.Description,
      })),
    ]
    if (rules.length === 0)
      throw new ServiceError(
        'MissingParameter',
        'The request must contain a range, a prefix list or a group for each permission',
      )
    return rules
  })
}

function canonicalCidr(cidr: string | undefined): string {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(cidr ?? '')
  if (!match || match.slice(1, 5).some((part) => Number(part) > 255) || Number(match[5]) > 32)
    throw new ServiceError('InvalidParameterValue', `CIDR block ${cidr ?? ''} is malformed`)
  return cidr!
}

const identity = (rule: Bare) =>
  [
    rule.IpProtocol,
    rule.FromPort,
    rule.ToPort,
    rule.CidrIpv4,
    rule.CidrIpv6,
    rule.PrefixListId,
    rule.ReferencedGroupId,
  ].join('|')

function rulesOf(world: World, group: string, egress: boolean): Rule[] {
  return world.ec2.rules.all().filter((rule) => rule.GroupId === group && rule.IsEgress === egress)
}

function weight(world: World, rule: Bare): number {
  return rule.PrefixListId ? (world.ec2.prefixLists.get(rule.PrefixListId)?.MaxEntries ?? 1) : 1
}

function describe(world: World, rule: Rule): SecurityGroupRule {
  const { ReferencedGroupId, ...rest } = rule
  return {
    ...rest,
    GroupOwnerId: world.account,
    ...(ReferencedGroupId ? { ReferencedGroupInfo: { GroupId: ReferencedGroupId, UserId: world.account } } : {}),
    Tags: tagList(tagsSeen(world, rule.SecurityGroupRuleId)),
    SecurityGroupRuleArn: world.arn('ec2', `security-group-rule/${rule.SecurityGroupRuleId}`),
  }
}

function ruleInWords({ IpProtocol, FromPort, ToPort, ...rule }: Bare): string {
  const peer = rule.CidrIpv4 ?? rule.PrefixListId ?? rule.ReferencedGroupId ?? rule.CidrIpv6
  return `peer: ${peer}, ${IpProtocol}, from port: ${FromPort}, to port: ${ToPort}`
}

function authorize(egress: boolean) {
  return (input: AuthorizeSecurityGroupEgressRequest, world: World): AuthorizeSecurityGroupEgressResult => {
    const group = find(world, 'groups', input.GroupId ?? '')
    const wanted = expand(world, input.IpPermissions ?? [])
    if (wanted.length === 0)
      throw new ServiceError('MissingParameter', 'The request must contain the parameter ipPermissions')
    const existing = rulesOf(world, group.GroupId, egress)
    const known = new Set(existing.map(identity))
    for (const rule of wanted) {
      if (known.has(identity(rule)))
        throw new ServiceError(
          'InvalidPermission.Duplicate',
          `the specified rule "${ruleInWords(rule)}, ALLOW" already exists`,
        )
      known.add(identity(rule))
    }
    const total = [...existing, ...wanted].reduce((sum, rule) => sum + weight(world, rule), 0)
    if (total > rulesPerGroup)
      throw new ServiceError(
        'RulesPerSecurityGroupLimitExceeded',
        'The maximum number of rules per security group has been reached.',
      )
    const tags = specifiedTags(input.TagSpecifications, 'security-group-rule')
    const made = wanted.map((rule) => {
      const id = world.id('sgr')
      if (tags.length > 0) setTags(world, id, tags)
      return world.ec2.rules.put(id, { ...rule, SecurityGroupRuleId: id, GroupId: group.GroupId, IsEgress: egress })
    })
    return { Return: true, SecurityGroupRules: made.map((rule) => describe(world, rule)) }
  }
}

/**
 * Rules must match exactly, or nothing is revoked: "RevokeSecurityGroupEgress", EC2 API reference
 * (InvalidPermission.NotFound in a VPC).
 */
function revoke(egress: boolean) {
  return (input: RevokeSecurityGroupEgressRequest, world: World): RevokeSecurityGroupEgressResult => {
    const group = find(world, 'groups', input.GroupId ?? '')
    const existing = rulesOf(world, group.GroupId, egress)
    const byId = (input.SecurityGroupRuleIds ?? []).map((id) => {
      const rule = existing.find((each) => each.SecurityGroupRuleId === id)
      if (!rule)
        throw new ServiceError(
          'InvalidSecurityGroupRuleId.NotFound',
          `The security group rule ID '${id}' does not exist`,
        )
      return rule
    })
    const byContent = expand(world, input.IpPermissions ?? []).map((wanted) => {
      const rule = existing.find((each) => identity(each) === identity(wanted))
      if (!rule)
        throw new ServiceError(
          'InvalidPermission.NotFound',
          'The specified rule does not exist in this security group.',
        )
      return rule
    })
    const revoked = [...byId, ...byContent]
    if (revoked.length === 0)
      throw new ServiceError(
        'MissingParameter',
        'The request must contain the parameter ipPermissions or securityGroupRuleIds',
      )
    for (const rule of revoked) world.ec2.rules.remove(rule.SecurityGroupRuleId)
    return { Return: true }
  }
}

const authorizeMembers = ['GroupId', 'IpPermissions', 'TagSpecifications'] as const
const revokeMembers = ['GroupId', 'IpPermissions', 'SecurityGroupRuleIds'] as const

export const ruleOperations = [
  operation<AuthorizeSecurityGroupEgressRequest, AuthorizeSecurityGroupEgressResult>(
    AuthorizeSecurityGroupEgress$,
    authorizeMembers,
    authorize(true),
  ),
  operation<AuthorizeSecurityGroupEgressRequest, AuthorizeSecurityGroupEgressResult>(
    AuthorizeSecurityGroupIngress$,
    authorizeMembers,
    authorize(false),
  ),
  operation<RevokeSecurityGroupEgressRequest, RevokeSecurityGroupEgressResult>(
    RevokeSecurityGroupEgress$,
    revokeMembers,
    revoke(true),
  ),
  operation<RevokeSecurityGroupEgressRequest, RevokeSecurityGroupEgressResult>(
    RevokeSecurityGroupIngress$,
    revokeMembers,
    revoke(false),
  ),
  operation<DescribeSecurityGroupRulesRequest, DescribeSecurityGroupRulesResult>(
    DescribeSecurityGroupRules$,
    ['SecurityGroupRuleIds', 'Filters', 'MaxResults', 'NextToken'],
    (input, world) => {
      const found = filtered(
        world,
        seen(world, 'rules', input.SecurityGroupRuleIds),
        input.Filters,
        (rule) => rule.SecurityGroupRuleId,
        {
          'group-id': (rule) => rule.GroupId,
          'security-group-rule-id': (rule) => rule.SecurityGroupRuleId,
        },
      )
      const page = paged(found, input.NextToken, input.MaxResults, 1_000)
      return { SecurityGroupRules: page.items.map((rule) => describe(world, rule)), NextToken: page.NextToken }
    },
  ),
]
