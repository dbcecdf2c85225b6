import { Duration, Stack } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { StartingPosition } from 'aws-cdk-lib/aws-lambda'
import { DynamoEventSource } from 'aws-cdk-lib/aws-lambda-event-sources'
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { archiveBucketName } from '../foundation/archive/names.ts'
import type { Alarms } from '../kernel/alarms.ts'
import type { Config } from '../kernel/config/load.ts'
import { FailureQueue } from '../kernel/failure-queue.ts'
import { RenkeiFunction } from '../kernel/renkei-function.ts'
import { grantLedgerArchive } from './archive.ts'
import type { Ledger } from './ledger.ts'

/** What the projection is given. */
export interface ProjectionProps {
  /** The parsed configuration. */
  readonly config: Config
  /** Whose stream is followed. */
  readonly ledger: Ledger
  /** Encrypts the function's log group. */
  readonly logKey: IKey
  /** Encrypts what failed, and the messages that are sent. */
  readonly queueKey: IKey
  /** Takes what is to be provisioned. */
  readonly reconcileQueue: IQueue
  /** Takes who is to be cut off (VIS-7). */
  readonly suspendQueue: IQueue
  /** Hears of failures, of a lag and of a rewritten ledger. */
  readonly alarms: Alarms
}

/** How far the archive may be behind the ledger before someone is told; C-5 allows 60 seconds. */
const LAG_LIMIT = Duration.seconds(30)

/** Follows the ledger: view, write-once copy, and the messages that set the provisioner to work. */
export class Projection extends Construct {
  private readonly function: RenkeiFunction
  /** Positions of the stream that could not be followed. */
  private readonly failures: FailureQueue

  constructor(scope: Construct, id: string, props: ProjectionProps) {
    super(scope, id)
    this.failures = new FailureQueue(this, 'Failures', { key: props.queueKey })
    this.function = new RenkeiFunction(this, 'Function', {
      config: props.config,
      useCase: 'ledger/projection',
      description: 'Follows the ledger into the view, the archive and the queues (C-5)',
      logKey: props.logKey,
      // Five at once for each shard of the stream.
      concurrency: 20,
      timeout: Duration.seconds(30),
      environment: {
        ...props.ledger.readerSettings,
        ARCHIVE_BUCKET: archiveBucketName(props.config),
        RECONCILE_QUEUE_URL: props.reconcileQueue.queueUrl,
        SUSPEND_QUEUE_URL: props.suspendQueue.queueUrl,
      },
    })
    this.follow(props.ledger)
    this.allow(props)
    this.watch(props.alarms)
  }

  private follow(ledger: Ledger): void {
    this.function.addEventSource(
      new DynamoEventSource(ledger.table, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: 25,
        // A bad record is cut out of its batch and set aside, so that it cannot hold up the stream (60 s, C-5).
        bisectBatchOnError: true,
        reportBatchItemFailures: true,
        // An archive that does not answer for a while costs time, not records: about half an hour of trying.
        retryAttempts: 40,
        // Within a stream records keep their order; one that fails holds up a fifth of the others at most.
        parallelizationFactor: 5,
        onFailure: { bind: () => ({ destination: this.failures.queueArn }) },
      }),
    )
  }

  private allow({ config, ledger, queueKey, reconcileQueue, suspendQueue }: ProjectionProps): void {
    ledger.grantProject(this.function)
    grantLedgerArchive(Stack.of(this), this.function, config)
    this.function.addToRolePolicy(
      new PolicyStatement({
        sid: 'PassOn',
        actions: ['sqs:SendMessage'],
        resources: [reconcileQueue, suspendQueue, this.failures].map(({ queueArn }) => queueArn),
      }),
    )
    this.function.addToRolePolicy(
      new PolicyStatement({
        sid: 'EncryptMessages',
        actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
        resources: [queueKey.keyArn],
      }),
    )
  }

  private watch(alarms: Alarms): void {
    alarms.watchFunction(this.function, 'Projection')
    alarms.watchDeadLetters(this.failures, 'ProjectionFailures')
    alarms.raise(this, 'Lag', {
      metric: this.function.metric('IteratorAge', { period: Duration.minutes(1), statistic: 'Maximum' }),
      threshold: LAG_LIMIT.toMilliseconds(),
      description: 'The archive is 30 seconds behind the ledger; 60 is the limit (C-5)',
    })
    // The function logs this action where the stream shows a change or removal instead of an append.
    const rewritten = new MetricFilter(this, 'Tampering', {
      logGroup: this.function.logGroup,
      filterPattern: FilterPattern.stringValue('$.action', '=', 'LedgerItemRewritten'),
      metricNamespace: 'Renkei/Ledger',
      metricName: 'ItemsRewritten',
      metricValue: '1',
    })
    alarms.raise(this, 'Rewritten', {
      metric: rewritten.metric({ period: Duration.minutes(1), statistic: 'Sum' }),
      threshold: 1,
      description: 'CRITICAL: an item of the ledger was changed or removed (C-5)',
    })
  }
}
