import { Stack } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import type { RenkeiStackProps } from '#lib/kernel/stack.ts'
import { AccessLogBucket } from './access-log-bucket.ts'
import { ArchiveBucket } from './archive-bucket.ts'
import { ArchiveKey } from './archive-key.ts'
import { accessLogPrefix } from './names.ts'

/** The archive's copy in the second region: locked alike, written by the archive's replication only. */
export class ArchiveReplicaStack extends Stack {
  constructor(scope: Construct, id: string, props: RenkeiStackProps) {
    const { config } = props
    const account = config.accounts.log
    const region = config.replicaRegion
    super(scope, id, {
      ...props,
      env: { account, region },
      description: 'Copy of the write-once archive in the second region',
    })

    const { key } = new ArchiveKey(this, 'Key', { config, region, writtenByWorkload: false })
    const { bucket } = new ArchiveBucket(this, 'Archive', { config, region, key })
    const access = new AccessLogBucket(this, 'AccessLogs', { account, keepDays: config.retention.archiveDays })
    access.collectFrom(bucket, accessLogPrefix('archive-replica'))
  }
}
