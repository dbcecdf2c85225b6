import { Duration, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { ComparisonOperator, Metric } from 'aws-cdk-lib/aws-cloudwatch'
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { CfnAccountPolicy, type ILogGroup, LogGroup, LogStream } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import type { Alarms } from '#lib/kernel/alarms.ts'
import type { Config } from '#lib/kernel/config/load.ts'
import { searchableRetention } from '#lib/kernel/retention.ts'
import { archiveBucketArn, archiveKeyAlias, archiveWriters, assignDuty } from '../archive/names.ts'

/** What the export is given. */
export interface LogExportProps {
  /** The parsed configuration. */
  readonly config: Config
  /** Encrypts Firehose's own error log and what it buffers. */
  readonly logKey: IKey
  /** Hears of logs that are late for the archive. */
  readonly alarms: Alarms
  /** Groups that reach the archive by another way. */
  readonly except: readonly ILogGroup[]
}

/** How old the oldest record may be that has not reached the archive. */
const LATE = Duration.minutes(15)

/**
 * Every log group of the account and region reaches the archive (LOG-1, LOG-3), those not yet made too: one
 * account-wide subscription sends them all to Firehose, which writes to the archive under its own prefix. No stack can
 * forget its logs.
 */
export class LogExport extends Construct {
  private readonly errors: LogGroup

  constructor(scope: Construct, id: string, props: LogExportProps) {
    super(scope, id)
    this.errors = new LogGroup(this, 'Errors', {
      encryptionKey: props.logKey,
      retention: searchableRetention(props.config.retention.searchableDays),
      removalPolicy: RemovalPolicy.RETAIN,
    })
    const stream = this.stream(props)
    this.subscribe(props, stream)
    props.alarms.raise(this, 'Late', {
      description: 'Log groups have not reached the archive for 15 minutes (LOG-3); see docs/runbooks/log-tampering.md',
      metric: new Metric({
        namespace: 'AWS/Firehose',
        metricName: 'DeliveryToS3.DataFreshness',
        dimensionsMap: { DeliveryStreamName: stream.ref },
        statistic: 'Maximum',
        period: Duration.minutes(5),
      }),
      threshold: LATE.toSeconds(),
      comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
    })
  }

  private stream({ config, logKey }: LogExportProps): CfnDeliveryStream {
    const { prefix } = archiveWriters.logs
    const errorStream = new LogStream(this, 'ErrorStream', {
      logGroup: this.errors,
      logStreamName: 'archive',
      removalPolicy: RemovalPolicy.RETAIN,
    })
    const writer = this.writer(config)
    const stream = new CfnDeliveryStream(this, 'Stream', {
      deliveryStreamType: 'DirectPut',
      deliveryStreamEncryptionConfigurationInput: { keyType: 'CUSTOMER_MANAGED_CMK', keyArn: logKey.keyArn },
      extendedS3DestinationConfiguration: {
        bucketArn: archiveBucketArn(config),
        roleArn: writer.role.roleArn,
        prefix: `${prefix}!{timestamp:yyyy/MM/dd/HH}/`,
        errorOutputPrefix: `${prefix}failed/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd/HH}/`,
        // CloudWatch Logs sends its records compressed already; the bucket's default encryption applies.
        compressionFormat: 'UNCOMPRESSED',
        fileExtension: '.gz',
        bufferingHints: { intervalInSeconds: 60, sizeInMBs: 5 },
        cloudWatchLoggingOptions: {
          enabled: true,
          logGroupName: this.errors.logGroupName,
          logStreamName: errorStream.logStreamName,
        },
      },
    })
    stream.node.addDependency(writer.policy)
    return stream
  }

  private writer(config: Config): { role: Role; policy: ManagedPolicy } {
    const bucket = archiveBucketArn(config)
    const role = new Role(this, 'WriterRole', {
      description: 'Firehose writes log groups to the archive',
      assumedBy: new ServicePrincipal('firehose.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': config.accounts.workload } },
      }),
    })
    assignDuty(role, archiveWriters.logs.duty)
    const policy = new ManagedPolicy(this, 'WriterPolicy', {
      roles: [role],
      statements: [
        new PolicyStatement({
          actions: ['s3:PutObject', 's3:AbortMultipartUpload'],
          resources: [`${bucket}/${archiveWriters.logs.prefix}*`],
        }),
        new PolicyStatement({
          actions: ['s3:GetBucketLocation', 's3:ListBucketMultipartUploads'],
          resources: [bucket],
        }),
        new PolicyStatement({
          actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
          resources: [`arn:aws:kms:${config.region}:${config.accounts.log}:key/*`],
          conditions: {
            StringEquals: { 'kms:ViaService': `s3.${config.region}.amazonaws.com` },
            'ForAnyValue:StringEquals': { 'kms:ResourceAliases': archiveKeyAlias(config) },
          },
        }),
        new PolicyStatement({ actions: ['logs:PutLogEvents'], resources: [this.errors.logGroupArn] }),
      ],
    })
    return { role, policy }
  }

  /** One subscription for all groups of account and region, but for those that would come twice or feed themselves. */
  private subscribe({ config, except }: LogExportProps, stream: CfnDeliveryStream): void {
    const sender = this.sender(config, stream)
    // Firehose's own error log must not feed Firehose.
    const excluded = Fn.join(
      '","',
      [this.errors, ...except].map((group) => group.logGroupName),
    )
    const subscription = new CfnAccountPolicy(this, 'Subscription', {
      policyName: `renkei-${config.environment}-archive`,
      policyType: 'SUBSCRIPTION_FILTER_POLICY',
      scope: 'ALL',
      policyDocument: Stack.of(this).toJsonString({
        DestinationArn: stream.attrArn,
        RoleArn: sender.role.roleArn,
        FilterPattern: '',
        Distribution: 'Random',
      }),
      selectionCriteria: Fn.join('', ['LogGroupName NOT IN ["', excluded, '"]']),
    })
    subscription.node.addDependency(sender.policy)
  }

  private sender({ accounts, region }: Config, stream: CfnDeliveryStream): { role: Role; policy: ManagedPolicy } {
    const role = new Role(this, 'SenderRole', {
      description: 'CloudWatch Logs sends every log group to the archive',
      assumedBy: new ServicePrincipal('logs.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': accounts.workload },
          ArnLike: { 'aws:SourceArn': `arn:aws:logs:${region}:${accounts.workload}:*` },
        },
      }),
    })
    const policy = new ManagedPolicy(this, 'SenderPolicy', {
      roles: [role],
      statements: [
        new PolicyStatement({
          actions: ['firehose:PutRecord', 'firehose:PutRecordBatch'],
          resources: [stream.attrArn],
        }),
      ],
    })
    return { role, policy }
  }
}
