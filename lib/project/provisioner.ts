import { Duration, Stack } from 'aws-cdk-lib'
import { ManagedPolicy, PolicyStatement, type IRole } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources'
import { Construct } from 'constructs'
import { assignDuty, provisionerDuty } from '../foundation/archive/names.ts'
import type { Alarms } from '../kernel/alarms.ts'
import type { Config } from '../kernel/config/load.ts'
import { Lane } from '../kernel/lane.ts'
import { RenkeiFunction } from '../kernel/renkei-function.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { cuttingOff, keeping, observing, providing } from './provisioner-permissions.ts'

/** What the provisioner is given. */
export interface ProvisionerProps {
  /** The parsed configuration. */
  readonly config: Config
  /** Says what should be; the reconciler reports to it. */
  readonly ledger: Ledger
  /** Encrypts the functions' log groups. */
  readonly logKey: IKey
  /** Encrypts the queues of both lanes. */
  readonly queueKey: IKey
  /** Hears of failures and of work that waits too long. */
  readonly alarms: Alarms
}

/** One pass of the reconciler; what is left is the next pass's. */
const RECONCILE_TIMEOUT = Duration.minutes(5)
/** VIS-7 leaves 60 seconds for everything, the way through ledger, stream and queue included. */
const SUSPEND_TIMEOUT = Duration.seconds(30)
/**
 * Not six times as long, as Lambda advises where a message may wait: after half a minute another function must try, or
 * the 60 seconds are lost.
 */
const SUSPEND_HIDDEN = Duration.seconds(35)

/** The two lanes of the provisioner: reconciling, which takes its time, and suspending, which does not wait for it. */
export class Provisioner extends Construct {
  /** Makes AWS agree with the ledger; it appends what it did. */
  readonly reconcile: RenkeiFunction
  /** Takes the messages of reconciling, a project a group. */
  readonly reconcileLane: Lane
  /** Takes the messages of suspending. */
  readonly suspendLane: Lane
  private readonly suspend: RenkeiFunction

  constructor(scope: Construct, id: string, props: ProvisionerProps) {
    super(scope, id)
    this.reconcileLane = this.makeReconcileLane(props)
    this.suspendLane = this.makeSuspendLane(props)
    this.reconcile = this.consumer('Reconcile', props, {
      useCase: 'project/reconcile',
      description: 'Makes AWS agree with the ledger, one project a pass',
      lane: this.reconcileLane,
      timeout: RECONCILE_TIMEOUT,
    })
    this.suspend = this.consumer('Suspend', props, {
      useCase: 'project/suspend',
      description: 'Cuts a person or a project off at once (VIS-7)',
      lane: this.suspendLane,
      timeout: SUSPEND_TIMEOUT,
    })
    this.useLedger(props.ledger)
    this.attachPolicies(props.config.environment)
  }

  private makeReconcileLane({ config, queueKey, alarms }: ProvisionerProps): Lane {
    return new Lane(this, 'ReconcileLane', {
      name: 'Reconcile',
      key: queueKey,
      alarms,
      late: { after: Duration.minutes(15), description: 'Provisioning is more than 15 minutes behind' },
      consumerTimeout: RECONCILE_TIMEOUT,
      deliveryDelay: Duration.seconds(config.reconciler.requeueSeconds),
    })
  }

  private makeSuspendLane({ queueKey, alarms }: ProvisionerProps): Lane {
    return new Lane(this, 'SuspendLane', {
      name: 'Suspend',
      key: queueKey,
      alarms,
      late: {
        after: Duration.seconds(30),
        description: 'A suspension waits; it must be done within 60 seconds (VIS-7)',
      },
      consumerTimeout: SUSPEND_TIMEOUT,
      hiddenFor: SUSPEND_HIDDEN,
    })
  }

  private consumer(id: string, props: ProvisionerProps, work: Work): RenkeiFunction {
    const { config, ledger, queueKey } = props
    const consumer = new RenkeiFunction(this, id, {
      config,
      useCase: work.useCase,
      description: work.description,
      logKey: props.logKey,
      concurrency: 10,
      timeout: work.timeout,
      memorySize: 1024,
      environment: {
        ...ledger.appenderSettings,
        RECONCILE_QUEUE_URL: this.reconcileLane.queue.queueUrl,
        REQUEUE_SECONDS: String(config.reconciler.requeueSeconds),
        DESKTOP_BUNDLE_ID: config.desktop.bundleId,
        DESKTOP_ROOT_GIB: String(config.desktop.rootVolumeGib),
        DESKTOP_USER_GIB: String(config.desktop.userVolumeGib),
      },
    })
    // One message a call: a project whose pass fails is tried again alone.
    consumer.addEventSource(
      new SqsEventSource(work.lane.queue, { batchSize: 1, reportBatchItemFailures: true, maxConcurrency: 10 }),
    )
    consumer.addToRolePolicy(
      new PolicyStatement({
        sid: 'ReadTheLane',
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: [queueKey.keyArn],
      }),
    )
    if (consumer.role !== undefined) assignDuty(consumer.role, provisionerDuty)
    props.alarms.watchFunction(consumer, id)
    return consumer
  }

  private useLedger(ledger: Ledger): void {
    ledger.grantAppend(this.reconcile)
    ledger.grantRemember(this.reconcile)
    ledger.grantRead(this.suspend)
    ledger.grantRemember(this.suspend)
    this.reconcile.addToRolePolicy(
      new PolicyStatement({
        sid: 'QueueAgain',
        actions: ['sqs:SendMessage'],
        resources: [this.reconcileLane.queue.queueArn],
      }),
    )
  }

  /** Policies of their own: one would exceed the 6,144 characters that IAM allows. */
  private attachPolicies(environment: string): void {
    const deployed = { stack: Stack.of(this), environment }
    const policy = (name: string, description: string, statements: PolicyStatement[], roles: (IRole | undefined)[]) =>
      new ManagedPolicy(this, name, { description, statements, roles: roles.filter((role) => role !== undefined) })
    const both = [this.reconcile.role, this.suspend.role]
    policy('Observing', 'Look at what projects have', observing(deployed), both)
    policy('CuttingOff', 'Cut a person or a project off (VIS-7)', cuttingOff(deployed), both)
    policy('Keys', 'Make, keep and end the keys of projects (CRY-3)', keeping(deployed), [this.reconcile.role])
    policy('Providing', 'Make, change and remove what projects have', providing(deployed), [this.reconcile.role])
  }
}

/** What one of the two functions takes, and for how long. */
interface Work {
  readonly useCase: string
  readonly description: string
  readonly lane: Lane
  readonly timeout: Duration
}
