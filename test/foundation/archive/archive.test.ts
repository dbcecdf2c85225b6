import assert from 'node:assert/strict'
import { describe, expect, test } from '@jest/globals'
import { archiveWriters } from '#lib/foundation/archive/names.ts'
import { demoAssembly, productionAssembly, resourcesOf, type Template } from '#test/support/assembly.ts'
import { ask, resolve, type Request } from '#test/support/iam-policy.ts'

const workload = '111122223333'
const log = '444455556666'
const bucketArn = `arn:aws:s3:::renkei-production-archive-${log}-ap-northeast-1`
const keyArn = `arn:aws:kms:ap-northeast-1:${log}:key/11111111-2222-3333-4444-555555555555`
const trail = `arn:aws:cloudtrail:ap-northeast-1:${workload}:trail/renkei-production`
const strangeTrail = `arn:aws:cloudtrail:ap-northeast-1:${workload}:trail/other`
const role = (account: string) => `arn:aws:iam::${account}:role/Anything`
const ownerControls = { 's3:x-amz-acl': 'bucket-owner-full-control' }

const archiveOf = (template: Template) =>
  resourcesOf(template, 'AWS::S3::Bucket').find(([, { Properties }]) => Properties.ObjectLockEnabled)!
const keyOf = (template: Template) => resourcesOf(template, 'AWS::KMS::Key')[0]![1]

function bucketPolicy(template: Template, without?: string): any {
  const [id] = archiveOf(template)
  const [, policy] = resourcesOf(template, 'AWS::S3::BucketPolicy').find(
    ([, { Properties }]) => Properties.Bucket.Ref === id,
  )!
  return strike(resolve(policy.Properties.PolicyDocument, { [id]: bucketArn }), without)
}
const keyPolicy = (template: Template, without?: string) =>
  strike(resolve(keyOf(template).Properties.KeyPolicy, {}), without)
const strike = (policy: any, sid?: string) => ({
  ...policy,
  Statement: policy.Statement.filter((statement: any) => sid === undefined || statement.Sid !== sid),
})

const object = (key: string) => `${bucketArn}/${key}`
const put = (key: string, more: Partial<Request>): Request => ({
  principal: role(workload),
  action: 's3:PutObject',
  resource: object(key),
  ...more,
})
const trailPut = (source: string, account = workload): Request =>
  put(`cloudtrail/AWSLogs/${account}/x.json.gz`, {
    principal: 'cloudtrail.amazonaws.com',
    context: { ...ownerControls, 'aws:SourceArn': source },
  })

