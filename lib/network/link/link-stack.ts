import { Stack } from 'aws-cdk-lib'
import {
  CfnCustomerGateway,
  CfnPrefixList,
  CfnTransitGatewayRoute,
  CfnTransitGatewayRouteTableAssociation,
  CfnVPNConnection,
} from 'aws-cdk-lib/aws-ec2'
import type { Construct } from 'constructs'
import { presentedCidr } from '#lib/kernel/config/addresses.ts'
import type { Database } from '#lib/kernel/config/schema.ts'
import { publishedDatabase } from '#lib/ledger/published.ts'
import { grantedGroupName, grantedTag, interfaceGroup } from '../hub/interface-group.ts'
import { NetworkLogs } from '#lib/kernel/network-logs.ts'
import { VpnAttachment } from '../provider/vpn-attachment.ts'
import { consume, parameterNames, publish } from '#lib/kernel/parameters.ts'
import type { RenkeiStackProps } from '#lib/kernel/stack.ts'
import { insideCidr } from './inside-cidr.ts'
import { LinkAlarms } from './link-alarms.ts'
import { proposalsOf } from './proposals.ts'
import { tunnelOptions } from './tunnel-options.ts'

export interface LinkStackProps extends RenkeiStackProps {
  readonly database: Database
}

/** Everything that connects one database, and nothing that touches another: the connection, its route, its sets, its alarms. */
export class LinkStack extends Stack {
  constructor(scope: Construct, id: string, props: LinkStackProps) {
    super(scope, id, { terminationProtection: props.config.production, ...props })
    const { config, database } = props
    const { environment } = config
    const presented = presentedCidr(config, database)
    const transitGatewayId = consume(this, environment, parameterNames.transitGatewayId())
    const logs = new NetworkLogs(this, 'Logs', { config })
    const bgpLog = logs.group('BgpLog')

    const gateway = new CfnCustomerGateway(this, 'CustomerGateway', {
      type: 'ipsec.1',
      ipAddress: database.peer.address,
      bgpAsn: database.peer.asn,
      deviceName: `renkei-${environment}-${database.id}`,
      tags: [{ key: 'Name', value: `renkei-${environment}-${database.id}` }],
    })
    const logArns = { tunnelLogArn: logs.groupArn(logs.group('TunnelLog')), bgpLogArn: logs.groupArn(bgpLog) }
    const proposals = proposalsOf(database)
    const connection = new CfnVPNConnection(this, 'Connection', {
      type: 'ipsec.1',
      customerGatewayId: gateway.ref,
      transitGatewayId,
      tunnelInsideIpVersion: 'ipv4',
      outsideIpAddressType: 'PublicIpv4',
      // BGP tells which tunnel lives. What it announces changes no route: propagation is off everywhere.
      staticRoutesOnly: false,
      enableAcceleration: false,
      // AWS ends every connection on a route and enforces no selector; narrower ones would only shut BGP out (ADR 0011).
      localIpv4NetworkCidr: '0.0.0.0/0',
      remoteIpv4NetworkCidr: '0.0.0.0/0',
      // AWS makes the two keys and keeps them in Secrets Manager: they pass through no template, no parameter and no hand of ours (ADR 0012).
      preSharedKeyStorage: 'SecretsManager',
      vpnTunnelOptionsSpecifications: ([0, 1] as const).map((tunnel) =>
        tunnelOptions({ proposals, insideCidr: insideCidr(database.slot, tunnel), ...logArns }),
      ),
      tags: [{ key: 'Name', value: `renkei-${environment}-${database.id}` }],
    })
    const attachment = new VpnAttachment(this, 'Attachment', {
      serviceToken: consume(this, environment, parameterNames.networkProviderArn()),
      vpnConnectionId: connection.ref,
      transitGatewayId,
    })
    // What comes from the database finds only the firewall; there is no propagation, so nothing the holder announces becomes a route.
    new CfnTransitGatewayRouteTableAssociation(this, 'Association', {
      transitGatewayRouteTableId: consume(this, environment, parameterNames.transitGatewayRouteTable('databases')),
      transitGatewayAttachmentId: attachment.attachmentId,
    })
    // A static route stays when both tunnels go: packets end at the attachment, they look for no other way (C-3).
    new CfnTransitGatewayRoute(this, 'FirewallToDatabase', {
      transitGatewayRouteTableId: consume(this, environment, parameterNames.transitGatewayRouteTable('firewall')),
      destinationCidrBlock: presented,
      transitGatewayAttachmentId: attachment.attachmentId,
    })

    const prefixList = new CfnPrefixList(this, 'PrefixList', {
      prefixListName: `renkei-${environment}-${database.id}`,
      addressFamily: 'IPv4',
      // Exactly one: a security group counts MaxEntries, not entries, against its 60 rules
      // (docs/aws-behaviour.md, EC2: security groups, interfaces, addresses).
      maxEntries: 1,
      entries: [{ cidr: presented, description: `presented network of ${database.id}` }],
    })
    const granted = interfaceGroup(
      this,
      'Granted',
      grantedGroupName(environment, database.id),
      grantedTag(database.id),
      `Interfaces that a grant in force lets reach ${database.id}`,
    )
    new LinkAlarms(this, 'Alarms', {
      config,
      database,
      vpnConnectionId: connection.ref,
      presentedCidr: presented,
      bgpLog,
    })

    publish(this, environment, parameterNames.prefixListId(database.id), prefixList.attrPrefixListId)
    publish(this, environment, parameterNames.grantedGroupName(database.id), granted.ref)
    publish(this, environment, parameterNames.presentedCidr(database.id), presented)
    publish(this, environment, parameterNames.servicePort(database.id), String(database.service.port))
    publish(this, environment, parameterNames.vpnConnectionId(database.id), connection.ref)
    publish(this, environment, parameterNames.publishedDatabase(database.id), publishedDatabase(database))
  }
}
