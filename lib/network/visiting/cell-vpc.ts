import {
  CfnRoute,
  CfnRouteTable,
  CfnSubnet,
  CfnSubnetRouteTableAssociation,
  CfnTransitGatewayVpcAttachment,
  CfnVPC,
} from 'aws-cdk-lib/aws-ec2'
import { Construct } from 'constructs'
import type { Config } from '#lib/kernel/config/load.ts'
import type { Cell } from '#lib/kernel/config/schema.ts'
import { closeDefaultSecurityGroup } from '../hub/default-security-group.ts'
import { type CellZone, cellZones, zoneRange } from '../address-plan.ts'

/** What the VPC of a cell is given. */
export interface CellVpcProps {
  /** The parsed configuration: zones and the block of presented networks. */
  readonly config: Config
  /** Its range and number. */
  readonly cell: Cell
  /** The only thing it is attached to. */
  readonly transitGatewayId: string
  /** The network provider: it empties the VPC's default security group. */
  readonly serviceToken: string
}

/**
 * The VPC of a cell: five zones of two subnets each, and one route in all of them: desktops to the platform's database
 * block. There is no Internet gateway, no NAT and no endpoint; nothing here can have a way to the Internet (NET-1,
 * NET-4, C-1).
 */
export class CellVpc extends Construct {
  /** The VPC itself. */
  readonly vpc: CfnVPC
  /** What routes to the cell name. */
  readonly attachment: CfnTransitGatewayVpcAttachment
  private readonly subnets: Readonly<Record<CellZone, readonly [CfnSubnet, CfnSubnet]>>

  constructor(scope: Construct, id: string, props: CellVpcProps) {
    super(scope, id)
    const { config, cell, transitGatewayId } = props
    const name = `renkei-${config.environment}-cell-${cell.id}`
    this.vpc = new CfnVPC(this, 'Vpc', {
      cidrBlock: cell.cidr,
      enableDnsSupport: true,
      // File systems have names in the VPC only with this on.
      enableDnsHostnames: true,
      tags: [{ key: 'Name', value: name }],
    })
    closeDefaultSecurityGroup(this, this.vpc, props.serviceToken)
    this.subnets = Object.fromEntries(cellZones.map((zone) => [zone, this.zone(zone, props, name)])) as Record<
      CellZone,
      [CfnSubnet, CfnSubnet]
    >
    this.attachment = new CfnTransitGatewayVpcAttachment(this, 'Attachment', {
      transitGatewayId,
      vpcId: this.vpc.ref,
      subnetIds: this.subnetIds('attachment'),
      options: {
        ApplianceModeSupport: 'disable',
        DnsSupport: 'disable',
        Ipv6Support: 'disable',
        SecurityGroupReferencingSupport: 'disable',
      },
      tags: [{ key: 'Name', value: name }],
    })
    new CfnRoute(this, 'DesktopsToDatabases', {
      routeTableId: (this.node.findChild('RouteTable-desktops') as CfnRouteTable).ref,
      destinationCidrBlock: config.network.presentedBlock,
      transitGatewayId,
    }).addResourceDependency(this.attachment)
  }

  /** The two subnets of a zone, in the order of `azIds`. */
  subnetIds(zone: CellZone): [string, string] {
    const [first, second] = this.subnets[zone]
    return [first.ref, second.ref]
  }

  private zone(zone: CellZone, { config, cell }: CellVpcProps, name: string): [CfnSubnet, CfnSubnet] {
    const routes = new CfnRouteTable(this, `RouteTable-${zone}`, {
      vpcId: this.vpc.ref,
      tags: [{ key: 'Name', value: `${name}-${zone}` }],
    })
    const range = zoneRange(cell, zone)
    const subnet = (index: 0 | 1) => {
      const availabilityZoneId = config.azIds[index]
      const made = new CfnSubnet(this, `Subnet-${zone}-${availabilityZoneId}`, {
        vpcId: this.vpc.ref,
        availabilityZoneId,
        cidrBlock: range.subnets[index],
        mapPublicIpOnLaunch: false,
        tags: [{ key: 'Name', value: `${name}-${zone}-${availabilityZoneId}` }],
      })
      new CfnSubnetRouteTableAssociation(this, `Routes-${zone}-${availabilityZoneId}`, {
        subnetId: made.ref,
        routeTableId: routes.ref,
      })
      return made
    }
    return [subnet(0), subnet(1)]
  }
}
