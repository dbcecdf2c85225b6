import { firewallAttachment } from './aws-made.ts'
import type { Attachment, Firewall, FirewallRule, Id } from './network.ts'
import type { Resource, Resources } from './resources.ts'
import {
  inOrder,
  readStateful,
  readStateless,
  STATELESS_ACTIONS,
  type Raw,
  type StatelessAction,
} from './rule-groups.ts'

/** Firewalls on a Transit Gateway and their attachments. */
export function readFirewalls(resources: Resources): {
  readonly firewalls: Record<Id, Firewall>
  readonly attachments: Record<Id, Attachment>
} {
  const firewalls: Record<Id, Firewall> = {}
  const attachments: Record<Id, Attachment> = {}
  for (const { id, properties } of resources.all('AWS::NetworkFirewall::Firewall')) {
    const { FirewallPolicyArn: policyArn, TransitGatewayId: gatewayId } = properties
    const policy = resources.named('AWS::NetworkFirewall::FirewallPolicy', policyArn, `${id}.FirewallPolicyArn`)
    const gateway = resources.named('AWS::EC2::TransitGateway', gatewayId, `${id}.TransitGatewayId`)
    if (!policy || !gateway) continue
    firewalls[id] = new PolicyReader(policy, resources).read()
    attachments[firewallAttachment(id)] = { kind: 'firewall', gateway: gateway.id, firewall: id }
  }
  return { firewalls, attachments }
}

const POLICY_KEYS = [
  'StatelessDefaultActions',
  'StatelessFragmentDefaultActions',
  'StatelessRuleGroupReferences',
  'StatefulDefaultActions',
  'StatefulEngineOptions',
  'StatefulRuleGroupReferences',
  'PolicyVariables',
]

/**
 * Default actions that the model knows: each of these, for all packets, established ones, or those of an application.
 */
const STATEFUL_DEFAULT = /^aws:(drop|alert)_(strict|established|established_app_layer)$/

class PolicyReader {
  readonly #policy: Raw
  readonly #where: string
  readonly #resources: Resources

  constructor({ id, properties }: Resource, resources: Resources) {
    this.#policy = (properties['FirewallPolicy'] ?? {}) as Raw
    this.#where = `${id}.FirewallPolicy`
    this.#resources = resources
  }

  read(): Firewall {
    this.#resources.only(this.#policy, POLICY_KEYS, this.#where)
    const strict = this.#readsInStrictOrder()
    this.#checkFragments()
    const variables = this.#variables()
    const rules = this.#groups('StatefulRuleGroupReferences', 'STATEFUL').flatMap((group) =>
      readStateful(group, { variables, strict }, this.#resources),
    )
    return {
      stateless: this.#groups('StatelessRuleGroupReferences', 'STATELESS').flatMap((group) =>
        readStateless(group, this.#resources),
      ),
      statelessDefault: this.#statelessDefault('StatelessDefaultActions'),
      stateful: strict ? rules : passesFirst(rules),
      statefulDefault: strict ? this.#statefulDefault() : 'pass',
    }
  }

  #readsInStrictOrder(): boolean {
    const engine = (this.#policy['StatefulEngineOptions'] ?? {}) as Raw
    const where = `${this.#where}.StatefulEngineOptions`
    this.#resources.only(engine, ['RuleOrder', 'StreamExceptionPolicy', 'FlowTimeouts'], where)
    // Midstream packets are judged by no rule under CONTINUE: a flushed flow would go on
    // (docs/aws-behaviour.md, Network Firewall).
    if (!['DROP', 'REJECT'].includes(engine['StreamExceptionPolicy'])) {
      const what = 'a flow can be taken up midstream, past the rules'
      this.#resources.gap(`${where}.StreamExceptionPolicy`, what, 'write DROP')
    }
    return engine['RuleOrder'] === 'STRICT_ORDER'
  }

  #checkFragments(): void {
    const name = 'StatelessFragmentDefaultActions'
    if (this.#statelessDefault(name) !== 'pass') return
    this.#resources.gap(`${this.#where}.${name}`, 'fragments would pass unseen', 'write aws:forward_to_sfe')
  }

  #statelessDefault(name: string): StatelessAction {
    const actions = this.#resources.strings(this.#policy[name], `${this.#where}.${name}`)
    const [action] = actions.flatMap((each) => STATELESS_ACTIONS[each] ?? [])
    if (action === undefined || actions.length !== 1)
      this.#resources.gap(`${this.#where}.${name}`, `${actions.join(', ')} is not in the model`)
    return action ?? 'pass'
  }

  /** Only `aws:drop_strict` drops everything; `drop_established` lets a handshake through, so it counts as passing. */
  #statefulDefault(): 'pass' | 'drop' {
    const where = `${this.#where}.StatefulDefaultActions`
    const actions = this.#resources.strings(this.#policy['StatefulDefaultActions'], where)
    const strange = actions.filter((action) => !STATEFUL_DEFAULT.test(action))
    if (strange.length > 0) this.#resources.gap(where, `${strange.join(', ')} is not in the model`)
    return actions.includes('aws:drop_strict') ? 'drop' : 'pass'
  }

  #variables(): Raw {
    const given = this.#policy['PolicyVariables']
    this.#resources.only(given, ['RuleVariables'], `${this.#where}.PolicyVariables`)
    return (given?.RuleVariables ?? {}) as Raw
  }

  /** The rule groups that a member of the policy refers to, in order. */
  #groups(name: string, kind: 'STATEFUL' | 'STATELESS'): Resource[] {
    const where = `${this.#where}.${name}`
    return inOrder(this.#policy[name] as Raw[] | undefined).flatMap((reference) => {
      this.#resources.only(reference, ['ResourceArn', 'Priority'], where)
      const group = this.#resources.named('AWS::NetworkFirewall::RuleGroup', reference['ResourceArn'], where)
      const actual: unknown = group?.properties['Type']
      if (group && actual !== kind) this.#resources.gap(where, `${group.id} is ${String(actual)}`)
      return group ?? []
    })
  }
}

/**
 * Without strict order the engine looks at all pass rules, then at all drop rules, and passes the rest (developer
 * guide, "Evaluation order").
 */
const passesFirst = (rules: readonly FirewallRule[]): FirewallRule[] => [
  ...rules.filter(({ action }) => action === 'pass'),
  ...rules.filter(({ action }) => action !== 'pass'),
]
