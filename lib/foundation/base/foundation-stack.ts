import { Stack } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { AccessLogBucket } from '../archive/access-log-bucket.ts'
import { accessLogPrefix } from '../archive/names.ts'
import { Alarms } from '#lib/kernel/alarms.ts'
import { parameterNames, publish } from '#lib/kernel/parameters.ts'
import type { RenkeiStackProps } from '#lib/kernel/stack.ts'
import { AlarmTopic } from './alarm-topic.ts'
import { Archived } from './archived.ts'
import { Backup } from './backup.ts'
import { ConfigBucket } from './config-bucket.ts'
import { PurposeKeys } from './keys.ts'

/**
 * What every other stack of the workload account stands on: keys by purpose, the buckets that cannot be locked and so
 * are copied into the archive, backups, and the alarm topic. It follows `archive` and `backup-replica`.
 */
export class FoundationStack extends Stack {
  constructor(scope: Construct, id: string, props: RenkeiStackProps) {
    const { config } = props
    const { environment, region } = config
    const account = config.accounts.workload
    super(scope, id, {
      ...props,
      env: { account, region },
      description: 'Keys, log buckets, backups and the alarm topic',
    })

    const keys = new PurposeKeys(this, 'Keys', {
      config,
      region,
      purposes: ['logs', 'ledger', 'secrets', 'queues', 'backup', 'alarms'],
    })
    const { topic } = new AlarmTopic(this, 'AlarmTopic', { config, key: keys.of('alarms') })
    const alarms = new Alarms(topic)

    const access = new AccessLogBucket(this, 'Access', { account, keepDays: config.retention.searchableDays })
    const configuration = new ConfigBucket(this, 'Config', { config, key: keys.of('logs') })
    access.collectFrom(configuration.bucket, accessLogPrefix('config'))
    new Archived(this, 'AccessArchived', { config, bucket: access.bucket, writer: 'access', alarms })
    new Archived(this, 'ConfigArchived', {
      config,
      bucket: configuration.bucket,
      key: keys.of('logs'),
      writer: 'config',
      alarms,
    })

    const backup = new Backup(this, 'Backup', { config, key: keys.of('backup') })

    keys.publish(environment)
    publish(this, environment, parameterNames.accessLogBucket(), access.bucket.bucketName)
    publish(this, environment, parameterNames.configBucket(), configuration.bucket.bucketName)
    publish(this, environment, parameterNames.alarmTopicArn(), topic.topicArn)
    publish(this, environment, parameterNames.backupVaultName(), backup.vault.backupVaultName)
    publish(this, environment, parameterNames.backupPlanId(), backup.plan.backupPlanId)
  }
}
