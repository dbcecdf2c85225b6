import { Duration, Stack } from 'aws-cdk-lib'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { Construct } from 'constructs'
import type { Config } from '#lib/kernel/config/load.ts'
import { FailureQueue } from '#lib/kernel/failure-queue.ts'
import { RenkeiFunction } from '#lib/kernel/renkei-function.ts'
import { parameterNames, publish } from '#lib/kernel/parameters.ts'
import { networkProviderStatements } from './network-provider-permissions.ts'

/** What the function is given. */
export interface NetworkProviderProps {
  /** The parsed configuration. */
  readonly config: Config
  /** Encrypts the function's log group. */
  readonly logKey: IKey
  /** Encrypts the queue of events that the function could not even start on. */
  readonly queueKey: IKey
}

/**
 * The function behind the network plane's custom resources (`Custom::RenkeiVpnAttachment`, `…WorkspaceDirectory`,
 * `…MembersGroupEgress`, `…DirectoryDataAccess`). It is made once, in the hub; other stacks find it by
 * `parameterNames.networkProviderArn()`.
 */
export class NetworkProvider extends Construct {
  /** What a custom resource of the same stack takes as its service token. */
  readonly serviceToken: string

  constructor(scope: Construct, id: string, props: NetworkProviderProps) {
    super(scope, id)
    const deadLetterQueue = new FailureQueue(this, 'Undelivered', { key: props.queueKey })
    const handler = new RenkeiFunction(this, 'Function', {
      config: props.config,
      useCase: 'network/provider',
      description:
        'Custom resources of the network plane: ' +
        'VPN attachments, WorkSpaces directories, members groups, directory data',
      logKey: props.logKey,
      // Registering a directory and a VPN coming up are waited for; Lambda allows no more.
      timeout: Duration.minutes(15),
      concurrency: 10,
      deadLetterQueue,
    })
    for (const statement of networkProviderStatements(Stack.of(this))) handler.addToRolePolicy(statement)
    this.serviceToken = handler.functionArn
    publish(this, props.config.environment, parameterNames.networkProviderArn(), this.serviceToken)
  }
}
