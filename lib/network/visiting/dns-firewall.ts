import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  CfnFirewallDomainList,
  CfnFirewallRuleGroup,
  CfnFirewallRuleGroupAssociation,
} from 'aws-cdk-lib/aws-route53resolver'
import { Construct } from 'constructs'
import { parse } from 'yaml'
import { z } from 'zod'

/** What may be resolved in a cell. */
export const DNS_POLICY = join(import.meta.dirname, '..', '..', '..', 'policies', 'network', 'dns-firewall.yaml')

/** A list that ends in "block everything" and allows only what belongs to the cell's own domain. */
const policy = z.strictObject({
  allow: z
    .array(z.string().regex(/^(\*\.)?\{domain\}$/, 'only {domain} and *.{domain}: any other name is a way out'))
    .min(1),
  block: z.strictObject({ domains: z.tuple([z.literal('*')]), response: z.literal('NODATA') }),
})

type DnsPolicy = z.infer<typeof policy>

/**
 * Reads the DNS policy. Throws with path and remedy where it allows a name outside the cell's own domain, or does not
 * block the rest.
 */
export function readDnsPolicy(text: string, file = 'policies/network/dns-firewall.yaml'): DnsPolicy {
  const parsed = policy.safeParse(parse(text))
  if (!parsed.success) throw new Error(`${file}: ${z.prettifyError(parsed.error)}`)
  return parsed.data
}

/** What the DNS firewall of a cell is given. */
export interface DnsFirewallProps {
  /** Whose queries it judges. */
  readonly vpcId: string
  /** The cell's Active Directory domain. */
  readonly domain: string
}

/**
 * What a desktop may resolve: its directory's names, nothing else (NET-4). Queries to the VPC's resolver pass no
 * security group and no network ACL, so this is the layer that stops them; the resolver has no route of its own to take
 * elsewhere. It fails closed: Resolver's fail-open setting is off unless switched on, and there is no CloudFormation
 * resource that could.
 */
export class DnsFirewall extends Construct {
  constructor(scope: Construct, id: string, props: DnsFirewallProps) {
    super(scope, id)
    const { allow, block } = readDnsPolicy(readFileSync(DNS_POLICY, 'utf8'))
    const allowed = new CfnFirewallDomainList(this, 'Allowed', {
      domains: allow.map((name) => name.replace('{domain}', props.domain)),
    })
    const everything = new CfnFirewallDomainList(this, 'Everything', { domains: block.domains })
    const rules = new CfnFirewallRuleGroup(this, 'Rules', {
      firewallRules: [
        {
          priority: 10,
          action: 'ALLOW',
          firewallDomainListId: allowed.attrId,
          firewallDomainRedirectionAction: 'INSPECT_REDIRECTION_DOMAIN',
        },
        {
          priority: 20,
          action: 'BLOCK',
          blockResponse: block.response,
          firewallDomainListId: everything.attrId,
          firewallDomainRedirectionAction: 'INSPECT_REDIRECTION_DOMAIN',
        },
      ],
    })
    new CfnFirewallRuleGroupAssociation(this, 'Association', {
      firewallRuleGroupId: rules.attrId,
      vpcId: props.vpcId,
      // 101 to 9899 are ours; the first of them, so that nothing a person associates comes before.
      priority: 101,
      mutationProtection: 'ENABLED',
    })
  }
}
