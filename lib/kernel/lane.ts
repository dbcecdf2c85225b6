import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import type { Alarms } from './alarms.ts'

/** What a lane is given. */
export interface LaneProps {
  /** What its alarms call it. */
  readonly name: string
  /** Encrypts both queues (CRY-3). */
  readonly key: IKey
  /** Hears of a message that waits too long, and of one that failed for good. */
  readonly alarms: Alarms
  /** How long a message may wait before someone must look, and what the alarm then says. */
  readonly late: { readonly after: Duration; readonly description: string }
  /** How long one pass of the consumer may take. */
  readonly consumerTimeout: Duration
  /**
   * After how long a message whose consumer died is delivered again.
   * @default six times the consumer's time, as Lambda advises
   */
  readonly hiddenFor?: Duration
  /** Delay of every message; a FIFO queue has none of its own for single ones. @default 0 */
  readonly deliveryDelay?: Duration
  /** Tries before a message is set aside. @default 5 */
  readonly maxReceiveCount?: number
}

/**
 * An ordered lane of work: one FIFO queue, message group = project, so that two passes of one project never run
 * at once, and the queue for messages that failed for good. Encrypted under our own key, TLS only (CRY-2, CRY-3).
 */
export class Lane extends Construct {
  /** Where work is sent. */
  readonly queue: Queue
  /** What failed for good. */
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
    props.alarms.watchDeadLetters(this.deadLetters, `${props.name}DeadLetters`)
    props.alarms.watchAge(this.queue, props.late.after, props.late.description)
  }
}
