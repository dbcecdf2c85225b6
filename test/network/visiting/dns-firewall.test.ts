import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { DNS_POLICY, readDnsPolicy } from '#lib/network/visiting/dns-firewall.ts'
import { demoAssembly, resourcesOf } from '#test/support/assembly.ts'

const template = demoAssembly().template('visiting-1')
const text = readFileSync(DNS_POLICY, 'utf8')
const rules = resourcesOf(template, 'AWS::Route53Resolver::FirewallRuleGroup')[0]![1].Properties.FirewallRules.toSorted(
  (a: any, b: any) => a.Priority - b.Priority,
)
const domainsOf = (rule: any) => template.Resources[rule.FirewallDomainListId['Fn::GetAtt'][0]]!.Properties.Domains

test('[NET-4] DNS ends in "block everything", and allows the cell\'s own domain alone', () => {
  expect(rules.map((rule: any) => [rule.Action, domainsOf(rule)])).toEqual([
    ['ALLOW', ['cell1.demo.renkei.internal', '*.cell1.demo.renkei.internal']],
    ['BLOCK', ['*']],
  ])
  expect(rules.at(-1).BlockResponse).toBe('NODATA')
})

test('[NET-4] an alias out of the domain is inspected too, and no other list comes before ours', () => {
  for (const rule of rules) expect(rule.FirewallDomainRedirectionAction).toBe('INSPECT_REDIRECTION_DOMAIN')
  const association = resourcesOf(template, 'AWS::Route53Resolver::FirewallRuleGroupAssociation')[0]![1].Properties
  expect(association.Priority).toBe(101)
  expect(association.MutationProtection).toBe('ENABLED')
  expect(template.Resources[association.VpcId.Ref]!.Type).toBe('AWS::EC2::VPC')
})

test("[NET-4] the resolver asks the domain controllers for the cell's domain only", () => {
  const forwards = resourcesOf(template, 'AWS::Route53Resolver::ResolverRule').map(([, { Properties }]) => Properties)
  expect(forwards.map(({ DomainName, RuleType }) => [DomainName, RuleType])).toEqual([
    ['cell1.demo.renkei.internal', 'FORWARD'],
  ])
  expect(forwards[0]!.TargetIps.length).toBe(2)
})

const wider = [
  { what: 'a name outside the cell', policy: text.replace('"*.{domain}"', '"*.example.com"') },
  { what: 'everything allowed', policy: text.replace('"*.{domain}"', '"*"') },
  { what: 'a block list with a gap', policy: text.replace('["*"]', '["*.com"]') },
  { what: 'no block list', policy: text.replace(/block:[\s\S]*/, '') },
]
for (const { what, policy } of wider) {
  test(`[NET-4] a DNS policy with ${what} is refused`, () => {
    expect(policy).not.toBe(text)
    expect(() => readDnsPolicy(policy)).toThrow(/policies\/network\/dns-firewall\.yaml/)
  })
}
