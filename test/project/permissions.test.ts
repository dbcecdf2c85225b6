import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import { runSimulation } from '@cloud-copilot/iam-simulate'
import { resolve } from '#test/support/iam-policy.ts'
import { demoAssembly, resourcesOf, type Template } from '../support/assembly.ts'
import { expectThat } from '../support/expect.ts'

interface Statement {
  readonly Effect: 'Allow' | 'Deny'
  readonly Action: string | string[]
  readonly Resource: unknown
  readonly Condition?: Record<string, unknown>
  readonly Sid?: string
}

const template = () => demoAssembly().template('control')
const list = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value])

/** Everything a function's role is allowed, from all policies attached to it. */
function statementsOf(all: Template, name: string): Statement[] {
  const [, target] = resourcesOf(all, 'AWS::Lambda::Function').find(([id]) => id.includes(name)) ?? []
  assert.ok(target, name)
  const role = target.Properties['Role']['Fn::GetAtt'][0]
  const attached = [...resourcesOf(all, 'AWS::IAM::ManagedPolicy'), ...resourcesOf(all, 'AWS::IAM::Policy')].filter(
    ([, { Properties }]) => Properties['Roles'].some((one: { Ref: string }) => one.Ref === role),
  )
  expectThat(all.Resources[role]!.Properties['Policies'], 'no inline policy hides beside them').toBe(undefined)
  expectThat(all.Resources[role]!.Properties['ManagedPolicyArns'], 'no AWS managed policy').toBe(undefined)
  return attached.flatMap(([, { Properties }]) => Properties['PolicyDocument'].Statement as Statement[])
}

const actionsOf = (name: string) =>
  [...new Set(statementsOf(template(), name).flatMap(({ Action }) => list(Action)))].sort()
const on = (name: string, service: string) => actionsOf(name).filter((action) => action.startsWith(`${service}:`))

test('[C-5] no function may change or remove an item of the ledger', () => {
  const [ledger] = resourcesOf(template(), 'AWS::DynamoDB::Table').find(
    ([, { Properties }]) => Properties['StreamSpecification'],
  )!
  for (const name of ['Command', 'Query', 'Projection', 'Sweep', 'Reconcile', 'Suspend']) {
    for (const { Action, Resource } of statementsOf(template(), name)) {
      if (!list(Action).some((action) => action.startsWith('dynamodb:'))) continue
      // Streams are read through their own ARN, and listed.
      if (list(Action).every((action) => /Stream|GetRecords|GetShardIterator/.test(action))) continue
      assert.ok(
        list(Action).every((action) => !action.includes('*')),
        `${name}: ${list(Action).join()}`,
      )
      if (JSON.stringify(Resource).includes(`"${ledger}"`)) {
        for (const action of list(Action))
          assert.ok(
            ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:ConditionCheckItem'].includes(action),
            `${name}: ${action}`,
          )
      }
    }
  }
})

test('[C-5] the ledger itself refuses every rewrite, and appends by any but the three functions that decide', () => {
  const [, ledger] = resourcesOf(template(), 'AWS::DynamoDB::Table').find(
    ([, { Properties }]) => Properties['StreamSpecification'],
  )!
  const statements: Statement[] = ledger.Properties['ResourcePolicy'].PolicyDocument.Statement
  const rewrites = statements.find(({ Sid }) => Sid === 'NobodyRewritesTheLedger')
  assert.ok(rewrites && rewrites.Effect === 'Deny' && rewrites.Condition === undefined)
  for (const action of ['UpdateItem', 'DeleteItem', 'BatchWriteItem', 'PartiQLUpdate', 'PartiQLDelete'])
    assert.ok(list(rewrites.Action).includes(`dynamodb:${action}`), action)
  const appends = statements.find(({ Sid }) => Sid === 'OnlyTheDecidingFunctionsAppend')
  assert.ok(appends && appends.Effect === 'Deny')
  const admitted = JSON.stringify(appends.Condition)
  expect((appends.Condition as any).ArnNotEquals['aws:PrincipalArn'].length).toBe(3)
  for (const name of ['CommandRole', 'SweepRole', 'ReconcileRole']) assert.ok(admitted.includes(name), name)
})

test('[C-5] only functions that append may sign a receipt', () => {
  for (const name of ['Command', 'Sweep', 'Reconcile']) assert.ok(actionsOf(name).includes('kms:Sign'), name)
  for (const name of ['Query', 'Projection', 'Suspend']) assert.ok(!actionsOf(name).includes('kms:Sign'), name)
})

test('[ARC-4] the query function can write nothing', () => {
  expect(actionsOf('Query')).toEqual([
    'dynamodb:GetItem',
    'dynamodb:Query',
    'kms:Decrypt',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
    'xray:PutTelemetryRecords',
    'xray:PutTraceSegments',
  ])
})

