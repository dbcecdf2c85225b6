import { Duration } from 'aws-cdk-lib'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Bucket, BucketEncryption, type CfnBucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import { denyRemoval } from './bucket-policy.ts'
import { archiveWriters } from './names.ts'
import { LOG_BUCKET } from './log-bucket.ts'

/** What the bucket of access logs is given. */
export interface AccessLogBucketProps {
  /** The account whose buckets deliver here. */
  readonly account: string
  /** Days a record is kept in this bucket. */
  readonly keepDays: number
}

/**
 * Server access logs. S3 can deliver them neither to a bucket with Object Lock nor to one encrypted with a customer key
 * (AWS documentation), so this bucket is versioned, refuses every deletion, and uses S3's own encryption.
 */
export class AccessLogBucket extends Construct {
  /** Versioned, closed, and emptied by its lifecycle rule alone. */
  readonly bucket: Bucket

  constructor(scope: Construct, id: string, props: AccessLogBucketProps) {
    super(scope, id)
    this.bucket = new Bucket(this, 'Resource', {
      encryption: BucketEncryption.S3_MANAGED,
      lifecycleRules: [
        {
          expiration: Duration.days(props.keepDays),
          noncurrentVersionExpiration: Duration.days(props.keepDays),
          abortIncompleteMultipartUploadAfter: Duration.days(7),
        },
      ],
      ...LOG_BUCKET,
    })
    denyRemoval(this.bucket)
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'ServerAccessLogs',
        principals: [new ServicePrincipal('logging.s3.amazonaws.com')],
        actions: ['s3:PutObject'],
        resources: [this.bucket.arnForObjects(`${archiveWriters.access.prefix}*`)],
        conditions: { StringEquals: { 'aws:SourceAccount': props.account } },
      }),
    )
  }

  /** Sends a bucket's server access logs here. */
  collectFrom(bucket: Bucket, prefix: string): void {
    // Not the L2 property: without a feature flag it would set an ACL, which a bucket with enforced ownership refuses.
    const resource = bucket.node.defaultChild as CfnBucket
    resource.loggingConfiguration = { destinationBucketName: this.bucket.bucketName, logFilePrefix: prefix }
  }
}
