import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { presentedCidr } from '#lib/kernel/config/addresses.ts'
import { DATABASE_GROUPS, databaseRules, groupOfSlot, SETS_PER_GROUP } from '#lib/network/hub/firewall-rules.ts'
import { grantedTag } from '#domain/project/provisioning/resource-names.ts'
import { grantedGroupName } from '#lib/network/hub/interface-group.ts'
import { zoneRange } from '#lib/network/address-plan.ts'
import { productionAssembly, resourcesOf } from '#test/support/assembly.ts'
import { productionConfig } from '#test/support/config.ts'
import { everywhere, networkOf, networkTemplates } from '../support.ts'
import { expectThat } from '#test/support/expect.ts'

const config = productionConfig()
const templates = networkOf(productionAssembly())
const hub = templates.get('hub')!
const policy = resourcesOf(hub, 'AWS::NetworkFirewall::FirewallPolicy')[0]![1].Properties.FirewallPolicy
const groups = resourcesOf(hub, 'AWS::NetworkFirewall::RuleGroup')
const rulesOf = (properties: any): string[] => properties.RuleGroup.RulesSource.RulesString.split('\n')
const allRules = groups.flatMap(([, { Properties }]) => rulesOf(Properties))

test('[C-2] the firewall judges in strict order and drops what no rule passes', () => {
  expect(policy.StatefulDefaultActions).toEqual(['aws:drop_strict', 'aws:alert_strict'])
  expect(policy.StatelessDefaultActions).toEqual(['aws:forward_to_sfe'])
  expect(policy.StatelessFragmentDefaultActions).toEqual(['aws:forward_to_sfe'])
  expect(policy.StatelessRuleGroupReferences).toBe(undefined)
  expect(policy.StatefulEngineOptions.RuleOrder).toBe('STRICT_ORDER')
  for (const [, { Properties }] of groups)
    expect(Properties.RuleGroup.StatefulRuleOptions.RuleOrder).toBe('STRICT_ORDER')
})

test('[VIS-7] after a flush a flow is not resumed midstream, and what is blocked is judged before any grant', () => {
  expect(policy.StatefulEngineOptions.StreamExceptionPolicy).toBe('DROP')
  const order = policy.StatefulRuleGroupReferences.toSorted((a: any, b: any) => a.Priority - b.Priority)
  const first = hub.Resources[order[0].ResourceArn['Fn::GetAtt'][0]]!.Properties
  expect(rulesOf(first).map((rule) => rule.split(' (')[0])).toEqual([
    'drop ip @BLOCKED any -> any any',
    'drop ip any any -> @BLOCKED any',
  ])
  expect(new Set(order.map((reference: any) => reference.Priority)).size).toBe(order.length)
})

