import { Duration } from 'aws-cdk-lib'
import { Alarm, ComparisonOperator, type IMetric, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'
import type { Config } from '#lib/kernel/config/load.ts'
import { consume, parameterNames } from '#lib/kernel/parameters.ts'
import type { Firewall } from './firewall.ts'

export interface HubAlarmsProps {
  readonly config: Config
  readonly transitGatewayId: string
  readonly firewall: Firewall
}

/** What in the middle of the network plane someone must look at. */
export class HubAlarms extends Construct {
  constructor(scope: Construct, id: string, props: HubAlarmsProps) {
    super(scope, id)
    const {
      config: { environment },
      firewall,
    } = props
    const action = new SnsAction(
      Topic.fromTopicArn(this, 'Topic', consume(this, environment, parameterNames.alarmTopicArn())),
    )
    const period = Duration.minutes(5)
    const raise = (name: string, metric: IMetric, alarmDescription: string) =>
      new Alarm(this, name, {
        metric,
        threshold: 1,
        evaluationPeriods: 1,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treatMissingData: TreatMissingData.NOT_BREACHING,
        alarmDescription,
      }).addAlarmAction(action)

    new MetricFilter(this, 'FirewallDrops', {
      logGroup: firewall.alertLog,
      filterPattern: FilterPattern.stringValue('$.event.alert.action', '=', 'blocked'),
      metricNamespace: `Renkei/${environment}`,
      metricName: 'FirewallDrops',
      metricValue: '1',
    })
    raise(
      'FirewallDropped',
      new Metric({ namespace: `Renkei/${environment}`, metricName: 'FirewallDrops', statistic: 'Sum', period }),
      "The firewall dropped a packet that the desktop's own security group let out: a grant and a group disagree, or someone tries (C-2)",
    )
    raise(
      'UnroutedPackets',
      new Metric({
        namespace: 'AWS/TransitGateway',
        metricName: 'PacketDropCountBlackhole',
        dimensionsMap: { TransitGateway: props.transitGatewayId },
        statistic: 'Sum',
        period,
      }),
      'Packets for a database whose link has no route: it fails closed (C-3); see the link stack of that database',
    )
  }
}