describe('archive bucket', () => {
  const production = () => productionAssembly().template('archive')

  test('[LOG-3] in production nothing can be deleted for five years, by anyone', () => {
    const { Properties, DeletionPolicy, UpdateReplacePolicy } = archiveOf(production())[1]
    const { Mode, Days } = Properties.ObjectLockConfiguration.Rule.DefaultRetention
    expect(Mode).toBe('COMPLIANCE')
    assert.ok(Days >= 1825, `${Days} days`)
    expect(Properties.VersioningConfiguration.Status).toBe('Enabled')
    expect([DeletionPolicy, UpdateReplacePolicy]).toEqual(['Retain', 'Retain'])
  })

  test('[LOG-3] the demonstration locks by what its configuration says, and can be ended', () => {
    const { Mode, Days } = archiveOf(demoAssembly().template('archive'))[1].Properties.ObjectLockConfiguration.Rule
      .DefaultRetention
    expect([Mode, Days]).toEqual(['GOVERNANCE', 30])
  })

  test('[LOG-3] nothing expires in the archive: an expiry would hide records behind delete markers', () => {
    for (const stack of ['archive', 'archive-replica']) {
      const { Rules } = archiveOf(productionAssembly().template(stack))[1].Properties.LifecycleConfiguration
      for (const rule of Rules)
        assert.ok(!Object.keys(rule).some((key) => /Expiration/.test(key)), JSON.stringify(rule))
    }
  })

  test('[LOG-3] logs stay searchable for a year before Glacier, the ledger stays where the verifier reads it', () => {
    const { Rules } = archiveOf(production())[1].Properties.LifecycleConfiguration
    const cold = Rules.filter((rule: any) => rule.Transitions)
    expect(cold.map((rule: any) => rule.Prefix).sort()).toEqual([
      'access/',
      'cloudtrail/',
      'config/',
      'logs/',
      'network/',
    ])
    for (const rule of cold) assert.ok(rule.Transitions[0].TransitionInDays >= 365)
  })

  test('[LOG-3] the locked bucket logs access into another, unlocked, since S3 cannot deliver into one', () => {
    const [, archive] = archiveOf(production())
    const target = archive.Properties.LoggingConfiguration.DestinationBucketName.Ref
    const bucket = production().Resources[target]!
    expect(bucket.Properties.ObjectLockEnabled).toBe(undefined)
    expect(
      bucket.Properties.BucketEncryption.ServerSideEncryptionConfiguration[0].ServerSideEncryptionByDefault
        .SSEAlgorithm,
    ).toBe('AES256')
  })

  test('[SEC-5] every object is copied to the second region, its deletions are not', () => {
    const [rule] = archiveOf(production())[1].Properties.ReplicationConfiguration.Rules
    expect(rule.Status).toBe('Enabled')
    expect(rule.Destination.Bucket).toBe(`arn:aws:s3:::renkei-production-archive-${log}-ap-northeast-3`)
    expect(rule.DeleteMarkerReplication.Status).toBe('Disabled')
    const [, replica] = archiveOf(productionAssembly().template('archive-replica'))
    expect(`arn:aws:s3:::${replica.Properties.BucketName}`).toBe(rule.Destination.Bucket)
    expect(replica.Properties.ObjectLockConfiguration.Rule.DefaultRetention.Mode).toBe('COMPLIANCE')
  })

  const admitted: [string, Request][] = [
    ['[LOG-1] the trail', trailPut(trail)],
    [
      '[LOG-1] flow logs',
      put(`network/flow/AWSLogs/${workload}/x.gz`, {
        principal: 'delivery.logs.amazonaws.com',
        context: {
          ...ownerControls,
          'aws:SourceAccount': workload,
          'aws:SourceArn': `arn:aws:logs:ap-northeast-1:${workload}:log-delivery:x`,
        },
      }),
    ],
    ['[LOG-1] the log export', put('logs/2026/11/22/x.gz', { duty: archiveWriters.logs.duty })],
    ["[LOG-3] the ledger's copy", put('ledger/project/1.json', { duty: archiveWriters.ledger.duty })],
    [
      '[LOG-3] the replica of AWS Config',
      put('config/x', { action: 's3:ReplicateObject', duty: archiveWriters.config.duty }),
    ],
    [
      '[LOG-3] the replica of access logs',
      put('access/x', { action: 's3:ReplicateObject', duty: archiveWriters.access.duty }),
    ],
  ]
  for (const [title, request] of admitted) {
    test(`${title} may be written`, async () => {
      expect(await ask(bucketPolicy(production()), log, request)).toBe('allowed')
    })
  }

  const turnedAway: [string, Request][] = [
    ['[LOG-3] another trail of the same account', trailPut(strangeTrail)],
    ["[LOG-3] the trail under another account's prefix", trailPut(trail, '999999999999')],
    [
      "[LOG-3] another account's log delivery",
      put(`network/AWSLogs/${workload}/x.gz`, {
        principal: 'delivery.logs.amazonaws.com',
        context: {
          ...ownerControls,
          'aws:SourceAccount': '999999999999',
          'aws:SourceArn': 'arn:aws:logs:ap-northeast-1:999999999999:x',
        },
      }),
    ],
    ['[LOG-3] a role of the workload account without a duty', put('ledger/project/1.json', {})],
    ['[LOG-3] the ledger writer among the logs', put('logs/x', { duty: archiveWriters.ledger.duty })],
    ['[LOG-3] the log export over the ledger', put('ledger/project/1.json', { duty: archiveWriters.logs.duty })],
    [
      '[LOG-3] a writer of a third account with the right tag',
      put('ledger/project/1.json', { principal: role('999999999999'), duty: archiveWriters.ledger.duty }),
    ],
    [
      '[LOG-2] the workload account that reads',
      {
        principal: role(workload),
        action: 's3:GetObject',
        resource: object('ledger/project/1.json'),
        duty: archiveWriters.ledger.duty,
      },
    ],
    [
      '[CRY-3] another encryption',
      put('ledger/x', { duty: archiveWriters.ledger.duty, context: { 's3:x-amz-server-side-encryption': 'AES256' } }),
    ],
    [
      '[CRY-2] a write without TLS',
      put('ledger/x', { duty: archiveWriters.ledger.duty, context: { 'aws:SecureTransport': 'false' } }),
    ],
    [
      '[CRY-2] a write with TLS 1.1',
      put('ledger/x', { duty: archiveWriters.ledger.duty, context: { 's3:TlsVersion': '1.1' } }),
    ],
  ]
  for (const [title, request] of turnedAway) {
    test(`${title} is turned away`, async () => {
      expect(await ask(bucketPolicy(production()), log, request)).toBe('refused')
    })
  }

  for (const action of ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:BypassGovernanceRetention']) {
    test(`[LOG-3] an administrator of the log account cannot ${action}, and only this policy prevents it`, async () => {
      const request = { principal: role(log), action, resource: object('ledger/x') }
      expect(await ask(bucketPolicy(production()), log, request)).toBe('refused')
      expect(await ask(bucketPolicy(production(), 'NothingIsRemoved'), log, request)).toBe('allowed')
    })
  }
})

