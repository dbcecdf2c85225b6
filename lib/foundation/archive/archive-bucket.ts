import { Duration } from 'aws-cdk-lib'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { Bucket, BucketEncryption, ObjectLockRetention, StorageClass } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import type { Config } from '#lib/kernel/config/load.ts'
import { denyOtherEncryption, denyRemoval } from './bucket-policy.ts'
import { archiveBucketName, archiveWriters, deliveryPrefix } from './names.ts'
import { LOG_BUCKET } from './log-bucket.ts'

/** What one archive bucket is given. */
export interface ArchiveBucketProps {
  /** The parsed configuration: lock and retention. */
  readonly config: Config
  /** Where it stands; part of its name. */
  readonly region: string
  /** The archive's own key of this region. */
  readonly key: IKey
}

/**
 * Write-once storage of every log and of the ledger's copy (LOG-3, C-5). Objects never expire here: an expiry would put
 * delete markers before records, and the verifier rightly takes a delete marker for tampering. After the searchable
 * period logs go to Glacier; the ledger's copies stay readable, because the verifier reads all of them.
 */
export class ArchiveBucket extends Construct {
  /** The locked bucket, under the name that `names.ts` agrees. */
  readonly bucket: Bucket

  constructor(scope: Construct, id: string, props: ArchiveBucketProps) {
    super(scope, id)
    const { mode, days } = props.config.archive.lock
    const period = Duration.days(days)
    const searchable = Duration.days(props.config.retention.searchableDays)
    const logPrefixes = [
      ...Object.values(deliveryPrefix).map((prefix) => `${prefix}/`),
      archiveWriters.config.prefix,
      archiveWriters.access.prefix,
      archiveWriters.logs.prefix,
    ]
    this.bucket = new Bucket(this, 'Resource', {
      bucketName: archiveBucketName(props.config, props.region),
      objectLockEnabled: true,
      objectLockDefaultRetention:
        mode === 'COMPLIANCE' ? ObjectLockRetention.compliance(period) : ObjectLockRetention.governance(period),
      encryption: BucketEncryption.KMS,
      encryptionKey: props.key,
      bucketKeyEnabled: true,
      lifecycleRules: [
        { id: 'abandoned-uploads', abortIncompleteMultipartUploadAfter: Duration.days(7) },
        ...logPrefixes.map((prefix) => ({
          id: `glacier-${prefix.slice(0, -1)}`,
          prefix,
          transitions: [{ storageClass: StorageClass.GLACIER, transitionAfter: searchable }],
        })),
      ],
      ...LOG_BUCKET,
    })
    denyRemoval(this.bucket)
    denyOtherEncryption(this.bucket)
  }
}
