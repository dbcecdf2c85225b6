import { Duration } from 'aws-cdk-lib'
import { Alarm, ComparisonOperator, type IMetric, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import { FilterPattern, type LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'
import type { Config } from '#lib/kernel/config/load.ts'
import type { Database } from '#lib/kernel/config/schema.ts'
import { consume, parameterNames } from '#lib/kernel/parameters.ts'

export interface LinkAlarmsProps {
  readonly config: Config
  readonly database: Database
  readonly vpnConnectionId: string
  readonly presentedCidr: string
  readonly bgpLog: LogGroup
}

/** What about one link someone must look at. */
export class LinkAlarms extends Construct {
  constructor(scope: Construct, id: string, props: LinkAlarmsProps) {
    super(scope, id)
    const {
      config: { environment },
      database,
    } = props
    const action = new SnsAction(
      Topic.fromTopicArn(this, 'Topic', consume(this, environment, parameterNames.alarmTopicArn())),
    )
    const raise = (
      name: string,
      metric: IMetric,
      threshold: number,
      comparisonOperator: ComparisonOperator,
      treatMissingData: TreatMissingData,
      alarmDescription: string,
    ) => {
      const alarm = new Alarm(this, name, {
        metric,
        threshold,
        comparisonOperator,
        treatMissingData,
        alarmDescription,
        evaluationPeriods: 1,
      })
      alarm.addAlarmAction(action)
      alarm.addOkAction(action)
    }
    const { LESS_THAN_THRESHOLD, LESS_THAN_OR_EQUAL_TO_THRESHOLD, GREATER_THAN_OR_EQUAL_TO_THRESHOLD } =
      ComparisonOperator

    // By connection, 1 is both tunnels up with BGP, 0 neither, a fraction one of them (Site-to-Site VPN user guide, "CloudWatch metrics").
    // The metric by tunnel is named by an outside address that CloudFormation does not return; the tunnel log says which one it is.
    const tunnels = (statistic: string) =>
      new Metric({
        namespace: 'AWS/VPN',
        metricName: 'TunnelState',
        dimensionsMap: { VpnId: props.vpnConnectionId },
        statistic,
        period: Duration.minutes(5),
      })
    raise(
      'TunnelDown',
      tunnels('Minimum'),
      1,
      LESS_THAN_THRESHOLD,
      TreatMissingData.BREACHING,
      `WARNING: one tunnel to ${database.id} is down; queries run on the other. See the tunnel log, then call the holder's incident contact (NET-6)`,
    )
    raise(
      'BothTunnelsDown',
      tunnels('Maximum'),
      0,
      LESS_THAN_OR_EQUAL_TO_THRESHOLD,
      TreatMissingData.BREACHING,
      `CRITICAL: both tunnels to ${database.id} are down; it cannot be reached, and nothing leaves in clear (C-3). Call the holder's incident contact (NET-6)`,
    )

    // Propagation is off, so a foreign prefix changes no route; that it is announced at all is a fault or an attempt.
    const namespace = `Renkei/${environment}`
    const metricName = `UnexpectedPrefix-${database.id}`
    new MetricFilter(this, 'UnexpectedPrefix', {
      logGroup: props.bgpLog,
      filterPattern: FilterPattern.all(
        FilterPattern.stringValue('$.type', '=', 'RouteStatus'),
        FilterPattern.stringValue('$.status', '!=', 'WITHDRAWN'),
        FilterPattern.stringValue('$.message.prefix', '!=', props.presentedCidr),
      ),
      metricNamespace: namespace,
      metricName,
      metricValue: '1',
    })
    raise(
      'UnexpectedPrefixAnnounced',
      new Metric({ namespace, metricName, statistic: 'Sum', period: Duration.minutes(1) }),
      1,
      GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      TreatMissingData.NOT_BREACHING,
      `CRITICAL: the gateway of ${database.id} announces a network other than ${props.presentedCidr}. No route follows it; find out why (C-1)`,
    )
  }
}
