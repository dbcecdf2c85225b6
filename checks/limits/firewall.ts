import { at, list, resourcesOf } from '../template.ts'
import type { LimitRule } from './limit.ts'

/** Stateful groups and their total capacity in one policy. */
const groupsPerPolicy: LimitRule = (stacks, limits) =>
  stacks.flatMap((stack) => {
    const capacities = new Map(
      resourcesOf(stack.template, 'AWS::NetworkFirewall::RuleGroup').map(({ logicalId, properties }) => [
        logicalId,
        Number(properties['Capacity']),
      ]),
    )
    return resourcesOf(stack.template, 'AWS::NetworkFirewall::FirewallPolicy').flatMap(({ logicalId, properties }) => {
      const groups = list(at(properties, 'FirewallPolicy', 'StatefulRuleGroupReferences'))
      const capacity = groups
        .map(
          (group) =>
            capacities.get(
              String(
                at(group, 'ResourceArn', 'Ref') ??
                  (at(group, 'ResourceArn', 'Fn::GetAtt') as string[] | undefined)?.[0],
              ),
            ) ?? 0,
        )
        .reduce((sum, one) => sum + one, 0)
      const most = limits.number('firewall-stateful-groups-per-policy')
      const mostCapacity = limits.number('firewall-capacity-per-policy')
      return [
        ...(groups.length > most
          ? [
              limits.exceeded(
                'firewall-stateful-groups-per-policy',
                stack,
                logicalId,
                `the policy names ${groups.length} stateful rule groups, AWS takes ${most}`,
                'put up to five databases into one shared group',
              ),
            ]
          : []),
        ...(capacity > mostCapacity
          ? [
              limits.exceeded(
                'firewall-capacity-per-policy',
                stack,
                logicalId,
                `its groups reserve a capacity of ${capacity}, AWS takes ${mostCapacity}`,
                'lower Capacity to what each group needs',
              ),
            ]
          : []),
      ]
    })
  })

/** IP sets that one group refers to. */
const ipSetsPerGroup: LimitRule = (stacks, limits) =>
  stacks.flatMap((stack) =>
    resourcesOf(stack.template, 'AWS::NetworkFirewall::RuleGroup').flatMap(({ logicalId, properties }) => {
      const sets = Object.keys(at(properties, 'RuleGroup', 'ReferenceSets', 'IPSetReferences') ?? {}).length
      const most = limits.number('firewall-ip-sets-per-group')
      return sets > most
        ? [
            limits.exceeded(
              'firewall-ip-sets-per-group',
              stack,
              logicalId,
              `the group refers to ${sets} IP sets, AWS takes ${most}`,
              'spread the databases over more groups',
            ),
          ]
        : []
    }),
  )

/** A group's rules must fit its capacity: one for each Suricata line or rule. */
const capacityHoldsRules: LimitRule = (stacks, limits) =>
  stacks.flatMap((stack) =>
    resourcesOf(stack.template, 'AWS::NetworkFirewall::RuleGroup').flatMap(({ logicalId, properties }) => {
      if (properties['Type'] !== 'STATEFUL') return []
      const source = at(properties, 'RuleGroup', 'RulesSource')
      const lines = suricataLines(at(source, 'RulesString')) + list(at(source, 'StatefulRules')).length
      const capacity = Number(properties['Capacity'])
      return lines > capacity
        ? [
            limits.exceeded(
              'firewall-group-without-capacity',
              stack,
              logicalId,
              `the group holds ${lines} rules and a capacity of ${capacity}`,
              'raise Capacity: this replaces the group',
            ),
          ]
        : []
    }),
  )

/** Rules in a Suricata text, which may be joined from pieces. */
function suricataLines(text: unknown): number {
  const pieces = at(text, 'Fn::Join') as [string, unknown[]] | undefined
  const whole = pieces
    ? pieces[1].map((piece) => (typeof piece === 'string' ? piece : 'x')).join(pieces[0])
    : typeof text === 'string'
      ? text
      : ''
  return whole.split('\n').filter((line) => /^\s*(alert|pass|drop|reject)\s/.test(line)).length
}

/** What Network Firewall refuses or cannot hold. */
export const firewallRules: readonly LimitRule[] = [groupsPerPolicy, ipSetsPerGroup, capacityHoldsRules]
