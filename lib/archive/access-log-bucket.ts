import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { BlockPublicAccess, Bucket, BucketEncryption, type CfnBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import { denyRemoval } from './bucket-policy.ts'
import { archiveWriters } from './names.ts'

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
  readonly bucket: Bucket

  constructor(scope: Construct, id: string, props: AccessLogBucketProps) {
    super(scope, id)
    this.bucket = new Bucket(this, 'Resource', {
      versioned: true,
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [{
        expiration: Duration.days(props.keepDays),
        noncurrentVersionExpiration: Duration.days(props.keepDays),
        abortIncompleteMultipartUploadAfter: Duration.days(7),
      }],
    })
    denyRemoval(this.bucket)
    this.bucket.addToResourcePolicy(new PolicyStatement({
      sid: 'ServerAccessLogs',
      principals: [new ServicePrincipal('logging.s3.amazonaws.com')],
      actions: ['s3:PutObject'],
      resources: [this.bucket.arnForObjects(`${archiveWriters.access.prefix}*`)],
      conditions: { StringEquals: { 'aws:SourceAccount': props.account } },
    }))
  }

  /** Sends a bucket's server access logs here. */
  collectFrom(bucket: Bucket, prefix: string): void {
    // Not the L2 property: without a feature flag it would set an ACL, which a bucket with enforced ownership refuses.
    const resource = bucket.node.defaultChild as CfnBucket
    resource.loggingConfiguration = { destinationBucketName: this.bucket.bucketName, logFilePrefix: prefix }
  }
}
