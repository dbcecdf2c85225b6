import { Duration, Stack } from 'aws-cdk-lib'
import {
  CfnTransitGatewayRoute,
  CfnTransitGatewayRouteTableAssociation,
  type CfnTransitGatewayVpcAttachment,
} from 'aws-cdk-lib/aws-ec2'
import { CfnFirewall, CfnFirewallPolicy, CfnLoggingConfiguration, CfnRuleGroup } from 'aws-cdk-lib/aws-networkfirewall'
import { FilterPattern, MetricFilter, type LogGroup } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import { BLOCKED_TAG } from '#domain/project/provisioning/resource-names.ts'
import type { Alarms } from '#lib/kernel/alarms.ts'
import type { Config } from '#lib/kernel/config/load.ts'
import { presentedCidr } from '#lib/kernel/config/addresses.ts'
import { parameterNames, publish } from '#lib/kernel/parameters.ts'
import { zoneRange } from '../address-plan.ts'
import {
  blockedRules,
  DATABASE_GROUPS,
  databaseRules,
  grantedSet,
  GROUP_CAPACITY,
  groupOfSlot,
} from './firewall-rules.ts'
import { blockedGroupName, grantedGroupName, interfaceGroup } from './interface-group.ts'
import type { NetworkLogs } from '#lib/kernel/network-logs.ts'
import type { TransitGateway } from './transit-gateway.ts'

/** What the firewall is given. */
export interface FirewallProps {
  /** The parsed configuration. */
  readonly config: Config
  /** Makes the groups for alerts and flows. */
  readonly logs: NetworkLogs
  /** What the firewall is attached to. */
  readonly gateway: TransitGateway
  /** Hears of dropped packets. */
  readonly alarms: Alarms
  /** The attachment that enables the zones; the firewall is made after it. */
  readonly anchor: CfnTransitGatewayVpcAttachment
  /** Without them nothing passes: the first deployment, when the sets that rules name do not exist yet (ADR 0010). */
  readonly grants: boolean
}

/**
 * The network firewall on the Transit Gateway: the one way from a desktop to a database. It drops whatever no rule
 * names, both what opens a connection and what claims to belong to one (C-1, C-2).
 */
export class Firewall extends Construct {
  private readonly firewallArn: string

  constructor(scope: Construct, id: string, props: FirewallProps) {
    super(scope, id)
    const { config, gateway } = props
    const { environment } = config
    const groups = [
      this.blockedGroup(environment),
      ...Array.from({ length: DATABASE_GROUPS }, (_, group) => this.databaseGroup(props, group)),
    ]
    const policy = new CfnFirewallPolicy(this, 'Policy', {
      firewallPolicyName: `renkei-${environment}`,
      description: 'Blocked interfaces first, then one rule for each database, then nothing',
      firewallPolicy: {
        statelessDefaultActions: ['aws:forward_to_sfe'],
        statelessFragmentDefaultActions: ['aws:forward_to_sfe'],
        statefulDefaultActions: ['aws:drop_strict', 'aws:alert_strict'],
        // DROP: after a flush or a change a flow must be opened anew and be judged anew, not be resumed midstream
        // (docs/aws-behaviour.md, Network Firewall).
        statefulEngineOptions: { ruleOrder: 'STRICT_ORDER', streamExceptionPolicy: 'DROP' },
        statefulRuleGroupReferences: groups.map((group, index) => ({
          resourceArn: group.attrRuleGroupArn,
          priority: index + 1,
        })),
        // The firewall has no VPC of its own to take HOME_NET from (docs/aws-behaviour.md, Network Firewall):
        // the desktops, literally.
        policyVariables: {
          ruleVariables: { HOME_NET: { definition: config.cells.map((cell) => zoneRange(cell, 'desktops').cidr) } },
        },
      },
    })
    const firewall = new CfnFirewall(this, 'Resource', {
      firewallName: `renkei-${environment}`,
      description: 'Between the cells and the databases',
      firewallPolicyArn: policy.attrFirewallPolicyArn,
      transitGatewayId: gateway.transitGatewayId,
      availabilityZoneMappings: config.azIds.map((availabilityZone) => ({ availabilityZone })),
      deleteProtection: true,
      firewallPolicyChangeProtection: true,
      availabilityZoneChangeProtection: true,
    })
    firewall.addResourceDependency(props.anchor)
    this.firewallArn = firewall.attrFirewallArn
    this.watch(props.alarms, environment, this.logging(props.logs))
    const attachmentId = firewall.attrTransitGatewayAttachmentId
    this.route(config, gateway, attachmentId)
    publish(this, environment, parameterNames.firewallArn(), this.firewallArn)
    publish(this, environment, parameterNames.firewallAttachmentId(), attachmentId)
    publish(this, environment, parameterNames.blockedGroupName(), blockedGroupName(environment))
  }

