import type { Attachment, Firewall, FirewallRule, Id } from './network.ts'
import { firewallAttachment } from './aws-made.ts'
import { protocolOf } from './protocols.ts'
import type { Resource, Resources } from './resources.ts'
import { addresses, parseRules, ports, type Vocabulary } from './suricata.ts'

type Rules = Record<string, any>

/** Firewalls on a Transit Gateway and their attachments. */
export function readFirewalls(resources: Resources): {
  firewalls: Record<Id, Firewall>
  attachments: Record<Id, Attachment>
} {
  const firewalls: Record<Id, Firewall> = {}
  const attachments: Record<Id, Attachment> = {}
  for (const { id, properties } of resources.all('AWS::NetworkFirewall::Firewall')) {
    const policy = resources.named(
      'AWS::NetworkFirewall::FirewallPolicy',
      properties['FirewallPolicyArn'],
      `${id}.FirewallPolicyArn`,
    )
    const gateway = resources.named(
      'AWS::EC2::TransitGateway',
      properties['TransitGatewayId'],
      `${id}.TransitGatewayId`,
    )
    if (!policy || !gateway) continue
    firewalls[id] = readPolicy(policy, resources)
    attachments[firewallAttachment(id)] = { kind: 'firewall', gateway: gateway.id, firewall: id }
  }
  return { firewalls, attachments }
}

const STATELESS: Readonly<Record<string, 'pass' | 'drop' | 'forward'>> = {
  'aws:pass': 'pass',
  'aws:drop': 'drop',
  'aws:forward_to_sfe': 'forward',
}

function readPolicy({ id, properties }: Resource, resources: Resources): Firewall {
  const policy = (properties['FirewallPolicy'] ?? {}) as Rules
  const where = `${id}.FirewallPolicy`
  resources.only(
    policy,
    [
      'StatelessDefaultActions',
      'StatelessFragmentDefaultActions',
      'StatelessRuleGroupReferences',
      'StatefulDefaultActions',
      'StatefulEngineOptions',
      'StatefulRuleGroupReferences',
      'PolicyVariables',
    ],
    where,
  )
  const engine = (policy['StatefulEngineOptions'] ?? {}) as Rules
  resources.only(engine, ['RuleOrder', 'StreamExceptionPolicy', 'FlowTimeouts'], `${where}.StatefulEngineOptions`)
  // Midstream packets are judged by no rule under CONTINUE: a flushed flow would go on
  // (docs/aws-behaviour.md, Network Firewall).
  if (!['DROP', 'REJECT'].includes(engine['StreamExceptionPolicy']))
    resources.gap(
      `${where}.StatefulEngineOptions.StreamExceptionPolicy`,
      'a flow can be taken up midstream, past the rules',
      'write DROP',
    )
  const stateless = (name: string) => {
    const actions = resources.strings(policy[name], `${where}.${name}`)
    const [action] = actions.flatMap((each) => STATELESS[each] ?? [])
    if (action === undefined || actions.length !== 1)
      resources.gap(`${where}.${name}`, `${actions.join(', ')} is not in the model`)
    return action ?? 'pass'
  }
  const fragments = stateless('StatelessFragmentDefaultActions')
  if (fragments === 'pass')
    resources.gap(`${where}.StatelessFragmentDefaultActions`, 'fragments would pass unseen', 'write aws:forward_to_sfe')
  resources.only(policy['PolicyVariables'], ['RuleVariables'], `${where}.PolicyVariables`)
  const variables = (policy['PolicyVariables']?.RuleVariables ?? {}) as Rules
  const groups = (name: string, kind: string) =>
    inOrder(policy[name] as Rules[] | undefined).flatMap((reference) => {
      resources.only(reference, ['ResourceArn', 'Priority'], `${where}.${name}`)
      const group = resources.named('AWS::NetworkFirewall::RuleGroup', reference['ResourceArn'], `${where}.${name}`)
      if (group && group.properties['Type'] !== kind)
        resources.gap(`${where}.${name}`, `${group.id} is ${group.properties['Type']}`)
      return group ?? []
    })
  const strict = engine['RuleOrder'] === 'STRICT_ORDER'
  const rules = groups('StatefulRuleGroupReferences', 'STATEFUL').flatMap((group) =>
    readStateful(group, variables, strict, resources),
  )
  return {
    stateless: groups('StatelessRuleGroupReferences', 'STATELESS').flatMap((group) => readStateless(group, resources)),
    statelessDefault: stateless('StatelessDefaultActions'),
    // Without strict order the engine looks at all pass rules, then at all drop rules, and passes the rest (developer guide, "Evaluation order").
    stateful: strict
      ? rules
      : [...rules.filter(({ action }) => action === 'pass'), ...rules.filter(({ action }) => action !== 'pass')],
    statefulDefault: strict ? defaultAction(policy, where, resources) : 'pass',
  }
}

/** Only `aws:drop_strict` drops everything; `drop_established` lets a handshake through, so it counts as letting through. */
function defaultAction(policy: Rules, where: string, resources: Resources): 'pass' | 'drop' {
  const actions = resources.strings(policy['StatefulDefaultActions'], `${where}.StatefulDefaultActions`)
  const strange = actions.filter(
    (action) =>
      !/^aws:(drop_strict|drop_established|drop_established_app_layer|alert_strict|alert_established|alert_established_app_layer)$/.test(
        action,
      ),
  )
  if (strange.length > 0) resources.gap(`${where}.StatefulDefaultActions`, `${strange.join(', ')} is not in the model`)
  return actions.includes('aws:drop_strict') ? 'drop' : 'pass'
}

const inOrder = (references: readonly Rules[] | undefined) =>
  (references ?? []).toSorted((a, b) => Number(a['Priority'] ?? 0) - Number(b['Priority'] ?? 0))

