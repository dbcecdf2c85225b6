import { Stack } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import type { RenkeiStackProps } from '#lib/kernel/stack.ts'
import { AccessLogBucket } from './access-log-bucket.ts'
import { ArchiveBucket } from './archive-bucket.ts'
import { ArchiveKey } from './archive-key.ts'
import { admitWorkload } from './bucket-policy.ts'
import { accessLogPrefix, archiveBucketArn, archiveKeyAlias, archiveKeyAliasArn } from './names.ts'
import { Replication } from './replication.ts'

/**
 * The archive of the log account, apart from the account whose doings it records (LOG-2, LOG-3). It stands before
 * everything that writes to it, after `archive-replica`, whose bucket its replication names.
 */
export class ArchiveStack extends Stack {
  constructor(scope: Construct, id: string, props: RenkeiStackProps) {
    const { config } = props
    const { region, replicaRegion } = config
    const account = config.accounts.log
    super(scope, id, { ...props, env: { account, region }, description: 'Write-once archive of logs and ledger' })

    const { key } = new ArchiveKey(this, 'Key', { config, region, writtenByWorkload: true })
    const { bucket } = new ArchiveBucket(this, 'Archive', { config, region, key })
    admitWorkload(bucket, config)

    const access = new AccessLogBucket(this, 'AccessLogs', { account, keepDays: config.retention.archiveDays })
    access.collectFrom(bucket, accessLogPrefix('archive'))

    new Replication(this, 'Replica', {
      source: bucket,
      sourceAccount: account,
      sourceRegion: region,
      sourceKey: key,
      sourceLocked: true,
      prefix: '',
      destination: {
        account,
        region: replicaRegion,
        bucketArn: archiveBucketArn(config, replicaRegion),
        keyAlias: archiveKeyAlias(config),
        keyAliasArn: archiveKeyAliasArn(config, replicaRegion),
      },
    })
  }
}
