import { RemovalPolicy } from 'aws-cdk-lib'
import { CfnTrail } from 'aws-cdk-lib/aws-cloudtrail'
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import { archiveBucketName, archiveKeyAliasArn, deliveryPrefix, trailArn, trailName } from '../archive/names.ts'
import type { Config } from '#lib/kernel/config/load.ts'
import { searchableRetention } from '#lib/kernel/retention.ts'
import { ledgerTablePrefix } from './detection-rules.ts'

/** What the trail is given. */
export interface TrailProps {
  /** The parsed configuration. */
  readonly config: Config
  /** Encrypts the searchable copy. */
  readonly logKey: IKey
}

/**
 * What was called, by whom, in every region (LOG-1): straight into the archive, with the digests that show a missing or
 * changed file (LOG-3), and searchable in a log group.
 */
export class Trail extends Construct {
  /** The searchable copy; metric filters read it. */
  readonly logGroup: LogGroup

  constructor(scope: Construct, id: string, props: TrailProps) {
    super(scope, id)
    const { config } = props
    this.logGroup = new LogGroup(this, 'Log', {
      encryptionKey: props.logKey,
      retention: searchableRetention(config.retention.searchableDays),
      removalPolicy: RemovalPolicy.RETAIN,
    })
    const role = new Role(this, 'Role', {
      description: 'CloudTrail writes its searchable copy',
      assumedBy: new ServicePrincipal('cloudtrail.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceArn': trailArn(config) } },
      }),
    })
    const policy = new ManagedPolicy(this, 'Policy', {
      roles: [role],
      statements: [
        new PolicyStatement({
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          resources: [this.logGroup.logGroupArn],
        }),
      ],
    })
    const trail = new CfnTrail(this, 'Resource', {
      trailName: trailName(config),
      isLogging: true,
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      enableLogFileValidation: true,
      s3BucketName: archiveBucketName(config),
      s3KeyPrefix: deliveryPrefix.trail,
      kmsKeyId: archiveKeyAliasArn(config),
      cloudWatchLogsLogGroupArn: this.logGroup.logGroupArn,
      cloudWatchLogsRoleArn: role.roleArn,
      advancedEventSelectors: eventSelectors(config),
    })
    // CloudTrail tries the role when it is created.
    trail.node.addDependency(policy)
  }
}

/** Deliveries into the log buckets are left out, or every delivered file would bring forth the next record. */
function eventSelectors(config: Config): CfnTrail.AdvancedEventSelectorProperty[] {
  const buckets = `arn:aws:s3:::renkei-${config.environment}-`
  const logBuckets = [`${buckets}archive-`, `${buckets}foundation-`]
  const data = (type: string): CfnTrail.AdvancedFieldSelectorProperty[] => [
    { field: 'eventCategory', equalTo: ['Data'] },
    { field: 'resources.type', equalTo: [type] },
  ]
  return [
    { name: 'Management', fieldSelectors: [{ field: 'eventCategory', equalTo: ['Management'] }] },
    {
      name: 'Objects of data buckets',
      fieldSelectors: [
        ...data('AWS::S3::Object'),
        { field: 'resources.ARN', startsWith: [buckets], notStartsWith: logBuckets },
      ],
    },
    {
      name: 'Objects of log buckets, but deliveries',
      fieldSelectors: [
        ...data('AWS::S3::Object'),
        { field: 'resources.ARN', startsWith: logBuckets },
        { field: 'eventName', notEquals: ['PutObject'] },
      ],
    },
    {
      name: 'Writes to the ledger',
      fieldSelectors: [
        ...data('AWS::DynamoDB::Table'),
        { field: 'resources.ARN', startsWith: [ledgerTablePrefix(config)] },
        { field: 'readOnly', equalTo: ['false'] },
      ],
    },
  ]
}
