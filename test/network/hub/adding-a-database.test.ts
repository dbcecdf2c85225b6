import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import type { Config } from '#lib/kernel/config/load.ts'
import { configData, demoConfig, parseData } from '#test/support/config.ts'
import { anotherDatabase, demoWithDatabases, networkTemplates } from '../support.ts'

/** What differs between two synthesized network planes: `stack`, or `stack logicalId type`. */
function difference(before: Config, after: Config): string[] {
  const [old, now] = [networkTemplates(before), networkTemplates(after)]
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((stack) => {
    const [a, b] = [old.get(stack), now.get(stack)]
    if (a === undefined || b === undefined) return [`${b ? 'added' : 'removed'} ${stack}`]
    const changed = [...new Set([...Object.keys(a.Resources), ...Object.keys(b.Resources)])]
      .filter((id) => JSON.stringify(a.Resources[id]) !== JSON.stringify(b.Resources[id]))
      .map((id) => {
        const [was, is] = [a.Resources[id], b.Resources[id]]
        return `${stack} ${was && is ? 'changes' : 'adds or removes'} ${(is ?? was)!.Type}`
      })
    const rest = ({ Resources: _, ...others }: any) => JSON.stringify(others)
    return rest(a) === rest(b) ? changed : [...changed, `${stack} changes outside its resources`]
  })
}

for (const { environment, slot, what } of [
  { environment: 'demo', slot: 3, what: 'a group that has room' },
  { environment: 'demo', slot: 42, what: 'a group that has none yet' },
  { environment: 'example-production', slot: 10, what: 'the next group' },
] as const) {
  test(`[ARC-3] a database changes one rule group and adds one stack, nothing else: ${environment}, ${what}`, () => {
    const data = configData(environment)
    const more = { ...data, databases: [...data.databases, anotherDatabase(data, slot)] }
    expect(difference(parseData(data), parseData(more)).toSorted()).toEqual([
      `added link-ADDED${slot}`,
      'hub changes AWS::NetworkFirewall::RuleGroup',
    ])
  })
}

test("[ARC-3] changing a database's port changes its rule and its own stack, nothing else", () => {
  expect(
    difference(
      demoConfig(),
      demoConfig((data) => {
        data.databases[1].service.port = 5555
      }),
    ),
  ).toEqual(['hub changes AWS::NetworkFirewall::RuleGroup', 'link-DPC changes AWS::SSM::Parameter'])
})

test('[ARC-3] a further cell adds its stack and widens HOME_NET, nothing else', () => {
  const more = demoConfig((data) => {
    data.cells.push({ id: 2, cidr: '172.25.0.0/16', projects: 20 })
  })
  expect(difference(demoConfig(), more)).toEqual([
    'hub changes AWS::NetworkFirewall::FirewallPolicy',
    'added visiting-2',
  ])
})

test('[ARC-3] with 50 databases every stack stays far below 450 resources', () => {
  for (const [stack, template] of networkTemplates(demoWithDatabases(50))) {
    const count = Object.keys(template.Resources).length
    assert.ok(count <= 450, `${stack} has ${count}`)
  }
})
