import { Duration } from 'aws-cdk-lib'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import { denyOtherEncryption, denyRemoval } from '../archive/bucket-policy.ts'
import { archiveWriters } from '../archive/names.ts'
import type { Config } from '#lib/kernel/config/load.ts'
import { LOG_BUCKET } from '../archive/log-bucket.ts'

/** What the bucket is given. */
export interface ConfigBucketProps {
  /** The parsed configuration. */
  readonly config: Config
  /** Encrypts what AWS Config delivers. */
  readonly key: IKey
}

/**
 * Where AWS Config delivers, because it cannot deliver to a locked bucket (AWS documentation): versioned, refusing
 * every deletion, and replicated into the archive, where the records are kept.
 */
export class ConfigBucket extends Construct {
  /** Its name is published; `detection` names it as the delivery channel. */
  readonly bucket: Bucket

  constructor(scope: Construct, id: string, props: ConfigBucketProps) {
    super(scope, id)
    const account = props.config.accounts.workload
    const keep = Duration.days(props.config.retention.searchableDays)
    this.bucket = new Bucket(this, 'Resource', {
      encryption: BucketEncryption.KMS,
      encryptionKey: props.key,
      bucketKeyEnabled: true,
      lifecycleRules: [
        { expiration: keep, noncurrentVersionExpiration: keep, abortIncompleteMultipartUploadAfter: Duration.days(7) },
      ],
      ...LOG_BUCKET,
    })
    denyRemoval(this.bucket)
    denyOtherEncryption(this.bucket)
    const service = [new ServicePrincipal('config.amazonaws.com')]
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'ConfigChecks',
        principals: service,
        actions: ['s3:GetBucketAcl', 's3:ListBucket'],
        resources: [this.bucket.bucketArn],
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    )
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'ConfigWrites',
        principals: service,
        actions: ['s3:PutObject'],
        resources: [this.bucket.arnForObjects(`${archiveWriters.config.prefix}AWSLogs/${account}/*`)],
        conditions: { StringEquals: { 'aws:SourceAccount': account, 's3:x-amz-acl': 'bucket-owner-full-control' } },
      }),
    )
  }
}
