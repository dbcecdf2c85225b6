import { Duration, Stack } from 'aws-cdk-lib'
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { Key } from 'aws-cdk-lib/aws-kms'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import { RenkeiFunction } from './kernel/renkei-function.ts'
import { searchableRetention } from './kernel/retention.ts'
import { consume, parameterNames, publish, type KeyPurpose } from './kernel/parameters.ts'
import type { RenkeiStackProps } from './kernel/stack.ts'
import { Alarms } from './kernel/alarms.ts'
import { Api } from './ledger/api.ts'
import { Identity } from './people/identity.ts'
import { Ledger } from './ledger/ledger.ts'
import { readPublished } from './ledger/published.ts'
import { Projection } from './ledger/projection.ts'
import { Provisioner } from './project/provisioner.ts'

/** How often deadlines are looked for. A period ends at midnight in Japan; five minutes later is soon enough. */
const DEADLINES_EVERY = Duration.minutes(5)
/** How often every open project is compared with AWS again, event or no event. */
const DRIFT_EVERY = Duration.hours(1)

/** The control plane: who may ask, what was decided, and the functions that carry it out. */
export class ControlStack extends Stack {
  constructor(scope: Construct, id: string, props: RenkeiStackProps) {
    super(scope, id, props)
    const { config } = props
    const key = (purpose: KeyPurpose) =>
      Key.fromKeyArn(this, `Key-${purpose}`, consume(this, config.environment, parameterNames.keyArn(purpose)))
    const logKey = key('logs')
    const queueKey = key('queues')

    const ledger = new Ledger(this, 'Ledger', { key: key('ledger') })
    const provisioner = new Provisioner(this, 'Provisioner', { config, ledger, logKey, queueKey })
    const projection = new Projection(this, 'Projection', {
      config,
      ledger,
      logKey,
      queueKey,
      reconcileQueue: provisioner.reconcileLane.queue,
      suspendQueue: provisioner.suspendLane.queue,
    })

    const ledgerEnvironment = { LEDGER_TABLE: ledger.table.tableName, VIEW_TABLE: ledger.view.tableName }
    const command = new RenkeiFunction(this, 'Command', {
      config,
      useCase: 'ledger/command',
      description: 'Authorizes, decides and appends one command',
      logKey,
      concurrency: 50,
      memorySize: 1024,
      environment: { ...ledgerEnvironment, RECEIPT_KEY_ID: ledger.receiptKey.keyArn },
    })
    ledger.grantAppend(command)
    ledger.grantReadView(command)
    command.addToRolePolicy(readPublished(this, config.environment))
    const query = new RenkeiFunction(this, 'Query', {
      config,
      useCase: 'ledger/query',
      description: 'Answers what a person may see',
      logKey,
      concurrency: 50,
      memorySize: 1024,
      environment: ledgerEnvironment,
    })
    ledger.grantRead(query)
    ledger.grantReadView(query)

    const sweepFailures = new Queue(this, 'SweepFailures', {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: queueKey,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    })
    const sweep = new RenkeiFunction(this, 'Sweep', {
      config,
      useCase: 'ledger/sweep',
      description: 'Issues the commands that time brings',
      logKey,
      concurrency: 1,
      timeout: Duration.minutes(5),
      environment: {
        ...ledgerEnvironment,
        RECEIPT_KEY_ID: ledger.receiptKey.keyArn,
        RECONCILE_QUEUE_URL: provisioner.reconcileLane.queue.queueUrl,
      },
      deadLetterQueue: sweepFailures,
    })
    ledger.grantAppend(sweep)
    ledger.grantReadView(sweep)
    sweep.addToRolePolicy(
      new PolicyStatement({
        sid: 'CompareAgain',
        actions: ['sqs:SendMessage'],
        resources: [provisioner.reconcileLane.queue.queueArn],
      }),
    )
    sweep.addToRolePolicy(
      new PolicyStatement({
        sid: 'EncryptMessages',
        actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
        resources: [queueKey.keyArn],
      }),
    )
    const schedule = (name: string, every: Duration, task: 'deadlines' | 'drift') =>
      new Rule(this, name, {
        schedule: Schedule.rate(every),
        targets: [
          new LambdaFunction(sweep, {
            event: RuleTargetInput.fromObject({ task }),
            deadLetterQueue: sweepFailures,
            retryAttempts: 2,
          }),
        ],
      })
    schedule('Deadlines', DEADLINES_EVERY, 'deadlines')
    schedule('Drift', DRIFT_EVERY, 'drift')
    ledger.restrictAppends(command.role!, sweep.role!, provisioner.reconcile.role!)

    const identity = new Identity(this, 'Identity', { config })
    const api = new Api(this, 'Api', {
      userPool: identity.pool,
      command,
      query,
      logKey,
      logRetention: searchableRetention(config.retention.searchableDays),
    })

    const alarms = new Alarms(this, 'Alarms', {
      topic: Topic.fromTopicArn(this, 'AlarmTopic', consume(this, config.environment, parameterNames.alarmTopicArn())),
    })
    const functions = {
      Command: command,
      Query: query,
      Projection: projection.function,
      Sweep: sweep,
      Reconcile: provisioner.reconcile,
      Suspend: provisioner.suspend,
    }
    for (const [name, target] of Object.entries(functions)) alarms.forFunction(name, target)
    alarms.forDeadLetters('ReconcileDeadLetters', provisioner.reconcileLane.deadLetters)
    alarms.forDeadLetters('SuspendDeadLetters', provisioner.suspendLane.deadLetters)
    alarms.forDeadLetters('ProjectionFailures', projection.failures)
    alarms.forDeadLetters('SweepFailures', sweepFailures)
    alarms.forAge(
      'SuspendAge',
      provisioner.suspendLane.queue,
      30,
      'A suspension waits; it must be done within 60 seconds (VIS-7)',
    )
    alarms.forAge('ReconcileAge', provisioner.reconcileLane.queue, 900, 'Provisioning is more than 15 minutes behind')
    alarms.raise(
      'LedgerLag',
      projection.lag,
      30_000,
      'The archive is 30 seconds behind the ledger; 60 is the limit (C-5)',
    )
    alarms.raise(
      'LedgerRewritten',
      projection.tampering(),
      1,
      'CRITICAL: an item of the ledger was changed or removed (C-5)',
    )

    const values: readonly (readonly [string, string | undefined])[] = [
      [parameterNames.apiUrl(), api.rest.url],
      [parameterNames.apiId(), api.rest.restApiId],
      [parameterNames.userPoolId(), identity.pool.userPoolId],
      [parameterNames.userPoolClientId(), identity.client?.userPoolClientId],
      [parameterNames.ledgerTableName(), ledger.table.tableName],
      [parameterNames.viewTableName(), ledger.view.tableName],
      [parameterNames.receiptKeyArn(), ledger.receiptKey.keyArn],
      [parameterNames.reconcileQueueUrl(), provisioner.reconcileLane.queue.queueUrl],
      [parameterNames.suspendQueueUrl(), provisioner.suspendLane.queue.queueUrl],
    ]
    for (const [name, value] of values) if (value) publish(this, config.environment, name, value)
  }
}
