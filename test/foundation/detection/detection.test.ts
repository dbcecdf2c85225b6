import assert from 'node:assert/strict'
import { describe, expect, test } from '@jest/globals'
import { App } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { DetectionStack } from '#lib/foundation/detection/detection-stack.ts'
import { loadRules } from '#lib/foundation/detection/rules.ts'
import { demoAssembly, productionAssembly, resourcesOf } from '#test/support/assembly.ts'
import { demoConfig } from '#test/support/config.ts'
import { expectThat } from '#test/support/expect.ts'

const demo = () => demoAssembly().template('detection')
const only = (type: string, template = demo()) => {
  const found = resourcesOf(template, type)
  expectThat(found.length, `${found.length} of ${type}`).toBe(1)
  return found[0]![1]
}
/** Whether a CloudTrail selector takes an event, by its documented field operators. */
function takes(selector: any, event: Record<string, string>): boolean {
  return selector.FieldSelectors.every((field: any) => {
    const value = event[field.Field]
    if (value === undefined) return false
    return (
      (!field.Equals || field.Equals.includes(value)) &&
      (!field.NotEquals || !field.NotEquals.includes(value)) &&
      (!field.StartsWith || field.StartsWith.some((prefix: string) => value.startsWith(prefix))) &&
      (!field.NotStartsWith || !field.NotStartsWith.some((prefix: string) => value.startsWith(prefix)))
    )
  })
}
const recorded = (event: Record<string, string>) =>
  only('AWS::CloudTrail::Trail').Properties.AdvancedEventSelectors.some((selector: any) =>
    takes(selector, { eventCategory: 'Data', ...event }),
  )
const object = (bucket: string, eventName: string, readOnly: string) => ({
  'resources.type': 'AWS::S3::Object',
  'resources.ARN': `arn:aws:s3:::${bucket}/x`,
  eventName,
  readOnly,
})
const item = (table: string, eventName: string, readOnly: string) => ({
  'resources.type': 'AWS::DynamoDB::Table',
  'resources.ARN': `arn:aws:dynamodb:ap-northeast-1:000000000000:table/${table}`,
  eventName,
  readOnly,
})

describe('trail', () => {
  test('[LOG-1] one trail sees every region, and cannot be changed unseen', () => {
    const { Properties } = only('AWS::CloudTrail::Trail')
    expect([
      Properties.IsLogging,
      Properties.IsMultiRegionTrail,
      Properties.IncludeGlobalServiceEvents,
      Properties.EnableLogFileValidation,
    ]).toEqual([true, true, true, true])
  })

  test("[LOG-3] the trail writes straight into the log account's locked bucket, under its key", () => {
    const { Properties } = only('AWS::CloudTrail::Trail', productionAssembly().template('detection'))
    expect(Properties.S3BucketName).toBe('renkei-production-archive-444455556666-ap-northeast-1')
    expect(Properties.KMSKeyId).toBe('arn:aws:kms:ap-northeast-1:444455556666:alias/renkei-production-archive')
    expect(Properties.TrailName).toBe('renkei-production')
  })

  test('[LOG-1] data events: every object of a data bucket, every write to the ledger', () => {
    assert.ok(recorded(object('renkei-demo-control-attachments1a2b', 'GetObject', 'true')))
    assert.ok(recorded(object('renkei-demo-control-attachments1a2b', 'PutObject', 'false')))
    for (const call of ['TransactWriteItems', 'DeleteItem', 'ExecuteStatement'])
      assert.ok(recorded(item('Renkei-demo-control-LedgerTable1A2B-XYZ', call, 'false')))
  })

  test('[LOG-3] every attempt on a log is recorded, its delivery not, which would record itself without end', () => {
    for (const bucket of ['renkei-demo-archive-000000000000-ap-northeast-1', 'renkei-demo-foundation-config1a2b']) {
      for (const call of ['GetObject', 'DeleteObject', 'PutObjectRetention'])
        assert.ok(recorded(object(bucket, call, String(call === 'GetObject'))))
      assert.ok(!recorded(object(bucket, 'PutObject', 'false')))
    }
  })

  test('[LOG-1] the ledger table has the name that trail and rules watch for', () => {
    const [id] = resourcesOf(demoAssembly().template('control'), 'AWS::DynamoDB::Table').find(
      ([, { Properties }]) => Properties.StreamSpecification,
    )!
    assert.ok(`Renkei-demo-control-${id}`.startsWith('Renkei-demo-control-LedgerTable'), id)
  })
})