describe('archive key', () => {
  const production = () => productionAssembly().template('archive')
  const viaS3 = { 'kms:ViaService': 's3.ap-northeast-1.amazonaws.com', 'kms:CallerAccount': workload }
  const use = (action: string, more: Partial<Request>): Request => ({
    principal: role(workload),
    action,
    resource: keyArn,
    ...more,
  })

  for (const action of [
    'kms:DisableKey',
    'kms:ScheduleKeyDeletion',
    'kms:PutKeyPolicy',
    'kms:CreateGrant',
    'kms:EnableKey',
  ]) {
    test(`[CRY-3] nobody of the workload account can ${action}, its root neither`, async () => {
      for (const principal of [role(workload), `arn:aws:iam::${workload}:root`])
        expect(await ask(keyPolicy(production()), log, use(action, { principal }))).toBe('refused')
    })
  }

  for (const action of ['kms:DisableKey', 'kms:ScheduleKeyDeletion']) {
    test(`[CRY-3] an administrator of the log account cannot ${action}; its root user can`, async () => {
      expect(await ask(keyPolicy(production()), log, use(action, { principal: role(log) }))).toBe('refused')
      expect(
        await ask(keyPolicy(production(), 'OnlyRootInPersonShreds'), log, use(action, { principal: role(log) })),
      ).toBe('allowed')
      expect(await ask(keyPolicy(production()), log, use(action, { principal: `arn:aws:iam::${log}:root` }))).toBe(
        'allowed',
      )
    })
  }

  test('[CRY-3] a writer encrypts through S3, not by calling KMS, and not without its duty', async () => {
    const policy = keyPolicy(production())
    expect(
      await ask(policy, log, use('kms:GenerateDataKey', { duty: archiveWriters.ledger.duty, context: viaS3 })),
    ).toBe('allowed')
    expect(await ask(policy, log, use('kms:GenerateDataKey', { duty: archiveWriters.ledger.duty }))).toBe('refused')
    expect(await ask(policy, log, use('kms:GenerateDataKey', { context: viaS3 }))).toBe('refused')
  })

  test('[LOG-2] the workload account cannot decrypt what it has archived', async () => {
    for (const writer of [archiveWriters.ledger, archiveWriters.config, archiveWriters.access]) {
      expect(await ask(keyPolicy(production()), log, use('kms:Decrypt', { duty: writer.duty, context: viaS3 }))).toBe(
        'refused',
      )
    }
  })

  test('[LOG-1] the trail encrypts, another trail does not', async () => {
    // The evaluator knows no encryption context: that part of the statement is compared, the rest is asked.
    const policy = keyPolicy(production())
    const statement = policy.Statement.find(({ Sid }: any) => Sid === 'TrailEncrypts')
    expect(statement.Condition.StringLike).toEqual({
      'kms:EncryptionContext:aws:cloudtrail:arn': `arn:aws:cloudtrail:*:${workload}:trail/*`,
    })
    delete statement.Condition.StringLike
    const encrypt = (source: string) =>
      use('kms:GenerateDataKey', { principal: 'cloudtrail.amazonaws.com', context: { 'aws:SourceArn': source } })
    expect(await ask(policy, log, encrypt(trail))).toBe('allowed')
    expect(await ask(policy, log, encrypt(strangeTrail))).toBe('refused')
  })

  test('[CRY-3] no statement allows everybody, whatever its condition; keys wait 30 days', () => {
    for (const stack of ['archive', 'archive-replica']) {
      const { Properties } = keyOf(productionAssembly().template(stack))
      for (const { Effect, Principal, Condition } of Properties.KeyPolicy.Statement) {
        if (Principal === '*' || Principal.AWS === '*') assert.ok(Effect === 'Deny' && Condition)
      }
      expect(Properties.PendingWindowInDays).toBe(30)
    }
  })
})
