import type { Id, VpcDns } from './network.ts'
import type { Resource, Resources } from './resources.ts'

/** What each VPC resolves: DNS firewall rules in order, and domains asked elsewhere. */
export const readDns = (resources: Resources): VpcDns[] =>
  resources.all('AWS::EC2::VPC').map(({ id: vpc, properties }) => {
    const groups = ruleGroupsOf(resources, vpc)
    return {
      vpc,
      resolves: properties['EnableDnsSupport'] !== false && properties['EnableDnsSupport'] !== 'false',
      rules: groups.flatMap((group) => readRules(group, resources)),
      forwards: readForwards(resources, vpc),
    }
  })

const byPriority = (a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>) =>
  Number(a['Priority']) - Number(b['Priority'])

/** Rule groups of the DNS firewall that are associated with a VPC, in order. */
const ruleGroupsOf = (resources: Resources, vpc: Id): Resource[] =>
  resources
    .all('AWS::Route53Resolver::FirewallRuleGroupAssociation')
    .filter(({ properties }) => properties['VpcId'] === vpc)
    .toSorted((a, b) => byPriority(a.properties, b.properties))
    .flatMap(
      ({ id, properties }) =>
        resources.named('AWS::Route53Resolver::FirewallRuleGroup', properties['FirewallRuleGroupId'], id) ?? [],
    )

const RULE_KEYS = ['Priority', 'Action', 'BlockResponse', 'FirewallDomainListId', 'FirewallDomainRedirectionAction']

const readRules = ({ id, properties }: Resource, resources: Resources): VpcDns['rules'] =>
  ((properties['FirewallRules'] ?? []) as Record<string, any>[]).toSorted(byPriority).map((rule) => {
    const where = `${id} priority ${rule['Priority']}`
    resources.only(rule, RULE_KEYS, where)
    const listId: unknown = rule['FirewallDomainListId']
    const list = resources.named('AWS::Route53Resolver::FirewallDomainList', listId, where)
    // Without inspection a chain of aliases may lead out of what is allowed (Resolver developer guide, "DNS Firewall
    // rules").
    if (rule['FirewallDomainRedirectionAction'] === 'TRUST_REDIRECTION_DOMAIN')
      resources.gap(where, 'an alias may lead to any name', 'write INSPECT_REDIRECTION_DOMAIN')
    return {
      action: rule['Action'],
      domains: resources.strings(list?.properties['Domains'], where),
      rule: where,
    }
  })

/** Resolver rules that are associated with a VPC. */
const readForwards = (resources: Resources, vpc: Id): VpcDns['forwards'] =>
  resources
    .all('AWS::Route53Resolver::ResolverRuleAssociation')
    .filter(({ properties }) => properties['VPCId'] === vpc)
    .flatMap(
      ({ id, properties }) =>
        resources.named('AWS::Route53Resolver::ResolverRule', properties['ResolverRuleId'], id) ?? [],
    )
    .map(({ id, properties }) => ({
      domain: String(properties['DomainName']),
      to: ((properties['TargetIps'] ?? []) as { Ip: string }[]).map(({ Ip }) => Ip),
      rule: id,
    }))
