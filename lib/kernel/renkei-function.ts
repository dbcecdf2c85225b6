import { Duration } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { Architecture, Code, Function, LoggingFormat, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import type { Config } from './config/load.ts'
import { functionCode } from './bundle.ts'
import { FunctionRole } from './function-role.ts'
import { searchableRetention } from './retention.ts'

/** What a function is given. */
export interface RenkeiFunctionProps {
  /** The parsed configuration: environment, and how long logs are kept. */
  readonly config: Pick<Config, 'environment' | 'retention'>
  /** `<context>/<use case>`: the folder below `lambda/` whose `index.ts` exports `handler` */
  readonly useCase: string
  /** What it does, for a reader of the console. */
  readonly description: string
  /** Encrypts the function's log group; its policy must let CloudWatch Logs use it. */
  readonly logKey: IKey
  /** @default 30 seconds */
  readonly timeout?: Duration
  /** MiB; processor time grows with it. @default 512 */
  readonly memorySize?: number
  /** The most copies that run at once; every function has a limit, so that none starves the others. */
  readonly concurrency: number
  /** Settings; `RENKEI_ENVIRONMENT` is added. */
  readonly environment?: Readonly<Record<string, string>>
  /**
   * where an asynchronous invocation goes that failed for good; needed wherever EventBridge, S3 or SNS is the caller
   */
  readonly deadLetterQueue?: IQueue
  /** Only where AWS demands a name (`AWSClientVPN-*`). */
  readonly functionName?: string
}

/**
 * The one way to make a function: Node.js 24 on ARM, one role of its own that may do nothing but write its own
 * log, a log group encrypted with our key and kept as LOG-3 asks, active tracing, a limit on its concurrency.
 */
export class RenkeiFunction extends Function {
  constructor(scope: Construct, id: string, props: RenkeiFunctionProps) {
    const logs = new LogGroup(scope, `${id}Log`, {
      encryptionKey: props.logKey,
      retention: searchableRetention(props.config.retention.searchableDays),
    })
    // A role of our own: the default one carries an AWS managed policy that may write into every log group.
    const role = new FunctionRole(scope, `${id}Role`, {
      description: `What ${props.useCase.split('/')[1]} of ${props.useCase.split('/')[0]} may do`,
    })
    role.addToPolicy(
      new PolicyStatement({
        sid: 'WriteItsOwnLog',
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logs.logGroupArn],
      }),
    )
    super(scope, id, {
      description: props.description,
      functionName: props.functionName,
      code: Code.fromAsset(functionCode(props.useCase)),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memorySize ?? 512,
      timeout: props.timeout ?? Duration.seconds(30),
      reservedConcurrentExecutions: props.concurrency,
      environment: { ...props.environment, RENKEI_ENVIRONMENT: props.config.environment },
      deadLetterQueue: props.deadLetterQueue,
      role,
      logGroup: logs,
      // Our records are JSON lines already (LOG-2); this makes the platform's own lines JSON as well.
      loggingFormat: LoggingFormat.JSON,
      tracing: Tracing.ACTIVE,
    })
  }
}