function readStateful(group: Resource, policyVariables: Rules, strict: boolean, resources: Resources): FirewallRule[] {
  const { id } = group
  const body = (group.properties['RuleGroup'] ?? {}) as Rules
  resources.only(body, ['StatefulRuleOptions', 'ReferenceSets', 'RuleVariables', 'RulesSource'], `${id}.RuleGroup`)
  if ((body['StatefulRuleOptions']?.RuleOrder === 'STRICT_ORDER') !== strict)
    resources.gap(
      `${id}.RuleGroup.StatefulRuleOptions`,
      'a group takes the order of its policy, or the policy refuses it',
    )
  const vocabulary = vocabularyOf(group, body, policyVariables, resources)
  const source = (body['RulesSource'] ?? {}) as Rules
  resources.only(source, ['RulesString', 'StatefulRules', 'RulesSourceList'], `${id}.RuleGroup.RulesSource`)
  const read = [
    ...(typeof source['RulesString'] === 'string' ? parseRules(source['RulesString'], vocabulary, id) : []),
    ...((source['StatefulRules'] ?? []) as Rules[]).map((rule) => fiveTuple(rule, vocabulary, id)),
  ]
  return [
    ...read.flatMap((each) => {
      if ('rule' in each) return [each.rule]
      resources.gap(
        `${id}.RuleGroup.RulesSource`,
        each.problem,
        'write it in a form that proof/network/model/suricata.ts reads',
      )
      return []
    }),
    ...domainList(source['RulesSourceList'] as Rules | undefined, vocabulary, id),
  ]
}

function fiveTuple({ Action, Header = {} }: Rules, vocabulary: Vocabulary, where: string) {
  const direction = Header.Direction === 'ANY' ? '<>' : '->'
  const line = `${String(Action).toLowerCase()} ${String(Header.Protocol).toLowerCase()} ${Header.Source} ${Header.SourcePort} ${direction} ${Header.Destination} ${Header.DestinationPort} (sid:0;)`
  return parseRules(line.replaceAll(/\bany\b/gi, 'any'), vocabulary, where)[0]!
}

/**
 * A list of domains lets whatever claims such a name through, and a claimed name binds no address: an allow list is a rule that passes TCP
 * from HOME_NET to anywhere. A deny list takes nothing away that counts.
 */
function domainList(list: Rules | undefined, vocabulary: Vocabulary, where: string): FirewallRule[] {
  if (list?.['GeneratedRulesType'] !== 'ALLOWLIST') return []
  const source = (vocabulary.networks('HOME_NET') ?? []).map((cidr) => ({ not: false, cidr }))
  return [
    {
      action: 'pass',
      protocol: 6,
      source,
      sourcePorts: [],
      destination: [],
      destinationPorts: [],
      bothWays: false,
      rule: `${where}: names of an allow list`,
    },
  ]
}

/** What names in a group's rules stand for. */
function vocabularyOf({ id }: Resource, body: Rules, policyVariables: Rules, resources: Resources): Vocabulary {
  const sets = (body['ReferenceSets']?.IPSetReferences ?? {}) as Rules
  const own = (body['RuleVariables'] ?? {}) as Rules
  const groups = new Map(
    resources.all('AWS::ResourceGroups::Group').map((group) => [String(group.properties['Name']), group]),
  )
  return {
    set(name) {
      const arn = String(sets[name]?.ReferenceArn ?? '')
      const group = groups.get(/:group\/([^/:]+)$/.exec(arn)?.[1] ?? '')
      if (group) return group.id
      if (resources.all('AWS::EC2::PrefixList').some((list) => list.id === arn)) return arn
      resources.gap(
        `${id}.RuleGroup.ReferenceSets`,
        `@${name} names ${arn || 'nothing'}, which is no set of this assembly`,
      )
      return undefined
    },
    networks: (name) => own['IPSets']?.[name]?.Definition ?? policyVariables[name]?.Definition,
    ports: (name) => own['PortSets']?.[name]?.Definition,
  }
}

function readStateless({ id, properties }: Resource, resources: Resources): Firewall['stateless'] {
  const body = (properties['RuleGroup']?.RulesSource?.StatelessRulesAndCustomActions ?? {}) as Rules
  resources.only(body, ['StatelessRules'], `${id}.RuleGroup`)
  return inOrder(body['StatelessRules'] as Rules[]).flatMap(
    ({ RuleDefinition: { Actions = [], MatchAttributes: match = {} } = {}, Priority }: Rules) => {
      const where = `${id} priority ${Priority}`
      resources.only(match, ['Sources', 'SourcePorts', 'Destinations', 'DestinationPorts', 'Protocols'], where)
      const action = STATELESS[String(Actions[0])]
      if (action === undefined) resources.gap(where, `${Actions.join(', ')} is not in the model`)
      const note = (problem: string) => resources.gap(where, problem)
      const none: Vocabulary = { set: () => undefined, networks: () => undefined, ports: () => undefined }
      const nets = (list: Rules[] = []) =>
        list.flatMap(({ AddressDefinition }) => addresses(String(AddressDefinition), none, note))
      const ranges = (list: Rules[] = []) =>
        list.flatMap(({ FromPort, ToPort }) => ports(`${FromPort}:${ToPort}`, none, note))
      const protocols = ((match['Protocols'] ?? [-1]) as unknown[]).flatMap((value) => protocolOf(value) ?? [])
      return protocols.map((protocol) => ({
        action: action ?? 'pass',
        protocol,
        rule: where,
        source: nets(match['Sources']),
        sourcePorts: ranges(match['SourcePorts']),
        destination: nets(match['Destinations']),
        destinationPorts: ranges(match['DestinationPorts']),
      }))
    },
  )
}
