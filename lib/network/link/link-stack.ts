import { Stack } from 'aws-cdk-lib'
import {
  CfnCustomerGateway,
  CfnPrefixList,
  CfnTransitGatewayRoute,
  CfnTransitGatewayRouteTableAssociation,
  CfnVPNConnection,
} from 'aws-cdk-lib/aws-ec2'
import type { CfnGroup } from 'aws-cdk-lib/aws-resourcegroups'
import type { Construct } from 'constructs'
import { grantedTag } from '#domain/project/provisioning/resource-names.ts'
import { Alarms } from '#lib/kernel/alarms.ts'
import { presentedCidr } from '#lib/kernel/config/addresses.ts'
import type { Database } from '#lib/kernel/config/schema.ts'
import { NetworkLogs } from '#lib/kernel/network-logs.ts'
import { consume, parameterNames, publish } from '#lib/kernel/parameters.ts'
import type { RenkeiStackProps } from '#lib/kernel/stack.ts'
import { publishedDatabase } from '#lib/ledger/published.ts'
import { grantedGroupName, interfaceGroup } from '../hub/interface-group.ts'
import { VpnAttachment } from '../provider/vpn-attachment.ts'
import { insideCidr } from './inside-cidr.ts'
import { LinkAlarms } from './link-alarms.ts'
import { proposalsOf } from './proposals.ts'
import { tunnelOptions } from './tunnel-options.ts'

/** What the stack of one database is given. */
export interface LinkStackProps extends RenkeiStackProps {
  /** The database that is connected. */
  readonly database: Database
}

/** Everything that connects one database, and nothing that touches another. */
export class LinkStack extends Stack {
  constructor(scope: Construct, id: string, props: LinkStackProps) {
    super(scope, id, { terminationProtection: props.config.production, ...props })
    const { config, database } = props
    const { environment } = config
    const presented = presentedCidr(config, database)
    const logs = new NetworkLogs(this, 'Logs', { config })
    const bgpLog = logs.group('BgpLog')
    const connection = this.connect(props, {
      tunnelLogArn: logs.groupArn(logs.group('TunnelLog')),
      bgpLogArn: logs.groupArn(bgpLog),
    })
    this.route(environment, connection, presented)
    const prefixList = this.prefixList(props, presented)
    const granted = this.grantedSet(props)
    new LinkAlarms(this, 'Alarms', {
      environment,
      alarms: Alarms.of(this, environment),
      databaseId: database.id,
      vpnConnectionId: connection.ref,
      presentedCidr: presented,
      bgpLog,
    })

    const tell = (name: string, value: string) => publish(this, environment, name, value)
    tell(parameterNames.prefixListId(database.id), prefixList.attrPrefixListId)
    tell(parameterNames.grantedGroupName(database.id), granted.ref)
    tell(parameterNames.presentedCidr(database.id), presented)
    tell(parameterNames.servicePort(database.id), String(database.service.port))
    tell(parameterNames.vpnConnectionId(database.id), connection.ref)
    tell(parameterNames.publishedDatabase(database.id), publishedDatabase(database))
  }

  private connect({ config, database }: LinkStackProps, logArns: LogArns): CfnVPNConnection {
    const { environment } = config
    const tags = [{ key: 'Name', value: `renkei-${environment}-${database.id}` }]
    const gateway = new CfnCustomerGateway(this, 'CustomerGateway', {
      type: 'ipsec.1',
      ipAddress: database.peer.address,
      bgpAsn: database.peer.asn,
      deviceName: `renkei-${environment}-${database.id}`,
      tags,
    })
    const proposals = proposalsOf(database)
    return new CfnVPNConnection(this, 'Connection', {
      type: 'ipsec.1',
      customerGatewayId: gateway.ref,
      transitGatewayId: consume(this, environment, parameterNames.transitGatewayId()),
      tunnelInsideIpVersion: 'ipv4',
      outsideIpAddressType: 'PublicIpv4',
      // BGP tells which tunnel lives. What it announces changes no route: propagation is off everywhere.
      staticRoutesOnly: false,
      enableAcceleration: false,
      // AWS ends every connection on a route and enforces no selector; narrower ones would only shut BGP out (ADR
      // 0011).
      localIpv4NetworkCidr: '0.0.0.0/0',
      remoteIpv4NetworkCidr: '0.0.0.0/0',
      // AWS makes the two keys and keeps them in Secrets Manager: they pass through no template, no parameter and no
      // hand of ours (ADR 0012).
      preSharedKeyStorage: 'SecretsManager',
      vpnTunnelOptionsSpecifications: ([0, 1] as const).map((tunnel) =>
        tunnelOptions({ proposals, insideCidr: insideCidr(database.slot, tunnel), ...logArns }),
      ),
      tags,
    })
  }

  /** The way to and from the connection; there is no propagation, so nothing the holder announces becomes a route. */
  private route(environment: string, connection: CfnVPNConnection, presented: string): void {
    const parameter = (name: string) => consume(this, environment, name)
    const attachment = new VpnAttachment(this, 'Attachment', {
      serviceToken: parameter(parameterNames.networkProviderArn()),
      vpnConnectionId: connection.ref,
      transitGatewayId: parameter(parameterNames.transitGatewayId()),
    })
    // What comes from the database finds only the firewall.
    new CfnTransitGatewayRouteTableAssociation(this, 'Association', {
      transitGatewayRouteTableId: parameter(parameterNames.transitGatewayRouteTable('databases')),
      transitGatewayAttachmentId: attachment.attachmentId,
    })
    // A static route stays when both tunnels go: packets end at the attachment, they look for no other way (C-3).
    new CfnTransitGatewayRoute(this, 'FirewallToDatabase', {
      transitGatewayRouteTableId: parameter(parameterNames.transitGatewayRouteTable('firewall')),
      destinationCidrBlock: presented,
      transitGatewayAttachmentId: attachment.attachmentId,
    })
  }

  /** What a project's security group names as its destination (C-2). */
  private prefixList({ config, database }: LinkStackProps, presented: string): CfnPrefixList {
    return new CfnPrefixList(this, 'PrefixList', {
      prefixListName: `renkei-${config.environment}-${database.id}`,
      addressFamily: 'IPv4',
      // Exactly one: a security group counts MaxEntries, not entries, against its 60 rules
      // (docs/aws-behaviour.md, EC2: security groups, interfaces, addresses).
      maxEntries: 1,
      entries: [{ cidr: presented, description: `presented network of ${database.id}` }],
    })
  }

  /** The interfaces that the firewall's rule of this database lets through. */
  private grantedSet({ config, database }: LinkStackProps): CfnGroup {
    return interfaceGroup(this, 'Granted', {
      name: grantedGroupName(config.environment, database.id),
      tag: grantedTag(database.id),
      description: `Interfaces that a grant in force lets reach ${database.id}`,
    })
  }
}

/** Log groups of the connection, by ARN. */
interface LogArns {
  readonly tunnelLogArn: string
  readonly bgpLogArn: string
}
