import assert from 'node:assert/strict'
import { describe, expect, test } from '@jest/globals'
import { archiveWriters } from '#lib/foundation/archive/names.ts'
import { ask, resolve } from '#test/support/iam-policy.ts'
import { demoAssembly, productionAssembly, resourcesOf, type Resource } from '#test/support/assembly.ts'
import { expectThat } from '#test/support/expect.ts'

const account = '000000000000'
const demo = () => demoAssembly().template('foundation')
const keys = () => resourcesOf(demo(), 'AWS::KMS::Key')
const keyFor = (purpose: string): [string, Resource] =>
  keys().find(([, { Properties }]) => {
    const alias = resourcesOf(demo(), 'AWS::KMS::Alias').find(
      ([, one]) => one.Properties.AliasName === `alias/renkei/demo/${purpose}`,
    )!
    return JSON.stringify(alias[1].Properties.TargetKeyId).includes(
      keys().find(([, one]) => one.Properties === Properties)![0],
    )
  })!
const buckets = () => resourcesOf(demo(), 'AWS::S3::Bucket')
const role = `arn:aws:iam::${account}:role/Anything`
const keyArn = `arn:aws:kms:ap-northeast-1:${account}:key/11111111-2222-3333-4444-555555555555`
const via = (service: string) => ({
  'kms:ViaService': `${service}.ap-northeast-1.amazonaws.com`,
  'kms:CallerAccount': account,
})

describe('keys by purpose', () => {
  const purposes = ['logs', 'ledger', 'secrets', 'queues', 'backup', 'alarms']

  test('[CRY-3] one key a purpose, published, with 30 days before a deletion', () => {
    expect(keys().length).toBe(purposes.length)
    for (const [id, { Properties }] of keys()) expectThat(Properties.PendingWindowInDays, id).toBe(30)
    for (const purpose of purposes)
      assert.ok(
        resourcesOf(demo(), 'AWS::SSM::Parameter').some(
          ([, { Properties }]) => Properties.Name === `/renkei/demo/foundation/key/${purpose}`,
        ),
      )
  })

  const uses = [
    { purpose: 'ledger', service: 'dynamodb', allowed: true },
    { purpose: 'ledger', service: 'sqs', allowed: false },
    { purpose: 'queues', service: 'sqs', allowed: true },
    { purpose: 'queues', service: 'dynamodb', allowed: false },
    { purpose: 'secrets', service: 'secretsmanager', allowed: true },
    { purpose: 'secrets', service: 's3', allowed: false },
    { purpose: 'logs', service: 's3', allowed: true },
    { purpose: 'backup', service: 'backup', allowed: true },
    { purpose: 'alarms', service: 'sns', allowed: true },
  ]
  for (const { purpose, service, allowed } of uses) {
    const serves = allowed ? 'serves' : 'does not serve'
    test(`[CRY-3] the ${purpose} key ${serves} ${service}, and nobody who calls KMS directly`, async () => {
      const policy = resolve(keyFor(purpose)[1].Properties.KeyPolicy, {})
      const decrypt = (context: Record<string, string>) =>
        ask(policy, account, { principal: role, action: 'kms:Decrypt', resource: keyArn, context })
      expect(await decrypt(via(service))).toBe(allowed ? 'allowed' : 'refused')
      expect(await decrypt({ 'kms:CallerAccount': account })).toBe('refused')
    })
  }

  test('[CRY-3] no key policy allows a service without naming this account', () => {
    for (const [id, { Properties }] of keys()) {
      for (const statement of Properties.KeyPolicy.Statement) {
        if (statement.Principal.Service)
          expectThat(JSON.stringify(statement.Condition), id).toMatch(new RegExp(account))
      }
    }
  })
})

describe('log buckets', () => {
  test('[LOG-3] what cannot be locked is copied into the archive in 15 minutes, deletions not, failures alarm', () => {
    expect(buckets().length).toBe(2)
    const copied = buckets().map(([, { Properties }]) => Properties.ReplicationConfiguration.Rules[0])
    expect(copied.map((rule) => rule.Filter.Prefix).sort()).toEqual([
      archiveWriters.access.prefix,
      archiveWriters.config.prefix,
    ])
    for (const rule of copied) {
      expect(rule.Destination.Bucket).toBe(`arn:aws:s3:::renkei-demo-archive-${account}-ap-northeast-1`)
      expect([rule.Status, rule.DeleteMarkerReplication.Status, rule.Destination.ReplicationTime.Time.Minutes]).toEqual(
        ['Enabled', 'Disabled', 15],
      )
    }
    const failures = resourcesOf(demo(), 'AWS::CloudWatch::Alarm').filter(
      ([, { Properties }]) => Properties.MetricName === 'OperationsFailedReplication',
    )
    expect(failures.length).toBe(2)
  })

  test('[LOG-3] in production the copies belong to the log account', () => {
    for (const [, { Properties }] of resourcesOf(productionAssembly().template('foundation'), 'AWS::S3::Bucket')) {
      const [{ Destination }] = Properties.ReplicationConfiguration.Rules
      expect([Destination.Account, Destination.AccessControlTranslation.Owner]).toEqual(['444455556666', 'Destination'])
    }
  })

  test('[LOG-3] the role of each copy has the duty that the archive admits', () => {
    const duties = resourcesOf(demo(), 'AWS::IAM::Role').map(
      ([, { Properties }]) => Properties.Tags?.find(({ Key }: any) => Key === 'renkei:duty')?.Value,
    )
    expect(duties.sort()).toEqual([archiveWriters.access.duty, archiveWriters.config.duty])
  })

  test('[LOG-3] nobody deletes from either bucket; TLS 1.2 at least; kept with the stack gone', async () => {
    for (const [id, bucket] of buckets()) {
      expect([bucket.DeletionPolicy, bucket.Properties.VersioningConfiguration.Status]).toEqual(['Retain', 'Enabled'])
      const arn = 'arn:aws:s3:::bucket'
      const [, policy] = resourcesOf(demo(), 'AWS::S3::BucketPolicy').find(
        ([, { Properties }]) => Properties.Bucket.Ref === id,
      )!
      const document = resolve(policy.Properties.PolicyDocument, { [id]: arn })
      const call = (action: string, context = {}) =>
        ask(document, account, { principal: role, action, resource: `${arn}/x`, context })
      expect(await call('s3:GetObject')).toBe('allowed')
      for (const action of ['s3:DeleteObject', 's3:DeleteObjectVersion']) expect(await call(action)).toBe('refused')
      expect(await call('s3:GetObject', { 's3:TlsVersion': '1.1' })).toBe('refused')
      expect(await call('s3:GetObject', { 'aws:SecureTransport': 'false' })).toBe('refused')
    }
  })

  test('[LOG-3] every bucket of the platform sends its access logs where they are copied from', () => {
    for (const stack of demoAssembly().stacks) {
      for (const [id, { Properties }] of resourcesOf(demoAssembly().template(stack), 'AWS::S3::Bucket')) {
        const logging = Properties.LoggingConfiguration
        if (logging)
          assert.ok(
            logging.LogFilePrefix?.startsWith(archiveWriters.access.prefix),
            `${stack}/${id}: ${logging.LogFilePrefix} is refused by the access bucket; use accessLogPrefix()`,
          )
      }
    }
  })
})

