import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { runSimulation } from '@cloud-copilot/iam-simulate'
import { expectThat } from '../support/expect.ts'
import { account, operator, reconciler, strong, vpn, type Call } from './scp/call.ts'
import { data } from './scp/data.ts'
import { identity } from './scp/identity.ts'
import { network } from './scp/network.ts'
import { permitted } from './scp/permitted.ts'
import { securityServices } from './scp/security-services.ts'

const folder = join(import.meta.dirname, '..', '..', 'policies', 'foundation', 'scp')
const files = readdirSync(folder)
const policies = files.map((file) => ({ name: file, policy: JSON.parse(readFileSync(join(folder, file), 'utf8')) }))
const everything = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }

/** Asks an account whose role may do everything: only a service control policy can refuse. */
async function decide(
  { action, resource = '*', by = operator, region = 'ap-northeast-1', context = {} }: Call,
  without?: string,
): Promise<string> {
  const answer = await runSimulation(
    {
      request: {
        principal: by,
        action,
        resource: { resource, accountId: account },
        contextVariables: {
          'aws:PrincipalArn': by,
          'aws:PrincipalAccount': account,
          'aws:PrincipalIsAWSService': 'false',
          'aws:RequestedRegion': region,
          ...(by === reconciler ? { 'aws:PrincipalTag/renkei:duty': 'provisioner' } : {}),
          ...context,
        },
      },
      identityPolicies: [{ name: 'administrator', policy: everything }],
      serviceControlPolicies: [
        {
          orgIdentifier: 'ou-renkei',
          policies: [
            { name: 'FullAWSAccess', policy: everything },
            ...policies.map(({ name, policy }) => ({ name, policy: strike(policy, without) })),
          ],
        },
      ],
      resourceControlPolicies: [],
      // A key is used by nobody whom its own policy does not let in: here it leaves that to IAM.
      ...(action.startsWith('kms:')
        ? {
            resourcePolicy: {
              ...everything,
              Statement: [{ ...everything.Statement[0], Principal: { AWS: `arn:aws:iam::${account}:root` } }],
            },
          }
        : {}),
    },
    {},
  )
  if (answer.resultType === 'error') assert.fail(`${action}: ${JSON.stringify(answer.errors)}`)
  if (answer.resultType === 'single' && answer.result.ignoredContextKeys?.length)
    assert.fail(`${action} does not know ${answer.result.ignoredContextKeys.join(', ')}`)
  return answer.overallResult
}

/** The policy without one of its statements: what a mistaken edit would leave. */
const strike = (policy: { Statement: { Sid: string }[] }, sid?: string) => ({
  ...policy,
  Statement: policy.Statement.filter((statement) => statement.Sid !== sid),
})

const refused = [...identity, ...network, ...securityServices, ...data]

describe('service control policies', () => {
  let statements: { Sid: string; Effect: string }[] = []
  beforeAll(() => {
    statements = policies.flatMap(({ policy }) => policy.Statement)
  })

  for (const { requirement, posture, statement, call } of refused) {
    test(`[${requirement}] ${posture}`, async () => {
      expect(await decide(call)).toBe('ExplicitlyDenied')
      expectThat(
        await decide(call, statement),
        `another statement than ${statement} refuses it too, so this case does not show that statement`,
      ).toBe('Allowed')
    })
  }

  for (const [name] of Object.entries(strong).filter(([option]) => !option.endsWith('LifetimeSeconds'))) {
    test(`[NET-2] a tunnel that leaves ${name.slice(4)} to AWS's defaults is refused`, async () => {
      const { [name]: _, ...rest } = strong
      const call = { ...vpn(), context: rest }
      expect(await decide(call)).toBe('ExplicitlyDenied')
      expect(await decide(call, `Explicit${name.slice(4)}`)).toBe('Allowed')
    })
  }

  for (const { requirement, posture, call } of permitted) {
    test(`[${requirement}] permitted: ${posture}`, async () => {
      expect(await decide(call)).toBe('Allowed')
    })
  }

  test('[ARC-5] every statement only denies, and each is shown by a case above', () => {
    expect(statements.filter(({ Effect }) => Effect !== 'Deny')).toEqual([])
    const shown = new Set([
      ...refused.map(({ statement }) => statement),
      ...Object.keys(strong).map((name) => `Explicit${name.slice(4)}`),
    ])
    expect(statements.map(({ Sid }) => Sid).filter((sid) => !shown.has(sid))).toEqual([])
  })

  test('[ARC-5] the policies fit: 5,120 characters each, with FullAWSAccess at most five on one account', () => {
    for (const file of files) {
      const { length } = readFileSync(join(folder, file), 'utf8')
      assert.ok(length <= 5120, `${file} has ${length} characters`)
    }
    assert.ok(files.length <= 4)
  })
})
