import { RemovalPolicy, Stack } from 'aws-cdk-lib'
import { CfnRule } from 'aws-cdk-lib/aws-events'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { CfnResourcePolicy, LogGroup } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import type { Config } from '#lib/kernel/config/load.ts'
import { searchableRetention } from '#lib/kernel/retention.ts'

/** What the log of sign-ins is given. */
export interface DesktopSignInsProps {
  /** The parsed configuration: how long logs are kept. */
  readonly config: Config
  /** Encrypts the log group. */
  readonly logKey: IKey
}

/**
 * Who signed in to which desktop, when, from which address and client (LOG-1): WorkSpaces says so by events only, which
 * nobody keeps unless they are sent to a log group; from there they reach the archive like every other. It reports
 * sign-ins that succeeded; those that failed are the identity provider's and the directory's to record.
 */
export class DesktopSignIns extends Construct {
  constructor(scope: Construct, id: string, { config, logKey }: DesktopSignInsProps) {
    super(scope, id)
    const stack = Stack.of(this)
    const group = new LogGroup(this, 'Log', {
      // EventBridge offers groups of this beginning as targets (EventBridge user guide, CloudWatch Logs targets).
      logGroupName: `/aws/events/renkei-${config.environment}-desktop-sign-ins`,
      encryptionKey: logKey,
      retention: searchableRetention(config.retention.searchableDays),
      removalPolicy: RemovalPolicy.RETAIN,
    })
    const rule = new CfnRule(this, 'Rule', {
      description: 'Sign-ins to desktops, kept as a log (LOG-1)',
      eventPattern: { source: ['aws.workspaces'], 'detail-type': ['WorkSpaces Access'] },
      state: 'ENABLED',
      targets: [
        {
          id: 'log',
          arn: `arn:${stack.partition}:logs:${stack.region}:${stack.account}:log-group:${group.logGroupName}`,
        },
      ],
    })
    const policy = new CfnResourcePolicy(this, 'MayWrite', {
      policyName: `renkei-${config.environment}-desktop-sign-ins`,
      policyDocument: stack.toJsonString({
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'EventBridgeWrites',
            Effect: 'Allow',
            Principal: { Service: ['events.amazonaws.com', 'delivery.logs.amazonaws.com'] },
            Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
            Resource: group.logGroupArn,
            Condition: { StringEquals: { 'aws:SourceAccount': stack.account } },
          },
        ],
      }),
    })
    rule.addResourceDependency(policy)
  }
}
