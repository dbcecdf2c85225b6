import { AccountPrincipal, AnyPrincipal, Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import type { Config } from '#lib/kernel/config/load.ts'
import { archiveWriters, deliveryPrefix, dutyTag, trailArn } from './names.ts'

/** Nobody removes or hides a record, whatever their role (LOG-3); lifecycle rules are S3's own doing and go on. */
export function denyRemoval(bucket: Bucket): void {
  bucket.addToResourcePolicy(
    new PolicyStatement({
      sid: 'NothingIsRemoved',
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: [
        's3:DeleteObject',
        's3:DeleteObjectVersion',
        's3:BypassGovernanceRetention',
        's3:DeleteBucket',
        's3:ReplicateDelete',
      ],
      resources: [bucket.bucketArn, bucket.arnForObjects('*')],
    }),
  )
}

/**
 * Only this key's encryption is taken: an explicit other algorithm is refused, no header means the bucket's default.
 */
export function denyOtherEncryption(bucket: Bucket): void {
  bucket.addToResourcePolicy(
    new PolicyStatement({
      sid: 'NoOtherEncryption',
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ['s3:PutObject'],
      resources: [bucket.arnForObjects('*')],
      conditions: {
        Null: { 's3:x-amz-server-side-encryption': 'false' },
        StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' },
      },
    }),
  )
}

/**
 * Admits the workload account's trail, its log delivery, and its roles by duty, each to its own prefix (LOG-1, LOG-3).
 */
export function admitWorkload(bucket: Bucket, config: Config): void {
  const { workload } = config.accounts
  const ownerControls = { 's3:x-amz-acl': 'bucket-owner-full-control' }
  const trail = { principals: [new ServicePrincipal('cloudtrail.amazonaws.com')] }
  const delivery = { principals: [new ServicePrincipal('delivery.logs.amazonaws.com')] }
  const deliverySource = { ArnLike: { 'aws:SourceArn': `arn:aws:logs:${config.region}:${workload}:*` } }

  bucket.addToResourcePolicy(
    new PolicyStatement({
      sid: 'TrailChecks',
      ...trail,
      actions: ['s3:GetBucketAcl'],
      resources: [bucket.bucketArn],
      conditions: { StringEquals: { 'aws:SourceArn': trailArn(config) } },
    }),
  )
  bucket.addToResourcePolicy(
    new PolicyStatement({
      sid: 'TrailWrites',
      ...trail,
      actions: ['s3:PutObject'],
      resources: [bucket.arnForObjects(`${deliveryPrefix.trail}/AWSLogs/${workload}/*`)],
      conditions: { StringEquals: { ...ownerControls, 'aws:SourceArn': trailArn(config) } },
    }),
  )
  bucket.addToResourcePolicy(
    new PolicyStatement({
      sid: 'LogDeliveryChecks',
      ...delivery,
      actions: ['s3:GetBucketAcl', 's3:ListBucket'],
      resources: [bucket.bucketArn],
      conditions: { StringEquals: { 'aws:SourceAccount': workload }, ...deliverySource },
    }),
  )
  bucket.addToResourcePolicy(
    new PolicyStatement({
      sid: 'LogDeliveryWrites',
      ...delivery,
      actions: ['s3:PutObject'],
      resources: [bucket.arnForObjects(`${deliveryPrefix.network}/*AWSLogs/${workload}/*`)],
      conditions: { StringEquals: { ...ownerControls, 'aws:SourceAccount': workload }, ...deliverySource },
    }),
  )
  for (const [name, writer] of Object.entries(archiveWriters)) {
    const role = {
      principals: [new AccountPrincipal(workload)],
      conditions: { StringEquals: { 'aws:PrincipalAccount': workload, [`aws:PrincipalTag/${dutyTag}`]: writer.duty } },
    }
    const title = name.charAt(0).toUpperCase() + name.slice(1)
    bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: `${title}Writes`,
        ...role,
        actions: writer.replicates
          ? ['s3:ReplicateObject', 's3:ReplicateTags']
          : ['s3:PutObject', 's3:AbortMultipartUpload'],
        resources: [bucket.arnForObjects(`${writer.prefix}*`)],
      }),
    )
    bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: `${title}Checks`,
        ...role,
        actions: writer.replicates
          ? ['s3:GetBucketVersioning']
          : ['s3:GetBucketLocation', 's3:ListBucketMultipartUploads'],
        resources: [bucket.bucketArn],
      }),
    )
  }
}
