import { Stack } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { Alarms } from './kernel/alarms.ts'
import { parameterNames, publish } from './kernel/parameters.ts'
import { platformKey } from './kernel/platform-key.ts'
import type { RenkeiStackProps } from './kernel/stack.ts'
import { Api } from './ledger/api.ts'
import { CommandFunction } from './ledger/command-function.ts'
import { Ledger } from './ledger/ledger.ts'
import { Projection } from './ledger/projection.ts'
import { QueryFunction } from './ledger/query-function.ts'
import { Sweep } from './ledger/sweep.ts'
import { Identity } from './people/identity.ts'
import { Provisioner } from './project/provisioner.ts'

/** The control plane: who may ask, what was decided, and the functions that carry it out. */
export class ControlStack extends Stack {
  constructor(scope: Construct, id: string, props: RenkeiStackProps) {
    super(scope, id, props)
    const { config } = props
    const { environment } = config
    const logKey = platformKey(this, environment, 'logs')
    const queueKey = platformKey(this, environment, 'queues')
    const alarms = Alarms.of(this, environment)

    const ledger = new Ledger(this, 'Ledger', { key: platformKey(this, environment, 'ledger') })
    const shared = { config, ledger, logKey, queueKey, alarms }
    const provisioner = new Provisioner(this, 'Provisioner', shared)
    const reconcileQueue = provisioner.reconcileLane.queue
    const suspendQueue = provisioner.suspendLane.queue
    new Projection(this, 'Projection', { ...shared, reconcileQueue, suspendQueue })
    const command = new CommandFunction(this, 'Command', shared)
    const query = new QueryFunction(this, 'Query', shared)
    const sweep = new Sweep(this, 'Sweep', { ...shared, reconcileQueue })
    ledger.restrictAppends(command.role!, sweep.role!, provisioner.reconcile.role!)

    const identity = new Identity(this, 'Identity', { config })
    const api = new Api(this, 'Api', { config, userPool: identity.pool, command, query, logKey })

    const tell = (name: string, value: string) => publish(this, environment, name, value)
    tell(parameterNames.apiUrl(), api.rest.url)
    tell(parameterNames.apiId(), api.rest.restApiId)
    tell(parameterNames.userPoolId(), identity.pool.userPoolId)
    if (identity.client) tell(parameterNames.userPoolClientId(), identity.client.userPoolClientId)
    tell(parameterNames.ledgerTableName(), ledger.table.tableName)
    tell(parameterNames.viewTableName(), ledger.view.tableName)
    tell(parameterNames.receiptKeyArn(), ledger.receiptKey.keyArn)
    tell(parameterNames.reconcileQueueUrl(), reconcileQueue.queueUrl)
    tell(parameterNames.suspendQueueUrl(), suspendQueue.queueUrl)
  }
}
