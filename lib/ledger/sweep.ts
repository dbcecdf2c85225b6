import { Duration } from 'aws-cdk-lib'
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import type { Alarms } from '../kernel/alarms.ts'
import type { Config } from '../kernel/config/load.ts'
import { FailureQueue } from '../kernel/failure-queue.ts'
import { RenkeiFunction } from '../kernel/renkei-function.ts'
import type { Ledger } from './ledger.ts'

/** What the sweep needs. */
export interface SweepProps {
  /** The parsed configuration. */
  readonly config: Config
  /** Read, and appended to. */
  readonly ledger: Ledger
  /** Encrypts the function's log group. */
  readonly logKey: IKey
  /** Encrypts what failed, and the messages that are sent. */
  readonly queueKey: IKey
  /** Takes one message for each open project: compare it with AWS again. */
  readonly reconcileQueue: IQueue
  /** Hears of failures. */
  readonly alarms: Alarms
}

/** The two tasks that time brings, and how often each is done. */
const SCHEDULES = [
  // A period of use ends at midnight in Japan; five minutes later is soon enough.
  { id: 'Deadlines', task: 'deadlines', every: Duration.minutes(5) },
  // Every open project is compared with AWS again, event or no event.
  { id: 'Drift', task: 'drift', every: Duration.hours(1) },
] as const

/** Issues the commands that time brings: deadlines that have passed, and projects that are to be compared with AWS. */
export class Sweep extends RenkeiFunction {
  constructor(scope: Construct, id: string, props: SweepProps) {
    const failures = new FailureQueue(scope, `${id}Failures`, { key: props.queueKey })
    super(scope, id, {
      config: props.config,
      useCase: 'ledger/sweep',
      description: 'Issues the commands that time brings',
      logKey: props.logKey,
      // Two at once would issue the same commands.
      concurrency: 1,
      timeout: Duration.minutes(5),
      environment: { ...props.ledger.appenderSettings, RECONCILE_QUEUE_URL: props.reconcileQueue.queueUrl },
      deadLetterQueue: failures,
    })
    this.allow(props)
    for (const { id: name, task, every } of SCHEDULES)
      new Rule(scope, name, {
        schedule: Schedule.rate(every),
        targets: [
          new LambdaFunction(this, {
            event: RuleTargetInput.fromObject({ task }),
            deadLetterQueue: failures,
            retryAttempts: 2,
          }),
        ],
      })
    props.alarms.watchFunction(this, 'Sweep')
    props.alarms.watchDeadLetters(failures, 'SweepFailures')
  }

  private allow({ ledger, reconcileQueue, queueKey }: SweepProps): void {
    ledger.grantAppend(this)
    ledger.grantReadView(this)
    this.addToRolePolicy(
      new PolicyStatement({
        sid: 'CompareAgain',
        actions: ['sqs:SendMessage'],
        resources: [reconcileQueue.queueArn],
      }),
    )
    this.addToRolePolicy(
      new PolicyStatement({
        sid: 'EncryptMessages',
        actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
        resources: [queueKey.keyArn],
      }),
    )
  }
}
