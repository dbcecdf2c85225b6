import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { loadRules, rulesFolder, substitute, type Substitutions } from '#lib/foundation/detection/rules.ts'
import { matches } from './event-pattern.ts'
import { filterMatches } from './filter-pattern.ts'
import { parse, stringify } from 'yaml'
import { expectThat } from '#test/support/expect.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const rules = loadRules()
const demo: Substitutions = {
  environment: 'demo',
  account: '000000000000',
  ledgerTable: 'arn:aws:dynamodb:ap-northeast-1:000000000000:table/Renkei-demo-control-LedgerTable',
  membersGroups: ['sg-members1', 'sg-members2'],
}
const minutes = (duration: string) => {
  const [, days, hours, rest] = /^P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?$/.exec(duration)!
  return Number(days ?? 0) * 1440 + Number(hours ?? 0) * 60 + Number(rest ?? 0)
}

describe('detection rules', () => {
  for (const rule of rules) {
    const raised = (event: any) =>
      'pattern' in rule ? matches(substitute(rule.pattern, demo), event) : filterMatches(rule.filter, event)

    test(`[LOG-4] ${rule.id} raises what it must and nothing else`, () => {
      for (const event of rule.examples.matches) assert.ok(raised(event), `not raised: ${JSON.stringify(event)}`)
      for (const event of rule.examples.ignores) assert.ok(!raised(event), `raised: ${JSON.stringify(event)}`)
    })

    test(`[LOG-4] ${rule.id} says who answers, by when and how: its runbook has the rule's steps`, () => {
      assert.ok(existsSync(join(root, rule.runbook)), `${rule.runbook} is missing`)
      assert.ok(
        readFileSync(join(root, rule.runbook), 'utf8').includes(`\`${rule.id}\``),
        `${rule.runbook} does not name ${rule.id}`,
      )
      const limit = { critical: 15, high: 8 * 60, medium: 24 * 60 }[rule.severity]
      assert.ok(
        minutes(rule.ackWithin) > 0 && minutes(rule.ackWithin) <= limit,
        `${rule.severity} rules are acknowledged within ${limit} minutes`,
      )
    })
  }

  test('[LOG-4] a rule that answers to nobody is not loaded', () => {
    const whole: Record<string, unknown> = parse(readFileSync(join(rulesFolder, 'root-activity.yaml'), 'utf8'))
    for (const member of ['owner', 'severity', 'runbook', 'ackWithin', 'filter']) {
      assert.ok(member in whole)
      const folder = mkdtempSync(join(tmpdir(), 'rules-'))
      try {
        writeFileSync(join(folder, 'root-activity.yaml'), stringify({ ...whole, [member]: undefined }))
        expectThat(() => loadRules(folder), member).toThrow(/is not a detection rule/)
      } finally {
        rmSync(folder, { recursive: true })
      }
    }
  })

  test('[LOG-4] a pattern with an unknown name stops the synthesis instead of watching nothing', () => {
    expect(() => substitute({ detail: ['${nobody}'] }, demo)).toThrow(/no value for \$\{nobody\}/)
    expect(() => substitute({ detail: ['x-${membersGroups}'] }, demo)).toThrow(/is a list/)
  })

  const critical = [
    {
      requirement: 'LOG-3',
      id: 'ledger-rewritten',
      event: {
        source: 'aws.dynamodb',
        detail: {
          eventSource: 'dynamodb.amazonaws.com',
          eventName: 'ExecuteStatement',
          resources: [{ ARN: `${demo.ledgerTable as string}1A2B-XYZ` }],
        },
      },
    },
    {
      requirement: 'NET-4',
      id: 'members-group-changed',
      event: {
        source: 'aws.ec2',
        detail: {
          eventSource: 'ec2.amazonaws.com',
          eventName: 'DeleteSecurityGroup',
          requestParameters: { groupId: 'sg-members2' },
        },
      },
    },
    {
      requirement: 'CRY-3',
      id: 'key-shredding',
      event: {
        source: 'aws.kms',
        detail: {
          eventSource: 'kms.amazonaws.com',
          eventName: 'PutKeyPolicy',
          userIdentity: { arn: 'arn:aws:sts::000000000000:assumed-role/Operator/x' },
        },
      },
    },
  ]
  for (const { requirement, id, event } of critical) {
    const name = event.detail.eventName
    test(`[${requirement}] ${id} is critical and raised by exactly this rule: ${name}`, () => {
      const raised = rules.filter((rule) => 'pattern' in rule && matches(substitute(rule.pattern, demo), event))
      expect(raised.map((rule) => [rule.id, rule.severity])).toEqual([[id, 'critical']])
    })
  }
})
