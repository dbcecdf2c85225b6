import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { Construct } from 'constructs'
import type { Alarms } from '../kernel/alarms.ts'
import type { Config } from '../kernel/config/load.ts'
import { RenkeiFunction } from '../kernel/renkei-function.ts'
import type { Ledger } from './ledger.ts'

/** What answering needs. */
export interface QueryFunctionProps {
  /** The parsed configuration. */
  readonly config: Config
  /** Read only. */
  readonly ledger: Ledger
  /** Encrypts the function's log group. */
  readonly logKey: IKey
  /** Hears of failures. */
  readonly alarms: Alarms
}

/** Answers every `GET`: what a person may see of applications, projects and the ledger itself. It changes nothing. */
export class QueryFunction extends RenkeiFunction {
  constructor(scope: Construct, id: string, { config, ledger, logKey, alarms }: QueryFunctionProps) {
    super(scope, id, {
      config,
      useCase: 'ledger/query',
      description: 'Answers what a person may see',
      logKey,
      concurrency: 50,
      memorySize: 1024,
      environment: ledger.readerSettings,
    })
    ledger.grantRead(this)
    ledger.grantReadView(this)
    alarms.watchFunction(this, 'Query')
  }
}
