import { CfnSecurityGroup } from 'aws-cdk-lib/aws-ec2'
import {
  CfnResolverEndpoint,
  CfnResolverQueryLoggingConfig,
  CfnResolverQueryLoggingConfigAssociation,
  CfnResolverRule,
  CfnResolverRuleAssociation,
} from 'aws-cdk-lib/aws-route53resolver'
import { Fn } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import type { NetworkLogs } from '#lib/kernel/network-logs.ts'

/** What name resolution in a cell is given. */
export interface NameResolutionProps {
  /** Whose resolver forwards. */
  readonly vpcId: string
  /** The only domain that is forwarded. */
  readonly domain: string
  /** Makes the query log. */
  readonly logs: NetworkLogs
  /** The domain controllers' addresses: a list that CloudFormation resolves. */
  readonly controllers: string[]
  /** The CIDR block of the directory's zone. */
  readonly directoryCidr: string
  /** Where the endpoint's two interfaces stand. */
  readonly subnetIds: readonly [string, string]
}

/**
 * How a desktop finds its directory: it asks the VPC's resolver, which asks the controllers, for the directory's domain
 * only. Desktops cannot ask the controllers themselves, which might forward any name past the DNS firewall
 * (docs/aws-behaviour.md, Directory Service and Directory Service Data): port 53 to the controllers is closed.
 * Every query is logged (LOG-1).
 */
export class NameResolution extends Construct {
  constructor(scope: Construct, id: string, props: NameResolutionProps) {
    super(scope, id)
    const group = new CfnSecurityGroup(this, 'EndpointGroup', {
      groupDescription: 'Resolver asks the domain controllers, nothing else',
      vpcId: props.vpcId,
      securityGroupEgress: (['tcp', 'udp'] as const).map((ipProtocol) => ({
        ipProtocol,
        fromPort: 53,
        toPort: 53,
        cidrIp: props.directoryCidr,
        description: `DNS over ${ipProtocol} to the domain controllers`,
      })),
    })
    const endpoint = new CfnResolverEndpoint(this, 'Endpoint', {
      direction: 'OUTBOUND',
      resolverEndpointType: 'IPV4',
      protocols: ['Do53'],
      ipAddresses: props.subnetIds.map((subnetId) => ({ subnetId })),
      securityGroupIds: [group.attrGroupId],
    })
    const rule = new CfnResolverRule(this, 'DirectoryDomain', {
      ruleType: 'FORWARD',
      domainName: props.domain,
      resolverEndpointId: endpoint.attrResolverEndpointId,
      targetIps: [0, 1].map((index) => ({ ip: Fn.select(index, props.controllers), port: '53' })),
    })
    new CfnResolverRuleAssociation(this, 'DirectoryDomainAssociation', {
      resolverRuleId: rule.attrResolverRuleId,
      vpcId: props.vpcId,
    })
    const queries = new CfnResolverQueryLoggingConfig(this, 'QueryLog', {
      destinationArn: props.logs.group('DnsQueries').logGroupArn,
    })
    new CfnResolverQueryLoggingConfigAssociation(this, 'QueryLogAssociation', {
      resolverQueryLogConfigId: queries.attrId,
      resourceId: props.vpcId,
    })
  }
}
