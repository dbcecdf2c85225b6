import { Duration, type RemovalPolicy } from 'aws-cdk-lib'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'

/** What a queue of failures differs in. */
export interface FailureQueueProps {
  /** Encrypts the messages (CRY-3). */
  readonly key: IKey
  /** @default the queue goes with its stack: what failed can be made again from the ledger */
  readonly removalPolicy?: RemovalPolicy
}

/**
 * The last place of what could not be done or delivered: encrypted, TLS only, kept for 14 days, the longest that SQS
 * keeps a message. A person looks at it and sends it again.
 */
export class FailureQueue extends Queue {
  constructor(scope: Construct, id: string, props: FailureQueueProps) {
    super(scope, id, {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: props.key,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      removalPolicy: props.removalPolicy,
    })
  }
}
