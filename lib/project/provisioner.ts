import { Duration, Stack } from 'aws-cdk-lib'
import { ManagedPolicy, PolicyStatement, type IRole } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources'
import { Construct } from 'constructs'
import { assignDuty, provisionerDuty } from '../foundation/archive/names.ts'
import type { Config } from '../kernel/config/load.ts'
import { RenkeiFunction } from '../kernel/renkei-function.ts'
import { Lane } from '../kernel/lane.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { cuttingOff, keeping, observing, providing } from './provisioner-permissions.ts'

export interface ProvisionerProps {
  readonly config: Config
  readonly ledger: Ledger
  readonly logKey: IKey
  readonly queueKey: IKey
}

/** One pass of the reconciler; what is left is the next pass's. */
const RECONCILE_TIMEOUT = Duration.minutes(5)
/** VIS-7 leaves 60 seconds for everything, the way through ledger, stream and queue included. */
const SUSPEND_TIMEOUT = Duration.seconds(30)

/** Not six times as long, as Lambda advises where a message may wait: after half a minute another function must try, or the 60 seconds are lost. */
const SUSPEND_HIDDEN = Duration.seconds(35)

/** The two lanes of the provisioner: reconciling, which takes its time, and suspending, which does not wait for it. */
export class Provisioner extends Construct {
  readonly reconcile: RenkeiFunction
  readonly suspend: RenkeiFunction
  readonly reconcileLane: Lane
  readonly suspendLane: Lane

  constructor(scope: Construct, id: string, props: ProvisionerProps) {
    super(scope, id)
    const { config, ledger, queueKey } = props
    const place = { stack: Stack.of(this), environment: config.environment }
    this.reconcileLane = new Lane(this, 'ReconcileLane', {
      key: queueKey,
      consumerTimeout: RECONCILE_TIMEOUT,
      deliveryDelay: Duration.seconds(config.reconciler.requeueSeconds),
    })
    this.suspendLane = new Lane(this, 'SuspendLane', {
      key: queueKey,
      consumerTimeout: SUSPEND_TIMEOUT,
      hiddenFor: SUSPEND_HIDDEN,
    })
    const environment = {
      LEDGER_TABLE: ledger.table.tableName,
      VIEW_TABLE: ledger.view.tableName,
      RECEIPT_KEY_ID: ledger.receiptKey.keyArn,
      RECONCILE_QUEUE_URL: this.reconcileLane.queue.queueUrl,
      REQUEUE_SECONDS: String(config.reconciler.requeueSeconds),
      DESKTOP_BUNDLE_ID: config.desktop.bundleId,
      DESKTOP_ROOT_GIB: String(config.desktop.rootVolumeGib),
      DESKTOP_USER_GIB: String(config.desktop.userVolumeGib),
    }

    this.reconcile = new RenkeiFunction(this, 'Reconcile', {
      config,
      useCase: 'project/reconcile',
      description: 'Makes AWS agree with the ledger, one project a pass',
      logKey: props.logKey,
      concurrency: 10,
      timeout: RECONCILE_TIMEOUT,
      memorySize: 1024,
      environment,
    })
    this.suspend = new RenkeiFunction(this, 'Suspend', {
      config,
      useCase: 'project/suspend',
      description: 'Cuts a person or a project off at once (VIS-7)',
      logKey: props.logKey,
      concurrency: 10,
      timeout: SUSPEND_TIMEOUT,
      memorySize: 1024,
      environment,
    })
    this.consume(this.reconcile, this.reconcileLane, queueKey)
    this.consume(this.suspend, this.suspendLane, queueKey)

    for (const { role } of [this.reconcile, this.suspend]) if (role !== undefined) assignDuty(role, provisionerDuty)
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
    // Policies of their own: one would exceed the 6,144 characters that IAM allows.
    const policy = (name: string, description: string, statements: PolicyStatement[], roles: (IRole | undefined)[]) =>
      new ManagedPolicy(this, name, { description, statements, roles: roles.filter((role) => role !== undefined) })
    const both = [this.reconcile.role, this.suspend.role]
    policy('Observing', 'Look at what projects have', observing(place), both)
    policy('CuttingOff', 'Cut a person or a project off (VIS-7)', cuttingOff(place), both)
    policy('Keys', 'Make, keep and end the keys of projects (CRY-3)', keeping(place), [this.reconcile.role])
    policy('Providing', 'Make, change and remove what projects have', providing(place), [this.reconcile.role])
  }

  private consume(consumer: RenkeiFunction, lane: Lane, key: IKey): void {
    // One message a call: a project whose pass fails is tried again alone.
    consumer.addEventSource(
      new SqsEventSource(lane.queue, { batchSize: 1, reportBatchItemFailures: true, maxConcurrency: 10 }),
    )
    consumer.addToRolePolicy(
      new PolicyStatement({
        sid: 'ReadTheLane',
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: [key.keyArn],
      }),
    )
  }
}
