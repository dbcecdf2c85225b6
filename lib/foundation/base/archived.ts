import { Duration } from 'aws-cdk-lib'
import { Metric } from 'aws-cdk-lib/aws-cloudwatch'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import {
  archiveBucketArn,
  archiveBucketName,
  archiveKeyAlias,
  archiveKeyAliasArn,
  archiveWriters,
  assignDuty,
} from '../archive/names.ts'
import { Replication } from '../archive/replication.ts'
import type { Alarms } from '#lib/kernel/alarms.ts'
import type { Config } from '#lib/kernel/config/load.ts'

/** Which bucket is copied, as whom. */
export interface ArchivedProps {
  /** The parsed configuration: names of the archive. */
  readonly config: Config
  /** The bucket whose records are copied. */
  readonly bucket: Bucket
  /** The bucket's key, where it is not S3's own. */
  readonly key?: IKey
  /** The duty, and with it the prefix in the archive. */
  readonly writer: 'config' | 'access'
  /** Hears of a record that did not arrive. */
  readonly alarms: Alarms
}

/** Brings a bucket that cannot be locked into the archive (LOG-3), and alarms when a record does not arrive there. */
export class Archived extends Construct {
  constructor(scope: Construct, id: string, props: ArchivedProps) {
    super(scope, id)
    const { config } = props
    const writer = archiveWriters[props.writer]
    const replication = new Replication(this, 'Replication', {
      source: props.bucket,
      sourceAccount: config.accounts.workload,
      sourceRegion: config.region,
      sourceKey: props.key,
      prefix: writer.prefix,
      destination: {
        account: config.accounts.log,
        region: config.region,
        bucketArn: archiveBucketArn(config),
        keyAlias: archiveKeyAlias(config),
        keyAliasArn: archiveKeyAliasArn(config),
      },
    })
    assignDuty(replication.role, writer.duty)

    props.alarms.raise(this, 'Failed', {
      description:
        `A record of the ${props.writer} bucket did not reach the archive (LOG-3); ` +
        'see docs/runbooks/log-tampering.md',
      metric: new Metric({
        namespace: 'AWS/S3',
        metricName: 'OperationsFailedReplication',
        dimensionsMap: {
          SourceBucket: props.bucket.bucketName,
          DestinationBucket: archiveBucketName(config),
          RuleId: replication.ruleId,
        },
        statistic: 'Sum',
        period: Duration.minutes(5),
      }),
      threshold: 1,
    })
  }
}
