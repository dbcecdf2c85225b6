import type { Firewall, FirewallRule } from './network.ts'
import { protocolOf } from './protocols.ts'
import type { Resource, Resources } from './resources.ts'
import { addresses, parseRules, ports, type Vocabulary } from './suricata.ts'

/** Part of a template whose shape is CloudFormation's. */
export type Raw = Record<string, any>

export type StatelessAction = 'pass' | 'drop' | 'forward'

export const STATELESS_ACTIONS: Readonly<Record<string, StatelessAction>> = {
  'aws:pass': 'pass',
  'aws:drop': 'drop',
  'aws:forward_to_sfe': 'forward',
}

/** By priority, the lowest first. */
export const inOrder = (list: readonly Raw[] | undefined): Raw[] =>
  (list ?? []).toSorted((a, b) => Number(a['Priority'] ?? 0) - Number(b['Priority'] ?? 0))

/** What a policy says about its groups. */
interface PolicyTerms {
  /** networks that rules name with `$` */
  readonly variables: Raw
  /** whether rules are asked one after another, in the order of groups and rules */
  readonly strict: boolean
}

/** The rules of a stateful group, in order. */
export function readStateful(
  group: Resource,
  { variables, strict }: PolicyTerms,
  resources: Resources,
): FirewallRule[] {
  const { id } = group
  const body = (group.properties['RuleGroup'] ?? {}) as Raw
  resources.only(body, ['StatefulRuleOptions', 'ReferenceSets', 'RuleVariables', 'RulesSource'], `${id}.RuleGroup`)
  if ((body['StatefulRuleOptions']?.RuleOrder === 'STRICT_ORDER') !== strict)
    resources.gap(
      `${id}.RuleGroup.StatefulRuleOptions`,
      'a group takes the order of its policy, or the policy refuses it',
    )
  const vocabulary = vocabularyOf(group, body, variables, resources)
  const source = (body['RulesSource'] ?? {}) as Raw
  resources.only(source, ['RulesString', 'StatefulRules', 'RulesSourceList'], `${id}.RuleGroup.RulesSource`)
  const text = source['RulesString']
  const read = [
    ...(typeof text === 'string' ? parseRules(text, vocabulary, id) : []),
    ...((source['StatefulRules'] ?? []) as Raw[]).map((rule) => fiveTuple(rule, vocabulary, id)),
  ]
  const next = 'write it in a form that proof/network/model/suricata.ts reads'
  for (const each of read) if ('problem' in each) resources.gap(`${id}.RuleGroup.RulesSource`, each.problem, next)
  return [
    ...read.flatMap((each) => ('rule' in each ? [each.rule] : [])),
    ...domainList(source['RulesSourceList'] as Raw | undefined, vocabulary, id),
  ]
}

/** A rule given member by member, read as the line of text that it stands for. */
function fiveTuple({ Action, Header = {} }: Raw, vocabulary: Vocabulary, where: string) {
  const line = [
    String(Action).toLowerCase(),
    String(Header.Protocol).toLowerCase(),
    Header.Source,
    Header.SourcePort,
    Header.Direction === 'ANY' ? '<>' : '->',
    Header.Destination,
    Header.DestinationPort,
    '(sid:0;)',
  ].join(' ')
  return parseRules(line.replaceAll(/\bany\b/gi, 'any'), vocabulary, where)[0]!
}

/**
 * A list of domains lets whatever claims such a name through, and a claimed name binds no address: an allow list is a
 * rule that passes TCP from HOME_NET to anywhere. A deny list takes nothing away that counts.
 */
function domainList(list: Raw | undefined, vocabulary: Vocabulary, where: string): FirewallRule[] {
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
function vocabularyOf({ id }: Resource, body: Raw, variables: Raw, resources: Resources): Vocabulary {
  const sets = (body['ReferenceSets']?.IPSetReferences ?? {}) as Raw
  const own = (body['RuleVariables'] ?? {}) as Raw
  const groups = new Map(
    resources.all('AWS::ResourceGroups::Group').map((group) => [String(group.properties['Name']), group]),
  )
  return {
    set(name) {
      const arn = String(sets[name]?.ReferenceArn ?? '')
      const group = groups.get(/:group\/([^/:]+)$/.exec(arn)?.[1] ?? '')
      if (group) return group.id
      if (resources.all('AWS::EC2::PrefixList').some((list) => list.id === arn)) return arn
      const what = `@${name} names ${arn || 'nothing'}, which is no set of this assembly`
      resources.gap(`${id}.RuleGroup.ReferenceSets`, what)
      return undefined
    },
    networks: (name) => own['IPSets']?.[name]?.Definition ?? variables[name]?.Definition,
    ports: (name) => own['PortSets']?.[name]?.Definition,
  }
}

const MATCH_KEYS = ['Sources', 'SourcePorts', 'Destinations', 'DestinationPorts', 'Protocols']

/** A stateless rule names nothing. */
const NO_NAMES: Vocabulary = { set: () => undefined, networks: () => undefined, ports: () => undefined }

/** The rules of a stateless group, in order of priority; one for each protocol that a rule names. */
export function readStateless({ id, properties }: Resource, resources: Resources): Firewall['stateless'] {
  const body = (properties['RuleGroup']?.RulesSource?.StatelessRulesAndCustomActions ?? {}) as Raw
  resources.only(body, ['StatelessRules'], `${id}.RuleGroup`)
  return inOrder(body['StatelessRules'] as Raw[]).flatMap((rule) =>
    statelessRule(rule, `${id} priority ${rule['Priority']}`, resources),
  )
}

function statelessRule({ RuleDefinition = {} }: Raw, where: string, resources: Resources): Firewall['stateless'] {
  const { Actions = [], MatchAttributes: match = {} } = RuleDefinition
  resources.only(match, MATCH_KEYS, where)
  const action = STATELESS_ACTIONS[String(Actions[0])]
  if (action === undefined) resources.gap(where, `${Actions.join(', ')} is not in the model`)
  const note = (problem: string) => resources.gap(where, problem)
  const networks = (list: Raw[] = []) =>
    list.flatMap(({ AddressDefinition }) => addresses(String(AddressDefinition), NO_NAMES, note))
  const ranges = (list: Raw[] = []) =>
    list.flatMap(({ FromPort, ToPort }) => ports(`${FromPort}:${ToPort}`, NO_NAMES, note))
  const protocols = ((match['Protocols'] ?? [-1]) as unknown[]).flatMap((value) => protocolOf(value) ?? [])
  return protocols.map((protocol) => ({
    action: action ?? 'pass',
    protocol,
    rule: where,
    source: networks(match['Sources']),
    sourcePorts: ranges(match['SourcePorts']),
    destination: networks(match['Destinations']),
    destinationPorts: ranges(match['DestinationPorts']),
  }))
}
