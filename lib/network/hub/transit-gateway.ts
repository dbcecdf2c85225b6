import { Duration } from 'aws-cdk-lib'
import { Metric } from 'aws-cdk-lib/aws-cloudwatch'
import { CfnTransitGateway, CfnTransitGatewayRouteTable } from 'aws-cdk-lib/aws-ec2'
import { Construct } from 'constructs'
import type { Alarms } from '#lib/kernel/alarms.ts'
import type { Config } from '#lib/kernel/config/load.ts'
import { parameterNames, publish } from '#lib/kernel/parameters.ts'

/** The three route tables: who is associated with one is where a packet's next hop is looked up. */
export type RouteTableName = 'visiting' | 'firewall' | 'databases'

/** What the Transit Gateway is given. */
export interface TransitGatewayProps {
  /** The parsed configuration. */
  readonly config: Config
  /** Hears of packets for which there is no route. */
  readonly alarms: Alarms
}

/**
 * The Transit Gateway and its three route tables. Nothing is associated, propagated or accepted by default: every
 * association and every route is a resource that a reader, and the reachability proof, can see.
 *
 * | table     | associated          | routes                                                   | written by     |
 * |-----------|---------------------|----------------------------------------------------------|----------------|
 * | visiting  | cells               | the presented block → firewall                           | hub            |
 * | firewall  | the firewall        | a database's /28 → its VPN; a cell's desktops → the cell | link, visiting |
 * | databases | the VPN attachments | a cell's desktops → firewall                             | visiting       |
 */
export class TransitGateway extends Construct {
  /** `tgw-…`, also published. */
  readonly transitGatewayId: string
  /** `tgw-rtb-…` of each table, also published. */
  readonly routeTableIds: Readonly<Record<RouteTableName, string>>

  constructor(scope: Construct, id: string, props: TransitGatewayProps) {
    super(scope, id)
    const { environment, network } = props.config
    const gateway = new CfnTransitGateway(this, 'Resource', {
      description: 'Renkei: desktops to databases, through the firewall only',
      amazonSideAsn: network.asn,
      defaultRouteTableAssociation: 'disable',
      defaultRouteTablePropagation: 'disable',
      autoAcceptSharedAttachments: 'disable',
      multicastSupport: 'disable',
      securityGroupReferencingSupport: 'disable',
      dnsSupport: 'enable',
      // Both tunnels of a connection carry traffic; there is never a second connection to one network.
      vpnEcmpSupport: 'enable',
      tags: [{ key: 'Name', value: `renkei-${environment}` }],
    })
    this.transitGatewayId = gateway.attrId
    const table = (name: RouteTableName) =>
      new CfnTransitGatewayRouteTable(this, `RouteTable-${name}`, {
        transitGatewayId: this.transitGatewayId,
        tags: [{ key: 'Name', value: `renkei-${environment}-${name}` }],
      }).ref
    this.routeTableIds = { visiting: table('visiting'), firewall: table('firewall'), databases: table('databases') }
    publish(this, environment, parameterNames.transitGatewayId(), this.transitGatewayId)
    for (const [name, value] of Object.entries(this.routeTableIds))
      publish(this, environment, parameterNames.transitGatewayRouteTable(name as RouteTableName), value)
    this.watch(props.alarms)
  }

  private watch(alarms: Alarms): void {
    alarms.raise(this, 'UnroutedPackets', {
      metric: new Metric({
        namespace: 'AWS/TransitGateway',
        metricName: 'PacketDropCountBlackhole',
        dimensionsMap: { TransitGateway: this.transitGatewayId },
        statistic: 'Sum',
        period: Duration.minutes(5),
      }),
      threshold: 1,
      description:
        'Packets for a database whose link has no route: it fails closed (C-3); see the link stack of that database',
    })
  }
}
