import { Duration } from 'aws-cdk-lib'
import { ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { FilterPattern, type LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import type { Alarms } from '#lib/kernel/alarms.ts'
import type { Database } from '#lib/kernel/config/schema.ts'

/** What the alarms of one link are given. */
export interface LinkAlarmsProps {
  /** Names the metric of foreign announcements. */
  readonly environment: string
  /** Who hears of it. */
  readonly alarms: Alarms
  /** Whose link it is, as the messages call it. */
  readonly databaseId: Database['id']
  /** `vpn-…`. */
  readonly vpnConnectionId: string
  /** The one network that the holder's gateway may announce. */
  readonly presentedCidr: string
  /** Where AWS logs what the gateway announces. */
  readonly bgpLog: LogGroup
}

/** What about one link someone must look at; the operator also hears when it is over. */
export class LinkAlarms extends Construct {
  constructor(scope: Construct, id: string, props: LinkAlarmsProps) {
    super(scope, id)
    this.watchTunnels(props)
    this.watchAnnouncements(props)
  }

  /**
   * By connection, 1 is both tunnels up with BGP, 0 neither, a fraction one of them (Site-to-Site VPN user guide,
   * "CloudWatch metrics"). The metric by tunnel is named by an outside address that CloudFormation does not return; the
   * tunnel log says which one it is.
   */
  private watchTunnels({ alarms, databaseId, vpnConnectionId }: LinkAlarmsProps): void {
    const tunnels = (statistic: string) =>
      new Metric({
        namespace: 'AWS/VPN',
        metricName: 'TunnelState',
        dimensionsMap: { VpnId: vpnConnectionId },
        statistic,
        period: Duration.minutes(5),
      })
    // A connection that does not measure itself is as bad as one that is down.
    const common = { missing: TreatMissingData.BREACHING, announcesEnd: true }
    alarms.raise(this, 'TunnelDown', {
      ...common,
      metric: tunnels('Minimum'),
      threshold: 1,
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      description:
        `WARNING: one tunnel to ${databaseId} is down; queries run on the other. ` +
        "See the tunnel log, then call the holder's incident contact (NET-6)",
    })
    alarms.raise(this, 'BothTunnelsDown', {
      ...common,
      metric: tunnels('Maximum'),
      threshold: 0,
      comparison: ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD,
      description:
        `CRITICAL: both tunnels to ${databaseId} are down; it cannot be reached, and nothing leaves in clear (C-3). ` +
        "Call the holder's incident contact (NET-6)",
    })
  }

  /** Propagation is off, so a foreign prefix changes no route; that it is announced at all is a fault or an attempt. */
  private watchAnnouncements({ alarms, environment, databaseId, presentedCidr, bgpLog }: LinkAlarmsProps): void {
    const foreign = new MetricFilter(this, 'UnexpectedPrefix', {
      logGroup: bgpLog,
      filterPattern: FilterPattern.all(
        FilterPattern.stringValue('$.type', '=', 'RouteStatus'),
        FilterPattern.stringValue('$.status', '!=', 'WITHDRAWN'),
        FilterPattern.stringValue('$.message.prefix', '!=', presentedCidr),
      ),
      metricNamespace: `Renkei/${environment}`,
      metricName: `UnexpectedPrefix-${databaseId}`,
      metricValue: '1',
    })
    alarms.raise(this, 'UnexpectedPrefixAnnounced', {
      metric: foreign.metric({ statistic: 'Sum', period: Duration.minutes(1) }),
      threshold: 1,
      announcesEnd: true,
      description:
        `CRITICAL: the gateway of ${databaseId} announces a network other than ${presentedCidr}. ` +
        'No route follows it; find out why (C-1)',
    })
  }
}
