import type { Mutation } from './mutation.ts'
import { CELL } from './weaken.ts'

/** What resolves, and who is asked. */
export const dns: readonly Mutation[] = [
  {
    name: 'the DNS firewall lets every name through by default',
    change: (templates) => {
      templates.properties(CELL, 'AWS::Route53Resolver::FirewallRuleGroup')['FirewallRules'].pop()
    },
    breaks: ['names'],
    shows: { verdict: 'names', from: /NetworkVpc/, to: /names/, word: /no rule blocks/ },
  },
  {
    name: 'the DNS firewall allows a name outside',
    change: (templates) => {
      templates.properties(CELL, 'AWS::Route53Resolver::FirewallDomainList', 'Allowed')['Domains'].push('example.org')
    },
    breaks: ['names'],
    shows: { verdict: 'names', from: /NetworkVpc/, to: /names/, word: /example\.org resolves/ },
  },
  {
    name: 'questions for the domain are sent outside',
    change: (templates) => {
      templates.properties(CELL, 'AWS::Route53Resolver::ResolverRule')['TargetIps'] = [
        { Ip: '198.51.100.53', Port: '53' },
      ]
    },
    breaks: ['names'],
    shows: { verdict: 'names', from: /NetworkVpc/, to: /names/, word: /no controller/ },
  },
  {
    name: 'the DNS firewall is not associated',
    change: (templates) => templates.remove(CELL, 'AWS::Route53Resolver::FirewallRuleGroupAssociation'),
    breaks: ['names'],
    shows: { verdict: 'names', from: /NetworkVpc/, to: /names/, word: /no rule blocks/ },
  },
]