test('[ARC-4] the command function touches ledger, view, receipt key and the facts, nothing else', () => {
  expect(actionsOf('Command')).toEqual([
    'dynamodb:ConditionCheckItem',
    'dynamodb:GetItem',
    'dynamodb:PutItem',
    'dynamodb:Query',
    'kms:Decrypt',
    'kms:Encrypt',
    'kms:GenerateDataKey',
    'kms:Sign',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
    'ssm:GetParametersByPath',
    'xray:PutTelemetryRecords',
    'xray:PutTraceSegments',
  ])
})

test('[LOG-3] the projection adds to the archive below ledger/ and can neither read nor delete there', () => {
  expect(on('Projection', 's3')).toEqual(['s3:PutObject'])
  const write = statementsOf(template(), 'Projection').find(({ Action }) => list(Action).includes('s3:PutObject'))
  expect(JSON.stringify(write?.Resource)).toMatch(/archive-\d{12}-ap-northeast-1\/ledger\/\*"$/)
})

test('[VIS-7] the suspend function can cut off, and can make, enable or destroy nothing', () => {
  for (const action of [
    'ec2:ModifyNetworkInterfaceAttribute',
    'ec2:CreateTags',
    'workspaces:StopWorkspaces',
    'ds-data:DisableUser',
    'ec2:TerminateClientVpnConnections',
    'network-firewall:StartFlowFlush',
  ]) {
    assert.ok(actionsOf('Suspend').includes(action), action)
  }
  const forbidden = [
    /ResetUserPassword|DeleteUser|CreateUser/,
    /TerminateWorkspaces|CreateWorkspaces|DeleteFileSystem/,
    /ScheduleKeyDeletion|kms:(CreateGrant|DisableKey)/,
  ]
  expect(actionsOf('Suspend').filter((action) => forbidden.some((each) => each.test(action)))).toEqual([])
})

test('[AUTH-4] only the reconciler may set a directory password', () => {
  for (const name of ['Command', 'Query', 'Projection', 'Sweep', 'Suspend'])
    assert.ok(!actionsOf(name).includes('ds:ResetUserPassword'), name)
  assert.ok(actionsOf('Reconcile').includes('ds:ResetUserPassword'))
})

test("[C-11] the reconciler destroys only what carries the provisioner's tag", () => {
  const destroying = [
    'kms:ScheduleKeyDeletion',
    'kms:DisableKey',
    'ec2:DeleteSecurityGroup',
    'elasticfilesystem:DeleteFileSystem',
    'elasticfilesystem:DeleteAccessPoint',
    'workspaces:TerminateWorkspaces',
  ]
  for (const action of destroying) {
    const statements = statementsOf(template(), 'Reconcile').filter(({ Action }) => list(Action).includes(action))
    expectThat(statements.length, action).toBe(1)
    expectThat((statements[0]!.Condition as any)?.StringEquals['aws:ResourceTag/renkei:managed'], action).toBe(
      'provisioner',
    )
  }
})

test('[NET-5] no policy of a function allows every action of a service', () => {
  for (const name of ['Command', 'Query', 'Projection', 'Sweep', 'Reconcile', 'Suspend'])
    expectThat(
      actionsOf(name).filter((action) => action.includes('*')),
      name,
    ).toEqual([])
})

test('[ARC-4] no managed policy exceeds the 6,144 characters IAM takes', () => {
  for (const [id, { Properties }] of resourcesOf(template(), 'AWS::IAM::ManagedPolicy')) {
    // References become ARNs of up to about 120 characters; their JSON form here is no shorter than 60.
    assert.ok(JSON.stringify(Properties['PolicyDocument']).length < 4_500, id)
  }
})

/** What the policies of a function answer to one request. */
async function decide(
  name: string,
  action: string,
  resource: string,
  context: Record<string, string | string[]>,
): Promise<boolean> {
  const Statement = resolve(
    statementsOf(template(), name),
    new Proxy({}, { get: () => 'arn:aws:dynamodb:ap-northeast-1:000000000000:table/x' }) as Record<string, string>,
  )
  const answer = await runSimulation(
    {
      request: {
        principal: 'arn:aws:iam::000000000000:role/Function',
        action,
        resource: { resource, accountId: '000000000000' },
        contextVariables: context,
      },
      identityPolicies: [{ name, policy: { Version: '2012-10-17', Statement } }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      ...(action.startsWith('kms:')
        ? {
            resourcePolicy: {
              Version: '2012-10-17',
              Statement: [
                { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::000000000000:root' }, Action: '*', Resource: '*' },
              ],
            },
          }
        : {}),
    },
    {},
  )
  if (answer.resultType === 'error') assert.fail(`${action}: ${JSON.stringify(answer.errors)}`)
  return answer.overallResult === 'Allowed'
}

const anyKey = 'arn:aws:kms:ap-northeast-1:000000000000:key/11111111-2222-3333-4444-555555555555'
const asOurs = { 'aws:RequestTag/renkei:managed': 'provisioner', 'aws:TagKeys': ['renkei:managed'] }

test('[C-11] the reconciler can declare no key of a stack its own, and so can end none', async () => {
  expectThat(await decide('Reconcile', 'kms:TagResource', anyKey, asOurs), 'a key being made').toBe(true)
  expectThat(
    await decide('Reconcile', 'kms:TagResource', anyKey, { ...asOurs, 'aws:ResourceTag/renkei:environment': 'demo' }),
    "the ledger's key",
  ).toBe(false)
  expectThat(
    await decide('Reconcile', 'kms:TagResource', anyKey, {
      ...asOurs,
      'aws:ResourceTag/renkei:environment': 'demo',
      'aws:ResourceTag/renkei:managed': 'provisioner',
    }),
    'its own',
  ).toBe(true)
  expect(
    await decide('Reconcile', 'kms:ScheduleKeyDeletion', anyKey, { 'aws:ResourceTag/renkei:environment': 'demo' }),
  ).toBe(false)
})

test('[C-11] the reconciler tags a file system only while it makes it', async () => {
  const fileSystem = 'arn:aws:elasticfilesystem:ap-northeast-1:000000000000:file-system/fs-1'
  expect(
    await decide('Reconcile', 'elasticfilesystem:TagResource', fileSystem, {
      ...asOurs,
      'elasticfilesystem:CreateAction': 'CreateFileSystem',
    }),
  ).toBe(true)
  expect(await decide('Reconcile', 'elasticfilesystem:TagResource', fileSystem, asOurs)).toBe(false)
  expect(await decide('Reconcile', 'elasticfilesystem:DeleteFileSystem', fileSystem, {})).toBe(false)
})

test('[NET-5] the reconciler makes and removes network interfaces only through EFS, never itself', async () => {
  const networkInterface = 'arn:aws:ec2:ap-northeast-1:000000000000:network-interface/eni-1'
  for (const action of ['ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface']) {
    expectThat(await decide('Reconcile', action, networkInterface, { 'aws:ViaAWSService': 'true' }), action).toBe(true)
    expectThat(await decide('Reconcile', action, networkInterface, { 'aws:ViaAWSService': 'false' }), action).toBe(
      false,
    )
  }
})

test('[NET-5] a desktop gets no group of another environment; what a stack made is taken for no desktop', async () => {
  const group = 'arn:aws:ec2:ap-northeast-1:000000000000:security-group/sg-1'
  for (const name of ['Suspend', 'Reconcile']) {
    expect(
      await decide(name, 'ec2:ModifyNetworkInterfaceAttribute', group, {
        'aws:ResourceTag/renkei:environment': 'demo',
      }),
    ).toBe(true)
    expectThat(
      await decide(name, 'ec2:ModifyNetworkInterfaceAttribute', group, {}),
      'the members group, which WorkSpaces makes',
    ).toBe(true)
    expect(
      await decide(name, 'ec2:ModifyNetworkInterfaceAttribute', group, {
        'aws:ResourceTag/renkei:environment': 'other',
      }),
    ).toBe(false)
    const networkInterface = 'arn:aws:ec2:ap-northeast-1:000000000000:network-interface/eni-1'
    expectThat(
      await decide(name, 'ec2:ModifyNetworkInterfaceAttribute', networkInterface, {}),
      'a desktop that was just made',
    ).toBe(true)
    expect(
      await decide(name, 'ec2:ModifyNetworkInterfaceAttribute', networkInterface, {
        'aws:ResourceTag/renkei:environment': 'other',
        'aws:ResourceTag/renkei:managed': 'provisioner',
      }),
    ).toBe(false)
  }
})

test('[VIS-7] a suspension whose function died is tried again within the 60 seconds', () => {
  const queues = resourcesOf(template(), 'AWS::SQS::Queue').filter(([id]) => id.includes('SuspendLaneQueue'))
  expect(queues.length).toBe(1)
  const [, target] = resourcesOf(template(), 'AWS::Lambda::Function').find(([id]) => id.includes('Suspend'))!
  const hidden = queues[0]![1].Properties['VisibilityTimeout']
  assert.ok(hidden >= target.Properties['Timeout'] && hidden <= 40, `${hidden} s`)
})
