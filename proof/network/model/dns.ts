import type { VpcDns } from './network.ts'
import type { Resources } from './resources.ts'

/** What each VPC resolves: DNS firewall rules in order, and domains asked elsewhere. */
export function readDns(resources: Resources): VpcDns[] {
  return resources.all('AWS::EC2::VPC').map(({ id: vpc, properties }) => {
    const groups = resources
      .all('AWS::Route53Resolver::FirewallRuleGroupAssociation')
      .filter((association) => association.properties['VpcId'] === vpc)
      .toSorted((a, b) => Number(a.properties['Priority']) - Number(b.properties['Priority']))
      .flatMap(
        (association) =>
          resources.named(
            'AWS::Route53Resolver::FirewallRuleGroup',
            association.properties['FirewallRuleGroupId'],
            association.id,
          ) ?? [],
      )
    return {
      vpc,
      resolves: properties['EnableDnsSupport'] !== false && properties['EnableDnsSupport'] !== 'false',
      rules: groups.flatMap((group) =>
        ((group.properties['FirewallRules'] ?? []) as Record<string, any>[])
          .toSorted((a, b) => Number(a['Priority']) - Number(b['Priority']))
          .map((rule) => {
            const where = `${group.id} priority ${rule['Priority']}`
            resources.only(
              rule,
              ['Priority', 'Action', 'BlockResponse', 'FirewallDomainListId', 'FirewallDomainRedirectionAction'],
              where,
            )
            const list = resources.named(
              'AWS::Route53Resolver::FirewallDomainList',
              rule['FirewallDomainListId'],
              where,
            )
            // Without inspection a chain of aliases may lead out of what is allowed (Resolver developer guide, "DNS Firewall rules").
            if (rule['FirewallDomainRedirectionAction'] === 'TRUST_REDIRECTION_DOMAIN')
              resources.gap(where, 'an alias may lead to any name', 'write INSPECT_REDIRECTION_DOMAIN')
            return {
              action: rule['Action'],
              domains: resources.strings(list?.properties['Domains'], where),
              rule: where,
            }
          }),
      ),
      forwards: resources
        .all('AWS::Route53Resolver::ResolverRuleAssociation')
        .filter((association) => association.properties['VPCId'] === vpc)
        .flatMap(
          (association) =>
            resources.named(
              'AWS::Route53Resolver::ResolverRule',
              association.properties['ResolverRuleId'],
              association.id,
            ) ?? [],
        )
        .map((rule) => ({
          domain: String(rule.properties['DomainName']),
          to: ((rule.properties['TargetIps'] ?? []) as { Ip: string }[]).map(({ Ip }) => Ip),
          rule: rule.id,
        })),
    }
  })
}