describe('log export', () => {
  const policy = () => only('AWS::Logs::AccountPolicy').Properties

  test('[LOG-3] every log group of the account goes to the archive, by no stack asking for it', () => {
    expect([policy().PolicyType, policy().Scope]).toEqual(['SUBSCRIPTION_FILTER_POLICY', 'ALL'])
    const { ExtendedS3DestinationConfiguration: target } = only('AWS::KinesisFirehose::DeliveryStream').Properties
    expect(target.BucketARN).toBe('arn:aws:s3:::renkei-demo-archive-000000000000-ap-northeast-1')
    assert.ok(target.Prefix.startsWith('logs/') && target.ErrorOutputPrefix.startsWith('logs/'))
  })

  test('[LOG-3] only two groups are left out: the trail, archived directly, and the export, fed by itself', () => {
    const left = JSON.stringify(policy().SelectionCriteria).match(/"Ref":"(\w+)"/g) ?? []
    const groups = resourcesOf(demo(), 'AWS::Logs::LogGroup')
      .map(([id]) => id)
      .filter((id) => !id.startsWith('DesktopSignIns'))
    expect(left.map((ref) => ref.slice(7, -1)).sort()).toEqual(groups.sort())
    expect(groups.length).toBe(2)
  })

  test('[LOG-3] a log that is late for the archive is an alarm', () => {
    const late = resourcesOf(demo(), 'AWS::CloudWatch::Alarm').find(
      ([, { Properties }]) => Properties.MetricName === 'DeliveryToS3.DataFreshness',
    )
    assert.ok(late && late[1].Properties.AlarmActions.length === 1)
  })
})

describe('security services', () => {
  test('[LOG-4] where the configuration says create: detector, Security Hub, recorder into the config bucket', () => {
    expect(only('AWS::GuardDuty::Detector').Properties.Enable).toBe(true)
    expect(resourcesOf(demo(), 'AWS::SecurityHub::Standard').length).toBe(2)
    expect(only('AWS::Config::ConfigurationRecorder').Properties.RecordingGroup.AllSupported).toBe(true)
    expect(only('AWS::Config::DeliveryChannel').Properties.S3KeyPrefix).toBe('config')
  })

  test('[LOG-4] left alone where they exist, and the assumption is published for preflight', () => {
    const production = productionAssembly().template('detection')
    for (const type of ['AWS::GuardDuty::Detector', 'AWS::SecurityHub::Hub', 'AWS::Config::ConfigurationRecorder'])
      expect(resourcesOf(production, type).length).toBe(0)
    const published = resourcesOf(production, 'AWS::SSM::Parameter').map(([, { Properties }]) => [
      Properties.Name,
      Properties.Value,
    ])
    expect(published).toEqual([['/renkei/production/detection/security-services', 'existing']])
  })
})

