import { CfnTransitGatewayRoute, CfnTransitGatewayRouteTableAssociation } from 'aws-cdk-lib/aws-ec2'
import { Construct } from 'constructs'
import type { Config } from '#lib/kernel/config/load.ts'
import type { Cell } from '#lib/kernel/config/schema.ts'
import { consume, parameterNames } from '#lib/kernel/parameters.ts'
import { zoneRange } from '../address-plan.ts'

/** What the routes of a cell are given. */
export interface CellRoutesProps {
  /** The parsed configuration. */
  readonly config: Config
  /** Whose desktops are routed to. */
  readonly cell: Cell
  /** The cell's own attachment, `tgw-attach-…`. */
  readonly attachmentId: string
}

/**
 * What the Transit Gateway knows of a cell. Only desktops are routed to: directory and storage have no address outside
 * their cell. The `databases` table gets one route a cell, always to the firewall, and never one to a database: between
 * databases there is no route, and the firewall has no rule (C-1; ADR 0013).
 */
export class CellRoutes extends Construct {
  constructor(scope: Construct, id: string, props: CellRoutesProps) {
    super(scope, id)
    const {
      config: { environment },
      attachmentId,
    } = props
    const destinationCidrBlock = zoneRange(props.cell, 'desktops').cidr
    const table = (name: 'visiting' | 'firewall' | 'databases') =>
      consume(this, environment, parameterNames.transitGatewayRouteTable(name))
    new CfnTransitGatewayRouteTableAssociation(this, 'Association', {
      transitGatewayRouteTableId: table('visiting'),
      transitGatewayAttachmentId: attachmentId,
    })
    new CfnTransitGatewayRoute(this, 'FirewallToDesktops', {
      transitGatewayRouteTableId: table('firewall'),
      destinationCidrBlock,
      transitGatewayAttachmentId: attachmentId,
    })
    new CfnTransitGatewayRoute(this, 'DatabasesToFirewall', {
      transitGatewayRouteTableId: table('databases'),
      destinationCidrBlock,
      transitGatewayAttachmentId: consume(this, environment, parameterNames.firewallAttachmentId()),
    })
  }
}