  private blockedGroup(environment: string): CfnRuleGroup {
    const blocked = interfaceGroup(this, 'Blocked', {
      name: blockedGroupName(environment),
      tag: BLOCKED_TAG,
      description: 'Interfaces that the suspend lane has cut off',
    })
    return new CfnRuleGroup(this, 'BlockedRules', {
      ruleGroupName: `renkei-${environment}-blocked`,
      description: 'Nothing from or to a blocked interface',
      type: 'STATEFUL',
      capacity: GROUP_CAPACITY,
      ruleGroup: {
        statefulRuleOptions: { ruleOrder: 'STRICT_ORDER' },
        referenceSets: { ipSetReferences: { BLOCKED: { referenceArn: blocked.attrArn } } },
        rulesSource: { rulesString: blockedRules },
      },
    })
  }

  /** All groups exist from the start, empty or not: see `databaseRules`. */
  private databaseGroup({ config, grants }: FirewallProps, group: number): CfnRuleGroup {
    const number = String(group).padStart(2, '0')
    const databases = grants ? config.databases.filter(({ slot }) => groupOfSlot(slot) === group) : []
    const targets = databases.map((database) => ({
      id: database.id,
      slot: database.slot,
      presentedCidr: presentedCidr(config, database),
      port: database.service.port,
    }))
    const references = Object.fromEntries(
      databases.map((database) => [
        grantedSet(database),
        {
          referenceArn: Stack.of(this).formatArn({
            service: 'resource-groups',
            resource: 'group',
            resourceName: grantedGroupName(config.environment, database.id),
          }),
        },
      ]),
    )
    return new CfnRuleGroup(this, `DatabaseRules${number}`, {
      ruleGroupName: `renkei-${config.environment}-databases-${number}`,
      description: 'For each database of these slots: its granted interfaces to its presented network and port',
      type: 'STATEFUL',
      capacity: GROUP_CAPACITY,
      ruleGroup: {
        statefulRuleOptions: { ruleOrder: 'STRICT_ORDER' },
        referenceSets: databases.length > 0 ? { ipSetReferences: references } : undefined,
        rulesSource: { rulesString: databaseRules(group, targets) },
      },
    })
  }

  private logging(logs: NetworkLogs): LogGroup {
    const alerts = logs.group('FirewallAlerts')
    const destination = (logType: string, group: LogGroup) => ({
      logType,
      logDestinationType: 'CloudWatchLogs',
      logDestination: { logGroup: group.logGroupName },
    })
    new CfnLoggingConfiguration(this, 'Logging', {
      firewallArn: this.firewallArn,
      loggingConfiguration: {
        logDestinationConfigs: [destination('ALERT', alerts), destination('FLOW', logs.group('FirewallFlows'))],
      },
    })
    return alerts
  }

  private watch(alarms: Alarms, environment: string, alertLog: LogGroup): void {
    const drops = new MetricFilter(this, 'Drops', {
      logGroup: alertLog,
      filterPattern: FilterPattern.stringValue('$.event.alert.action', '=', 'blocked'),
      metricNamespace: `Renkei/${environment}`,
      metricName: 'FirewallDrops',
      metricValue: '1',
    })
    alarms.raise(this, 'Dropped', {
      metric: drops.metric({ statistic: 'Sum', period: Duration.minutes(5) }),
      threshold: 1,
      description:
        "The firewall dropped a packet that the desktop's own security group let out: " +
        'a grant and a group disagree, or someone tries (C-2)',
    })
  }

  /** What the hub itself knows of the routes; cells and links add their own. */
  private route({ network }: Config, { routeTableIds }: TransitGateway, attachmentId: string): void {
    new CfnTransitGatewayRouteTableAssociation(this, 'Association', {
      transitGatewayRouteTableId: routeTableIds.firewall,
      transitGatewayAttachmentId: attachmentId,
    })
    new CfnTransitGatewayRoute(this, 'VisitingToFirewall', {
      transitGatewayRouteTableId: routeTableIds.visiting,
      destinationCidrBlock: network.presentedBlock,
      transitGatewayAttachmentId: attachmentId,
    })
    // A database whose route is missing is dropped here by name, not left to whatever wider route someone adds (C-3:
    // fails closed).
    new CfnTransitGatewayRoute(this, 'UnroutedDatabases', {
      transitGatewayRouteTableId: routeTableIds.firewall,
      destinationCidrBlock: network.presentedBlock,
      blackhole: true,
    })
  }
}
