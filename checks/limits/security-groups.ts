import { at, list, referenced, resourcesOf, type PlacedResource } from '../template.ts'
import type { StackTemplate } from '../assembly.ts'
import type { LimitRule, Limits } from './limit.ts'

/** Groups that one interface may carry; with it AWS bounds the product. */
const groupsPerInterface = 5

interface GroupRule {
  readonly direction: 'ingress' | 'egress'
  readonly value: unknown
}

/**
 * Rules of every group in a stack, inline and standing alone; those on a group of elsewhere under the text of its id.
 */
function rulesByGroup({ template }: StackTemplate): Map<string, GroupRule[]> {
  const rules = new Map<string, GroupRule[]>()
  const add = (group: string, rule: GroupRule) => rules.set(group, [...(rules.get(group) ?? []), rule])
  for (const { logicalId, properties } of resourcesOf(template, 'AWS::EC2::SecurityGroup')) {
    list(properties['SecurityGroupIngress']).forEach((value) => add(logicalId, { direction: 'ingress', value }))
    list(properties['SecurityGroupEgress']).forEach((value) => add(logicalId, { direction: 'egress', value }))
  }
  const standing = (type: string, direction: GroupRule['direction']) =>
    resourcesOf(template, type).forEach(({ properties }: PlacedResource) => {
      add(referenced(properties['GroupId']) ?? JSON.stringify(properties['GroupId']), { direction, value: properties })
    })
  standing('AWS::EC2::SecurityGroupIngress', 'ingress')
  standing('AWS::EC2::SecurityGroupEgress', 'egress')
  return rules
}

/**
 * MaxEntries of a prefix list: in this template, or in whichever stack publishes the parameter that carries its id; 1
 * where unknown.
 */
function entriesOf(prefixList: unknown, stack: StackTemplate, stacks: readonly StackTemplate[]): number {
  const id = referenced(prefixList)
  if (id === undefined) return 1
  const own = stack.template.Resources[id]
  if (own?.Type === 'AWS::EC2::PrefixList') return Number(own.Properties?.['MaxEntries'] ?? 1)
  const name = stack.template.Parameters?.[id]?.Default
  for (const publisher of stacks) {
    const parameter = resourcesOf(publisher.template, 'AWS::SSM::Parameter').find(
      ({ properties }) => name !== undefined && properties['Name'] === name,
    )
    const target = publisher.template.Resources[referenced(parameter?.properties['Value']) ?? '']
    if (target?.Type === 'AWS::EC2::PrefixList') return Number(target.Properties?.['MaxEntries'] ?? 1)
  }
  return 1
}

/** Rules per group and direction, a prefix list counted with its MaxEntries. */
const rulesPerGroup: LimitRule = (stacks, limits) =>
  stacks.flatMap((stack) =>
    [...rulesByGroup(stack)].flatMap(([group, rules]) =>
      (['ingress', 'egress'] as const).flatMap((direction) => {
        const count = rules
          .filter((rule) => rule.direction === direction)
          .map(({ value }) =>
            entriesOf(
              at(value, direction === 'ingress' ? 'SourcePrefixListId' : 'DestinationPrefixListId'),
              stack,
              stacks,
            ),
          )
          .reduce((sum, one) => sum + one, 0)
        return tooMany(stack, group, direction, count, limits)
      }),
    ),
  )

function tooMany(stack: StackTemplate, group: string, direction: string, count: number, limits: Limits) {
  const most = limits.number('security-group-rules')
  const logicalId = stack.template.Resources[group] ? group : undefined
  if (count * groupsPerInterface > limits.number('security-group-rules-per-interface')) {
    return [
      limits.exceeded(
        'security-group-rules-per-interface',
        stack,
        logicalId,
        `the group counts ${count} ${direction} rules; ` +
          `with ${groupsPerInterface} groups on an interface that is ${count * groupsPerInterface}`,
        'lower MaxEntries or merge port ranges',
      ),
    ]
  }
  return count > most
    ? [
        limits.exceeded(
          'security-group-rules',
          stack,
          logicalId,
          `the group counts ${count} ${direction} rules, AWS takes ${most}`,
          'lower MaxEntries, merge port ranges or split the group',
        ),
      ]
    : []
}

/** A prefix list reserves exactly what it holds. */
const exactPrefixLists: LimitRule = (stacks, limits) =>
  stacks.flatMap((stack) =>
    resourcesOf(stack.template, 'AWS::EC2::PrefixList').flatMap(({ logicalId, properties }) => {
      const entries = list(properties['Entries']).length
      const reserved = Number(properties['MaxEntries'])
      return entries === reserved
        ? []
        : [
            limits.exceeded(
              'prefix-list-exact',
              stack,
              logicalId,
              `the prefix list holds ${entries} entries and reserves ${reserved}`,
              'set MaxEntries to the number of entries',
            ),
          ]
    }),
  )

/** What security groups and prefix lists may count. */
export const securityGroupRules: readonly LimitRule[] = [rulesPerGroup, exactPrefixLists]