describe('rendered detection rules', () => {
  test('[LOG-4] every detection rule is deployed, enabled, and reaches the alarm topic with its instructions', () => {
    const topic = (reference: unknown) => expect(JSON.stringify(reference)).toMatch(/alarmtopic/i)
    const deployed = new Set<string>()
    for (const [id, { Properties }] of resourcesOf(demo(), 'AWS::Events::Rule')) {
      // Not a detection: it keeps the sign-ins as a log.
      if (id.startsWith('DesktopSignIns')) continue
      expect(Properties.State).toBe('ENABLED')
      const [target] = Properties.Targets
      topic(target.Arn)
      assert.ok(target.DeadLetterConfig.Arn)
      const message = JSON.parse(target.InputTransformer.InputTemplate.replace('<aws.events.event.json>', '{}'))
      for (const field of ['rule', 'severity', 'owner', 'runbook', 'ackWithin', 'event'])
        assert.ok(message[field], `${message.rule}: ${field}`)
      deployed.add(message.rule)
    }
    for (const [, { Properties }] of resourcesOf(demo(), 'AWS::CloudWatch::Alarm')) {
      topic(Properties.AlarmActions[0])
      if (Properties.Namespace === 'Renkei/Detection') deployed.add(JSON.parse(Properties.AlarmDescription).rule)
    }
    expect([...deployed].sort()).toEqual(
      loadRules()
        .map(({ id }) => id)
        .sort(),
    )
  })

  test('[LOG-4] every pattern fits EventBridge (2,048 characters) and every filter the log group (100 filters)', () => {
    for (const [id, { Properties }] of resourcesOf(demo(), 'AWS::Events::Rule')) {
      const length = JSON.stringify(Properties.EventPattern).replaceAll(
        /\{"Ref":"[^"]+"\}/g,
        '"sg-0123456789abcdef0"',
      ).length
      assert.ok(length <= 2048, `${id}: ${length}`)
    }
    assert.ok(resourcesOf(demo(), 'AWS::Logs::MetricFilter').length <= 100)
  })

  test('[NET-4] the members group of every cell is watched, however many cells there are', () => {
    const cells = Array.from({ length: 60 }, (_, index) => ({
      id: index + 1,
      cidr: `10.${100 + index}.0.0/16`,
      projects: 20,
    }))
    const config = { ...demoConfig(), cells }
    const template = Template.fromStack(new DetectionStack(new App(), 'detection', { config })).toJSON()
    const patterns = Object.values<any>(template.Resources)
      .filter(
        ({ Type, Properties }) =>
          Type === 'AWS::Events::Rule' &&
          Properties.Targets[0].InputTransformer?.InputTemplate.includes('members-group-changed'),
      )
      .map(({ Properties }) => Properties.EventPattern)
    const watched = new Set(
      patterns.flatMap((pattern) =>
        pattern.detail.$or[0].requestParameters.groupId.map((reference: any) => JSON.stringify(reference)),
      ),
    )
    expect(watched.size).toBe(60)
    for (const pattern of patterns)
      assert.ok(JSON.stringify(pattern).replaceAll(/\{"Ref":"[^"]+"\}/g, '"sg-0123456789abcdef0"').length <= 2048)
  })

  test('[LOG-4] a detection that cannot be delivered waits in an encrypted queue, and that is an alarm', () => {
    const queue = only('AWS::SQS::Queue').Properties
    assert.ok(queue.KmsMasterKeyId)
    assert.ok(
      resourcesOf(demo(), 'AWS::CloudWatch::Alarm').some(
        ([, { Properties }]) => Properties.MetricName === 'ApproximateNumberOfMessagesVisible',
      ),
    )
  })
})

describe('backups', () => {
  test('[SEC-5] the ledger is backed up by its tag, and a restore is tried every month', () => {
    const [tag] = only('AWS::Backup::BackupSelection').Properties.BackupSelection.ListOfTags
    const tables = resourcesOf(demoAssembly().template('control'), 'AWS::DynamoDB::Table')
    assert.ok(tables.length > 0)
    for (const [id, { Properties }] of tables) {
      assert.ok(
        Properties.Tags.some(({ Key, Value }: any) => Key === tag.ConditionKey && Value === tag.ConditionValue),
        `${id} is not backed up`,
      )
    }
    expect(only('AWS::Backup::RestoreTestingPlan').Properties.ScheduleExpression).toMatch(
      /^cron\(\d+ \d+ \d+ \* \? \*\)$/,
    )
  })
})