test("[C-2] the firewall passes only TCP from a database's granted set to its presented network and port", () => {
  const passed = allRules.filter((rule) => rule.startsWith('pass ')).map((rule) => rule.split(' (')[0])
  expect(passed.toSorted()).toEqual(
    config.databases
      .map(
        (database) =>
          `pass tcp @GRANTED_${database.id} any -> ${presentedCidr(config, database)} ${database.service.port}`,
      )
      .toSorted(),
  )
  assert.ok(!allRules.some((rule) => / any <> | \[|\$/.test(rule)), 'no rule is bidirectional, negated or by variable')
})

test("[C-2] each set is the database's own resource group, of tagged interfaces only", () => {
  for (const database of config.databases) {
    const group = groups.find(
      ([, { Properties }]) => Properties.RuleGroup.ReferenceSets?.IPSetReferences[`GRANTED_${database.id}`],
    )![1].Properties
    const reference = JSON.stringify(
      group.RuleGroup.ReferenceSets.IPSetReferences[`GRANTED_${database.id}`].ReferenceArn,
    )
    assert.ok(reference.includes(`:group/${grantedGroupName(config.environment, database.id)}`))
    const [, { Properties }] = resourcesOf(templates.get(`link-${database.id}`)!, 'AWS::ResourceGroups::Group')[0]!
    expect(Properties.Name).toBe(grantedGroupName(config.environment, database.id))
    expect(Properties.ResourceQuery).toEqual({
      Type: 'TAG_FILTERS_1_0',
      Query: {
        ResourceTypeFilters: ['AWS::EC2::NetworkInterface'],
        TagFilters: [{ Key: grantedTag(database.id), Values: ['true'] }],
      },
    })
  }
})

test('[C-2] the firewall stays within what a policy and a group can hold', () => {
  expect(policy.StatefulRuleGroupReferences.length).toBe(20)
  expect(groups.length).toBe(20)
  for (const [, { Properties }] of groups) {
    assert.ok(Object.keys(Properties.RuleGroup.ReferenceSets?.IPSetReferences ?? {}).length <= 5)
    expectThat(
      Properties.Capacity,
      'capacity cannot change after creation, so it is the same whatever a group holds',
    ).toBe(100)
  }
})

test('[NET-1] the firewall is attached natively, in both zones, after the anchor has enabled them', () => {
  const [, firewall] = resourcesOf(hub, 'AWS::NetworkFirewall::Firewall')[0]!
  const [anchor] = resourcesOf(hub, 'AWS::EC2::TransitGatewayVpcAttachment')[0]!
  assert.ok(firewall.Properties.TransitGatewayId)
  expect(firewall.Properties.VpcId).toBe(undefined)
  expect(firewall.Properties.AvailabilityZoneMappings).toEqual(
    config.azIds.map((AvailabilityZone) => ({ AvailabilityZone })),
  )
  assert.ok([firewall.DependsOn].flat().includes(anchor))
  expect(firewall.Properties.DeleteProtection).toBe(true)
  const zones = resourcesOf(hub, 'AWS::EC2::Subnet').map(([, { Properties }]) => Properties.AvailabilityZoneId)
  expect(zones).toEqual(config.azIds)
})

test('[C-2] HOME_NET is written out: the desktops of every cell', () => {
  expect(policy.PolicyVariables.RuleVariables.HOME_NET.Definition).toEqual(
    config.cells.map((cell) => zoneRange(cell, 'desktops').cidr),
  )
})

test('[LOG-1] every flow and every alert of the firewall is logged, and each passed flow raises one', () => {
  const [, { Properties }] = resourcesOf(hub, 'AWS::NetworkFirewall::LoggingConfiguration')[0]!
  expect(Properties.LoggingConfiguration.LogDestinationConfigs.map(({ LogType }: any) => LogType).toSorted()).toEqual([
    'ALERT',
    'FLOW',
  ])
  for (const { Properties: group } of groups.map(([, resource]) => resource)) {
    const rules = rulesOf(group)
    for (const [index, rule] of rules.entries())
      if (rule.startsWith('pass '))
        expect(rules[index - 1]!.split(' (')[0]).toBe(rule.split(' (')[0]!.replace('pass', 'alert'))
  }
})

test('[C-2] a hub without rules passes nothing: the first deployment fails closed', () => {
  const bare = networkTemplates(config, { bare: true }).get('hub')!
  const rules = resourcesOf(bare, 'AWS::NetworkFirewall::RuleGroup').flatMap(([, { Properties }]) =>
    rulesOf(Properties),
  )
  assert.ok(rules.every((rule) => rule.startsWith('drop ')))
  expect(Object.keys(bare.Resources)).toEqual(Object.keys(hub.Resources))
})

test('[C-2] whatever databases there are: unique rule ids, at most five sets a group, no name as syntax', () => {
  const slots = fc.uniqueArray(fc.integer({ min: 0, max: DATABASE_GROUPS * SETS_PER_GROUP - 1 }), {
    minLength: 1,
    maxLength: 40,
  })
  fc.assert(
    fc.property(slots, (chosen) => {
      const rules = Array.from({ length: DATABASE_GROUPS }, (_, group) => {
        const targets = chosen
          .filter((slot) => groupOfSlot(slot) === group)
          .map((slot) => ({ id: `DB${slot}`, slot, presentedCidr: `172.20.${slot}.0/28`, port: 5432 }))
        assert.ok(targets.length <= SETS_PER_GROUP)
        return databaseRules(group, targets).split('\n')
      }).flat()
      const ids = rules.map((rule) => /sid:(\d+);/.exec(rule)![1])
      expect(new Set(ids).size).toBe(ids.length)
      expect(rules.filter((rule) => rule.startsWith('pass ')).length).toBe(chosen.length)
    }),
  )
  const hostile = fc.string({ minLength: 1 }).filter((id) => !/^[A-Z][A-Z0-9]{1,11}$/.test(id))
  fc.assert(
    fc.property(hostile, (id) => {
      expect(() => databaseRules(0, [{ id, slot: 0, presentedCidr: '172.20.0.0/28', port: 1 }])).toThrow(
        /not fit for a firewall rule/,
      )
    }),
  )
})

test('[LOG-4] every alarm of the network plane tells someone', () => {
  const alarms = everywhere(templates, 'AWS::CloudWatch::Alarm')
  assert.ok(alarms.length >= 2 + 3 * config.databases.length)
  for (const { stack, logicalId, Properties } of alarms)
    assert.ok(Properties.AlarmActions?.length > 0 && Properties.AlarmDescription, `${stack} ${logicalId}`)
})
