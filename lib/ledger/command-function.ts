import { Stack } from 'aws-cdk-lib'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { Construct } from 'constructs'
import type { Alarms } from '../kernel/alarms.ts'
import type { Config } from '../kernel/config/load.ts'
import { RenkeiFunction } from '../kernel/renkei-function.ts'
import type { Ledger } from './ledger.ts'
import { readPublished } from './published.ts'

/** What deciding needs. */
export interface CommandFunctionProps {
  /** The parsed configuration. */
  readonly config: Config
  /** Read, and appended to. */
  readonly ledger: Ledger
  /** Encrypts the function's log group. */
  readonly logKey: IKey
  /** Hears of failures. */
  readonly alarms: Alarms
}

/** Answers `POST /commands`: who asks, what they may do, what is decided, and the append that records it (C-5). */
export class CommandFunction extends RenkeiFunction {
  constructor(scope: Construct, id: string, { config, ledger, logKey, alarms }: CommandFunctionProps) {
    super(scope, id, {
      config,
      useCase: 'ledger/command',
      description: 'Authorizes, decides and appends one command',
      logKey,
      concurrency: 50,
      memorySize: 1024,
      environment: { ...ledger.appenderSettings, REQUEST_TABLE: ledger.requests.tableName },
    })
    ledger.grantAppend(this)
    ledger.grantAnswer(this)
    ledger.grantReadView(this)
    this.addToRolePolicy(readPublished(Stack.of(this), config.environment))
    alarms.watchFunction(this, 'Command')
  }
}
