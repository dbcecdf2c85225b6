import { change, dropAll, type Weakening } from './weakening.ts'

/** The firewall between desktops and databases, and the DNS firewall. */
export const firewall: readonly Weakening[] = [
  {
    name: 'the firewall passes what no rule names',
    requirement: 'C-2',
    stack: 'hub',
    check: 'guard',
    rule: 'C_2_firewall_drops_by_default',
    weaken: change('AWS::NetworkFirewall::FirewallPolicy', ({ FirewallPolicy }) => {
      FirewallPolicy.StatefulDefaultActions = ['aws:alert_strict']
    }),
  },
  {
    name: 'stateless packets pass unseen',
    requirement: 'C-2',
    stack: 'hub',
    check: 'guard',
    rule: 'C_2_firewall_drops_by_default',
    weaken: change('AWS::NetworkFirewall::FirewallPolicy', ({ FirewallPolicy }) => {
      FirewallPolicy.StatelessDefaultActions = ['aws:pass']
    }),
  },
  {
    name: 'a group follows the default action order',
    requirement: 'C-2',
    stack: 'hub',
    check: 'guard',
    rule: 'C_2_groups_in_strict_order',
    weaken: change('AWS::NetworkFirewall::RuleGroup', ({ RuleGroup }) => {
      delete RuleGroup.StatefulRuleOptions
    }),
  },
  {
    name: 'a flushed flow resumes midstream',
    requirement: 'VIS-7',
    stack: 'hub',
    check: 'guard',
    rule: 'VIS_7_no_midstream_pickup',
    weaken: change('AWS::NetworkFirewall::FirewallPolicy', ({ FirewallPolicy }) => {
      FirewallPolicy.StatefulEngineOptions.StreamExceptionPolicy = 'CONTINUE'
    }),
  },
  {
    name: 'the firewall can be deleted',
    requirement: 'C-2',
    stack: 'hub',
    check: 'guard',
    rule: 'C_2_firewall_stays',
    weaken: change('AWS::NetworkFirewall::Firewall', (properties) => {
      properties['DeleteProtection'] = false
    }),
  },
  {
    name: 'the firewall does not log flows',
    requirement: 'LOG-1',
    stack: 'hub',
    check: 'guard',
    rule: 'LOG_1_firewall_logs',
    weaken: change('AWS::NetworkFirewall::LoggingConfiguration', ({ LoggingConfiguration }) => {
      LoggingConfiguration.LogDestinationConfigs = LoggingConfiguration.LogDestinationConfigs.filter(
        ({ LogType }: { LogType: string }) => LogType !== 'FLOW',
      )
    }),
  },
  {
    name: 'a group refers to six sets',
    requirement: 'C-2',
    stack: 'hub',
    check: 'limits',
    rule: 'firewall-ip-sets-per-group',
    weaken: change('AWS::NetworkFirewall::RuleGroup', ({ RuleGroup }) => {
      RuleGroup.ReferenceSets = {
        IPSetReferences: Object.fromEntries('ABCDEF'.split('').map((name) => [name, { ReferenceArn: name }])),
      }
    }),
  },
  {
    name: 'a policy names 21 groups',
    requirement: 'C-2',
    stack: 'hub',
    check: 'limits',
    rule: 'firewall-stateful-groups-per-policy',
    weaken: change('AWS::NetworkFirewall::FirewallPolicy', ({ FirewallPolicy }) => {
      FirewallPolicy.StatefulRuleGroupReferences.push({ ResourceArn: 'one more', Priority: 99 })
    }),
  },
  {
    name: 'a group has no room for its rules',
    requirement: 'C-2',
    stack: 'hub',
    check: 'limits',
    rule: 'firewall-group-without-capacity',
    weaken: change('AWS::NetworkFirewall::RuleGroup', (group) => {
      group['Capacity'] = 1
    }),
  },
  {
    name: 'unknown names are only reported',
    requirement: 'NET-4',
    stack: 'visiting-1',
    check: 'guard',
    rule: 'NET_4_dns_blocks_by_default',
    weaken: change('AWS::Route53Resolver::FirewallRuleGroup', ({ FirewallRules }) => {
      for (const rule of FirewallRules) if (rule.Action === 'BLOCK') rule.Action = 'ALERT'
    }),
  },
  {
    name: 'the DNS firewall can be taken off',
    requirement: 'NET-4',
    stack: 'visiting-1',
    check: 'guard',
    rule: 'NET_4_dns_firewall_stays',
    weaken: change('AWS::Route53Resolver::FirewallRuleGroupAssociation', (association) => {
      association['MutationProtection'] = 'DISABLED'
    }),
  },
  {
    name: 'desktops resolve past the DNS firewall',
    requirement: 'NET-4',
    stack: 'visiting-1',
    check: 'guard',
    rule: 'NET_4_desktop_vpc_has_dns_firewall',
    weaken: (template) => dropAll(template, 'AWS::Route53Resolver::FirewallRuleGroupAssociation'),
  },
]
