import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'

export interface LaneProps {
  readonly key: IKey
  /** how long one pass of the consumer may take */
  readonly consumerTimeout: Duration
  /** after how long a message whose consumer died is delivered again. @default six times the consumer's time, as Lambda advises */
  readonly hiddenFor?: Duration
  /** delay of every message; a FIFO queue has none of its own for single ones. @default 0 */
  readonly deliveryDelay?: Duration
  /** tries before a message is set aside. @default 5 */
  readonly maxReceiveCount?: number
}

/**
 * An ordered lane of work: one FIFO queue, message group = project, so that two passes of one project never run
 * at once, and the queue for messages that failed for good. Encrypted under our own key, TLS only (CRY-2, CRY-3).
 */
export class Lane extends Construct {
  readonly queue: Queue
  readonly deadLetters: Queue

  constructor(scope: Construct, id: string, props: LaneProps) {
    super(scope, id)
    const common = {
      fifo: true,
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: props.key,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      // A message names a project; it can be made again from the ledger.
      removalPolicy: RemovalPolicy.DESTROY,
    } as const
    this.deadLetters = new Queue(this, 'DeadLetters', common)
    this.queue = new Queue(this, 'Queue', {
      ...common,
      visibilityTimeout: props.hiddenFor ?? Duration.seconds(props.consumerTimeout.toSeconds() * 6),
      deliveryDelay: props.deliveryDelay,
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: props.maxReceiveCount ?? 5 },
    })
  }
}
