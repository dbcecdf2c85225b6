import { Duration, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { CfnAccountPolicy, type ILogGroup, LogGroup, LogStream } from 'aws-cdk-lib/aws-logs'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'
import { archiveBucketArn, archiveKeyAlias, archiveWriters, assignDuty } from '../archive/names.ts'
import type { Config } from '#lib/kernel/config/load.ts'
import { searchableRetention } from '#lib/kernel/retention.ts'

export interface LogExportProps {
  readonly config: Config
  readonly logKey: IKey
  readonly topic: ITopic
  /** Groups that reach the archive by another way. */
  readonly except: readonly ILogGroup[]
}

/**
 * Every log group of the account and region reaches the archive (LOG-1, LOG-3), those not yet made too: one account-wide subscription
 * sends them all to Firehose, which writes to the archive under its own prefix. No stack can forget its logs.
 */
export class LogExport extends Construct {
  constructor(scope: Construct, id: string, props: LogExportProps) {
    super(scope, id)
    const { config } = props
    const { prefix } = archiveWriters.logs
    const errors = new LogGroup(this, 'Errors', {
      encryptionKey: props.logKey,
      retention: searchableRetention(config.retention.searchableDays),
      removalPolicy: RemovalPolicy.RETAIN,
    })
    const errorStream = new LogStream(this, 'ErrorStream', {
      logGroup: errors,
      logStreamName: 'archive',
      removalPolicy: RemovalPolicy.RETAIN,
    })

    const writer = this.writer(props, errors)
    const stream = new CfnDeliveryStream(this, 'Stream', {
      deliveryStreamType: 'DirectPut',
      deliveryStreamEncryptionConfigurationInput: { keyType: 'CUSTOMER_MANAGED_CMK', keyArn: props.logKey.keyArn },
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
          logGroupName: errors.logGroupName,
          logStreamName: errorStream.logStreamName,
        },
      },
    })
    stream.node.addDependency(writer.policy)

    const sender = new Role(this, 'SenderRole', {
      description: 'CloudWatch Logs sends every log group to the archive',
      assumedBy: new ServicePrincipal('logs.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': config.accounts.workload },
          ArnLike: { 'aws:SourceArn': `arn:aws:logs:${config.region}:${config.accounts.workload}:*` },
        },
      }),
    })
    const sending = new ManagedPolicy(this, 'SenderPolicy', {
      roles: [sender],
      statements: [
        new PolicyStatement({
          actions: ['firehose:PutRecord', 'firehose:PutRecordBatch'],
          resources: [stream.attrArn],
        }),
      ],
    })
    // Firehose's own error log must not feed Firehose.
    const excluded = Fn.join(
      '","',
      [errors, ...props.except].map((group) => group.logGroupName),
    )
    const subscription = new CfnAccountPolicy(this, 'Subscription', {
      policyName: `renkei-${config.environment}-archive`,
      policyType: 'SUBSCRIPTION_FILTER_POLICY',
      scope: 'ALL',
      policyDocument: Stack.of(this).toJsonString({
        DestinationArn: stream.attrArn,
        RoleArn: sender.roleArn,
        FilterPattern: '',
        Distribution: 'Random',
      }),
      selectionCriteria: Fn.join('', ['LogGroupName NOT IN ["', excluded, '"]']),
    })
    subscription.node.addDependency(sending)

    const alarm = new Alarm(this, 'Late', {
      alarmDescription:
        'Log groups have not reached the archive for 15 minutes (LOG-3); see docs/runbooks/log-tampering.md',
      metric: new Metric({
        namespace: 'AWS/Firehose',
        metricName: 'DeliveryToS3.DataFreshness',
        dimensionsMap: { DeliveryStreamName: stream.ref },
        statistic: 'Maximum',
        period: Duration.minutes(5),
      }),
      threshold: 900,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    })
    alarm.addAlarmAction(new SnsAction(props.topic))
  }

  private writer({ config }: LogExportProps, errors: LogGroup): { role: Role; policy: ManagedPolicy } {
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
        new PolicyStatement({ actions: ['logs:PutLogEvents'], resources: [errors.logGroupArn] }),
      ],
    })
    return { role, policy }
  }
}
