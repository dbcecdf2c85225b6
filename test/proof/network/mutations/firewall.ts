import { NOTHING, type Mutation } from './mutation.ts'
import { RULE_GROUP, attribute, policyOf, changeRules, widenGrantedSet } from './weaken.ts'

/** Rules of the firewall, the sets they name, and the policy around them. */
export const firewall: readonly Mutation[] = [
  {
    name: "one rule widened by one port: the project's group is the only layer left on it",
    change: (templates) =>
      changeRules(templates, (text) => text.replaceAll('172.20.0.0/28 5432', '172.20.0.0/28 5432:5433')),
    breaks: ['layers'],
    shows: {
      verdict: 'layers',
      from: /desktop of P-FIRST/,
      to: /database NDB/,
      packet: /172\.20\.0\.0:5433/,
      word: /only the source group/,
    },
  },
  {
    name: 'the IP sets of two databases swapped',
    change: (templates) => {
      const sets = templates.properties('hub', RULE_GROUP, 'DatabaseRules00')['RuleGroup'].ReferenceSets.IPSetReferences
      ;[sets.GRANTED_NDB, sets.GRANTED_DPC] = [sets.GRANTED_DPC, sets.GRANTED_NDB]
    },
    breaks: ['complete', 'layers'],
    shows: { verdict: 'complete', from: /desktop of P-FIRST/, to: /database NDB/, word: /no rule passes it/ },
  },
  {
    name: 'a rule for anybody instead of the granted',
    change: (templates) =>
      changeRules(templates, (text) => text.replace('pass tcp @GRANTED_NDB any', 'pass tcp any any')),
    breaks: ['layers'],
    shows: {
      verdict: 'layers',
      from: /desktop of P-SECOND \(granted\)/,
      to: /database NDB/,
      packet: /:5432$/,
      word: /only the source group/,
    },
  },
  {
    name: 'a rule in both directions: a database opens connections to desktops',
    change: (templates) =>
      changeRules(templates, (text) => text.replace('pass tcp @GRANTED_NDB any ->', 'pass tcp @GRANTED_NDB any <>')),
    breaks: ['layers'],
    shows: { verdict: 'layers', from: /database NDB/, to: /desktop of P-FIRST/, word: /only the destination group/ },
  },
  {
    name: 'a rule of a protocol that this model does not read',
    change: (templates) =>
      changeRules(
        templates,
        (text) => `${text}\npass tls any any -> any any (tls.sni; content:"example.org"; sid:9; rev:1;)`,
      ),
    breaks: ['model'],
    shows: { verdict: 'model', from: /DatabaseRules00/, to: /^$/, word: /not in the model/ },
  },
  {
    name: 'an option that changes what a rule matches',
    change: (templates) =>
      changeRules(templates, (text) =>
        text.replace(
          '(msg:"renkei granted NDB"; sid:1000001;',
          '(flow:to_server; msg:"renkei granted NDB"; sid:1000001;',
        ),
      ),
    breaks: ['complete', 'model'],
    shows: { verdict: 'model', from: /DatabaseRules00/, to: /^$/, word: /flow:to_server/ },
  },
  {
    name: 'the blocked rule removed: what is suspended is held by its group alone',
    change: (templates) => {
      templates.properties('hub', RULE_GROUP, 'BlockedRules')['RuleGroup'].RulesSource.RulesString =
        'drop ip 127.0.0.1/32 any -> 127.0.0.1/32 any (sid:1; rev:1;)'
    },
    breaks: [],
    shows: NOTHING,
  },
  {
    name: 'the granted set of one database holds every interface of the platform',
    change: (templates) => {
      widenGrantedSet(templates)
    },
    breaks: ['layers'],
    shows: {
      verdict: 'layers',
      from: /desktop of P-SECOND \(granted\)/,
      to: /database NDB/,
      word: /only the source group/,
    },
  },
  {
    name: 'the same, and the blocked rule after the passes',
    change: (templates) => {
      widenGrantedSet(templates)
      for (const reference of policyOf(templates)['StatefulRuleGroupReferences'])
        if (JSON.stringify(reference.ResourceArn).includes('BlockedRules')) reference.Priority = 99
    },
    breaks: ['layers'],
    shows: {
      verdict: 'layers',
      from: /desktop of P-SECOND \(shut-off\)/,
      to: /database NDB/,
      word: /only the source group/,
    },
  },
  {
    name: "the firewall's default action passes",
    change: (templates) => {
      policyOf(templates)['StatefulDefaultActions'] = ['aws:alert_strict']
    },
    breaks: ['layers'],
    shows: { verdict: 'layers', from: /desktop of P-FIRST/, to: /database DPC/, word: /only the source group/ },
  },
  {
    name: "the firewall's default action drops established connections only",
    change: (templates) => {
      policyOf(templates)['StatefulDefaultActions'] = ['aws:drop_established']
    },
    breaks: ['layers'],
    shows: { verdict: 'layers', from: /database NDB/, to: /desktop of P-FIRST/, word: /only the destination group/ },
  },
  {
    name: 'stateless rules pass everything before the others are asked',
    change: (templates) => {
      policyOf(templates)['StatelessDefaultActions'] = ['aws:pass']
    },
    breaks: ['layers'],
    shows: { verdict: 'layers', from: /desktop of P-FIRST/, to: /database DPC/, word: /only the source group/ },
  },
  {
    name: 'a stateless rule group that passes one port',
    change: (templates) => {
      templates.add('hub', 'Stateless', RULE_GROUP, {
        Type: 'STATELESS',
        RuleGroupName: 'stateless',
        Capacity: 10,
        RuleGroup: {
          RulesSource: {
            StatelessRulesAndCustomActions: {
              StatelessRules: [
                {
                  Priority: 1,
                  RuleDefinition: {
                    Actions: ['aws:pass'],
                    MatchAttributes: { Protocols: [6], DestinationPorts: [{ FromPort: 22, ToPort: 22 }] },
                  },
                },
              ],
            },
          },
        },
      })
      policyOf(templates)['StatelessRuleGroupReferences'] = [
        { ResourceArn: attribute('Stateless', 'RuleGroupArn'), Priority: 1 },
      ]
    },
    breaks: ['layers'],
    shows: {
      verdict: 'layers',
      from: /desktop of P-FIRST/,
      to: /database NDB/,
      packet: /:22$/,
      word: /only the source group/,
    },
  },
  {
    name: 'fragments pass unseen',
    change: (templates) => {
      policyOf(templates)['StatelessFragmentDefaultActions'] = ['aws:pass']
    },
    breaks: ['model'],
    shows: { verdict: 'model', from: /StatelessFragmentDefaultActions/, to: /^$/, word: /fragments/ },
  },
  {
    name: 'flows go on midstream after a flush',
    change: (templates) => {
      policyOf(templates)['StatefulEngineOptions'].StreamExceptionPolicy = 'CONTINUE'
    },
    breaks: ['model'],
    shows: { verdict: 'model', from: /StreamExceptionPolicy/, to: /^$/, word: /midstream/ },
  },
  {
    name: 'an allow list of domains',
    change: (templates) => {
      templates.properties('hub', RULE_GROUP, 'DatabaseRules05')['RuleGroup'].RulesSource = {
        RulesSourceList: { GeneratedRulesType: 'ALLOWLIST', Targets: ['example.org'], TargetTypes: ['TLS_SNI'] },
      }
    },
    breaks: ['layers'],
    shows: { verdict: 'layers', from: /desktop of P-FIRST/, to: /database DPC/, word: /only the source group/ },
  },
]
