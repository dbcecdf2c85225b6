import { Stack } from 'aws-cdk-lib'
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { CfnResourcePolicy } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import { NetworkProvider } from '../provider/network-provider.ts'
import { Alarms } from '#lib/kernel/alarms.ts'
import { platformKey } from '#lib/kernel/platform-key.ts'
import type { RenkeiStackProps } from '#lib/kernel/stack.ts'
import { AnchorVpc } from './anchor-vpc.ts'
import { Firewall } from './firewall.ts'
import { NetworkLogs } from '#lib/kernel/network-logs.ts'
import { TransitGateway } from './transit-gateway.ts'

/** `-c renkei:bareHub=true` makes the hub without rules that name a database: the very first deployment (ADR 0010). */
export const BARE_HUB = 'renkei:bareHub'

/** The middle of the network plane: Transit Gateway, firewall, and what exists once for all links and cells. */
export class HubStack extends Stack {
  constructor(scope: Construct, id: string, props: RenkeiStackProps) {
    super(scope, id, { terminationProtection: props.config.production, ...props })
    const { config } = props
    const alarms = Alarms.of(this, config.environment)
    const logs = new NetworkLogs(this, 'Logs', { config })
    this.letServicesWriteLogs()
    this.makeWorkspacesRole()
    const provider = new NetworkProvider(this, 'NetworkProvider', {
      config,
      logKey: logs.key,
      queueKey: platformKey(this, config.environment, 'queues'),
    })
    const gateway = new TransitGateway(this, 'TransitGateway', { config, alarms })
    logs.flowLog('TransitGatewayFlowLog', 'TransitGateway', gateway.transitGatewayId)
    // The order matters: the anchor enables the zones in which the firewall is then attached.
    const anchor = new AnchorVpc(this, 'Anchor', {
      config,
      logs,
      transitGatewayId: gateway.transitGatewayId,
      serviceToken: provider.serviceToken,
    })
    new Firewall(this, 'Firewall', {
      config,
      logs,
      alarms,
      gateway,
      anchor: anchor.attachment,
      grants: !this.node.tryGetContext(BARE_HUB),
    })
  }

  /**
   * Firewall, VPN and Resolver query logs come through AWS's log delivery, which needs leave to write. One policy for
   * all of them, here: a region takes ten, and there may be fifty links.
   */
  private letServicesWriteLogs(): void {
    new CfnResourcePolicy(this, 'LogDelivery', {
      policyName: `${this.stackName}-log-delivery`,
      policyDocument: this.toJsonString({
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'LogDelivery',
            Effect: 'Allow',
            Principal: { Service: ['delivery.logs.amazonaws.com', 'route53.amazonaws.com'] },
            Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
            Resource: this.formatArn({ service: 'logs', resource: 'log-group:*' }),
            Condition: { StringEquals: { 'aws:SourceAccount': this.account } },
          },
        ],
      }),
    })
  }

  /**
   * WorkSpaces looks for a role of exactly this name, without a permissions boundary, in every account in which a
   * directory is registered (docs/aws-behaviour.md, WorkSpaces). It exists once an account, hence here and not
   * in a cell.
   */
  private makeWorkspacesRole(): void {
    new Role(this, 'WorkspacesRole', {
      roleName: 'workspaces_DefaultRole',
      description: 'WorkSpaces makes the interfaces of desktops with it',
      assumedBy: new ServicePrincipal('workspaces.amazonaws.com'),
      // Not AmazonWorkSpacesSelfServiceAccess: nobody may rebuild or resize their own desktop (VIS-2).
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('AmazonWorkSpacesServiceAccess')],
    })
  }
}
