import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { CfnFlowLog } from 'aws-cdk-lib/aws-ec2'
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import type { Config } from './config/load.ts'
import { searchableRetention } from './retention.ts'
import { platformKey } from './platform-key.ts'

/** What the logs of a stack are given. */
export interface NetworkLogsProps {
  /** The parsed configuration: environment, and how long logs are kept. */
  readonly config: Config
}

/** The encrypted log groups of one stack of the network plane, kept as LOG-3 asks and not deleted with the stack. */
export class NetworkLogs extends Construct {
  /** The platform's key for logs; also what a log group made elsewhere in the stack is encrypted with. */
  readonly key: IKey
  private readonly config: Config
  private flowLogRole: Role | undefined

  constructor(scope: Construct, id: string, props: NetworkLogsProps) {
    super(scope, id)
    this.config = props.config
    this.key = platformKey(this, props.config.environment, 'logs')
  }

  /** An encrypted log group. `id` says whose log it is. */
  group(id: string): LogGroup {
    return new LogGroup(this, id, {
      encryptionKey: this.key,
      retention: searchableRetention(this.config.retention.searchableDays),
      removalPolicy: RemovalPolicy.RETAIN,
    })
  }

  /** The ARN without the `:*` that CloudFormation appends: EC2 and VPN refuse it. */
  groupArn(group: LogGroup): string {
    return Stack.of(this).formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName: group.logGroupName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    })
  }

  /** Every packet, accepted and rejected, of a VPC or a Transit Gateway, in intervals of a minute (LOG-1). */
  flowLog(id: string, resourceType: 'VPC' | 'TransitGateway', resourceId: string): CfnFlowLog {
    const group = this.group(`${id}Group`)
    this.flowLogRole ??= this.makeFlowLogRole()
    this.flowLogRole.addManagedPolicy(
      new ManagedPolicy(this, `${id}Policy`, {
        description: `Lets flow logs be written to ${id}`,
        statements: [
          new PolicyStatement({
            actions: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'],
            resources: [group.logGroupArn],
          }),
        ],
      }),
    )
    return new CfnFlowLog(this, id, {
      resourceType,
      resourceId,
      // A Transit Gateway takes no other: it logs all, and refuses a traffic type.
      trafficType: resourceType === 'VPC' ? 'ALL' : undefined,
      logDestinationType: 'cloud-watch-logs',
      logGroupName: group.logGroupName,
      deliverLogsPermissionArn: this.flowLogRole.roleArn,
      maxAggregationInterval: 60,
    })
  }

  private makeFlowLogRole(): Role {
    const stack = Stack.of(this)
    return new Role(this, 'FlowLogRole', {
      description: 'Lets EC2 write flow logs of this stack',
      assumedBy: new ServicePrincipal('vpc-flow-logs.amazonaws.com', {
        // The service acts for any account; only our own flow logs may use this role.
        conditions: {
          StringEquals: { 'aws:SourceAccount': stack.account },
          ArnLike: {
            'aws:SourceArn': stack.formatArn({ service: 'ec2', resource: 'vpc-flow-log', resourceName: '*' }),
          },
        },
      }),
    })
  }
}
