import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { StartingPosition } from 'aws-cdk-lib/aws-lambda'
import { DynamoEventSource } from 'aws-cdk-lib/aws-lambda-event-sources'
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs'
import { Queue, QueueEncryption, type IQueue } from 'aws-cdk-lib/aws-sqs'
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch'
import { Construct } from 'constructs'
import type { Config } from '../kernel/config/load.ts'
import { RenkeiFunction } from '../kernel/renkei-function.ts'
import { archiveBucketName } from '../foundation/archive/names.ts'
import { grantLedgerArchive } from './archive.ts'
import type { Ledger } from './ledger.ts'

export interface ProjectionProps {
  readonly config: Config
  readonly ledger: Ledger
  readonly logKey: IKey
  readonly queueKey: IKey
  readonly reconcileQueue: IQueue
  readonly suspendQueue: IQueue
}

/** Follows the ledger: view, write-once copy, and the messages that set the provisioner to work. */
export class Projection extends Construct {
  readonly function: RenkeiFunction
  /** positions of the stream that could not be followed */
  readonly failures: Queue

  constructor(scope: Construct, id: string, props: ProjectionProps) {
    super(scope, id)
    this.failures = new Queue(this, 'Failures', {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: props.queueKey,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      removalPolicy: RemovalPolicy.DESTROY,
    })
    this.function = new RenkeiFunction(this, 'Function', {
      config: props.config,
      useCase: 'ledger/projection',
      description: 'Follows the ledger into the view, the archive and the queues (C-5)',
      logKey: props.logKey,
      // Five at once for each shard of the stream.
      concurrency: 20,
      timeout: Duration.seconds(30),
      environment: {
        LEDGER_TABLE: props.ledger.table.tableName,
        VIEW_TABLE: props.ledger.view.tableName,
        ARCHIVE_BUCKET: archiveBucketName(props.config),
        RECONCILE_QUEUE_URL: props.reconcileQueue.queueUrl,
        SUSPEND_QUEUE_URL: props.suspendQueue.queueUrl,
      },
    })
    this.function.addEventSource(
      new DynamoEventSource(props.ledger.table, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: 25,
        // A bad record is cut out of its batch and set aside, so that it cannot hold up the stream (60 s, C-5).
        bisectBatchOnError: true,
        reportBatchItemFailures: true,
        // An archive that does not answer for a while costs time (an alarm at 30 s), not records: about half an hour of trying.
        retryAttempts: 40,
        // Within a stream records keep their order; one that fails holds up a fifth of the others at most.
        parallelizationFactor: 5,
        onFailure: { bind: () => ({ destination: this.failures.queueArn }) },
      }),
    )
    props.ledger.grantProject(this.function)
    grantLedgerArchive(Stack.of(this), this.function, props.config)
    this.function.addToRolePolicy(
      new PolicyStatement({
        sid: 'PassOn',
        actions: ['sqs:SendMessage'],
        resources: [props.reconcileQueue, props.suspendQueue, this.failures].map(({ queueArn }) => queueArn),
      }),
    )
    this.function.addToRolePolicy(
      new PolicyStatement({
        sid: 'EncryptMessages',
        actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
        resources: [props.queueKey.keyArn],
      }),
    )
  }

  /** How far the view and the archive are behind the ledger, in milliseconds. */
  get lag(): Metric {
    return this.function.metric('IteratorAge', { period: Duration.minutes(1), statistic: 'Maximum' })
  }

  /** Counts changes and removals of ledger items that the stream shows (C-5: a critical detection). */
  tampering(): Metric {
    return new MetricFilter(this, 'Tampering', {
      logGroup: this.function.logGroup,
      filterPattern: FilterPattern.stringValue('$.action', '=', 'LedgerItemRewritten'),
      metricNamespace: 'Renkei/Ledger',
      metricName: 'ItemsRewritten',
      metricValue: '1',
    }).metric({ period: Duration.minutes(1), statistic: 'Sum' })
  }
}