describe('alarm topic', () => {
  test('[LOG-4] encrypted, TLS only, and only rules and alarms of this account publish', async () => {
    const [id, topic] = resourcesOf(demo(), 'AWS::SNS::Topic')[0]!
    assert.ok(topic.Properties.KmsMasterKeyId)
    const arn = `arn:aws:sns:ap-northeast-1:${account}:alarms`
    const document = resolve(resourcesOf(demo(), 'AWS::SNS::TopicPolicy')[0]![1].Properties.PolicyDocument, {
      [id]: arn,
    })
    const publish = (source: string, secure = 'true') =>
      ask(document, account, {
        principal: 'events.amazonaws.com',
        action: 'sns:Publish',
        resource: arn,
        context: {
          'aws:SourceAccount': source,
          'aws:SourceArn': `arn:aws:events:ap-northeast-1:${source}:rule/x`,
          'aws:SecureTransport': secure,
        },
      })
    expect(await publish(account)).toBe('allowed')
    expect(await publish('999999999999')).toBe('refused')
    expect(await publish(account, 'false')).toBe('refused')
  })

  test('[LOG-4] somebody hears it', () => {
    expect(resourcesOf(demo(), 'AWS::SNS::Subscription')[0]![1].Properties.Endpoint).toBe('operations@renkei.example')
  })
})

describe('backups', () => {
  const plan = () => resourcesOf(demo(), 'AWS::Backup::BackupPlan')[0]![1].Properties.BackupPlan.BackupPlanRule as any[]

  test('[SEC-5] more than three generations, each with a copy in Osaka, in a vault that has that name there', () => {
    assert.ok(plan().find(({ RuleName }) => RuleName === 'daily').Lifecycle.DeleteAfterDays >= 3)
    assert.ok(plan().find(({ RuleName }) => RuleName === 'monthly').Lifecycle.DeleteAfterDays >= 3 * 31)
    const vault = resourcesOf(demoAssembly().template('backup-replica'), 'AWS::Backup::BackupVault')[0]![1].Properties
    for (const { CopyActions } of plan()) {
      expect(CopyActions[0].DestinationBackupVaultArn).toBe(
        `arn:aws:backup:ap-northeast-3:${account}:backup-vault:${vault.BackupVaultName}`,
      )
    }
  })

  test('[SEC-5] both vaults are locked, in production for good after three days, and hold every generation', () => {
    for (const stack of ['foundation', 'backup-replica']) {
      const [, vault] = resourcesOf(productionAssembly().template(stack), 'AWS::Backup::BackupVault')[0]!
      const { LockConfiguration, AccessPolicy } = vault.Properties
      expect(LockConfiguration.ChangeableForDays).toBe(3)
      for (const { Lifecycle } of plan())
        assert.ok(
          Lifecycle.DeleteAfterDays >= LockConfiguration.MinRetentionDays &&
            Lifecycle.DeleteAfterDays <= LockConfiguration.MaxRetentionDays,
        )
      expect(AccessPolicy.Statement[0].Effect).toBe('Deny')
      assert.ok(AccessPolicy.Statement[0].Action.includes('backup:DeleteRecoveryPoint'))
      expect(vault.DeletionPolicy).toBe('Retain')
    }
    const [, demonstration] = resourcesOf(demo(), 'AWS::Backup::BackupVault')[0]!
    expect(demonstration.Properties.LockConfiguration.ChangeableForDays).toBe(undefined)
  })

  test('[ARC-5] everything of these stacks stands in Tokyo or Osaka', () => {
    const templates = ['archive', 'archive-replica', 'foundation', 'backup-replica', 'detection'].map((stack) =>
      JSON.stringify(demoAssembly().template(stack)),
    )
    const region = /\b(?:us|eu|ap|sa|ca|me|af|il|cn|mx)-(?:(?:north|south)?(?:east|west)|north|south|central)-\d\b/g
    for (const text of templates) {
      const elsewhere = [...text.matchAll(region)]
        .map(([name]) => name)
        .filter((name) => name !== 'ap-northeast-1' && name !== 'ap-northeast-3')
      expect(elsewhere).toEqual([])
    }
  })
})
