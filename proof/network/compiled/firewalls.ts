import { ALL, boxWithout, commonBox, headers, type Box, type Headers } from '../headers.ts'
import { EMPTY, interval, subtract, union, type Intervals } from '../intervals.ts'
import type { AddressTerm, Firewall, FirewallRule, Id, Network, PortTerm, Ports } from '../model/network.ts'
import { addressesOf, protocolSet, type CompiledFirewall, type Match, type StatefulAction } from './compiled.ts'
import { listed, type Members } from './members.ts'

type Sides = Pick<FirewallRule, 'protocol' | 'source' | 'sourcePorts' | 'destination' | 'destinationPorts'>

export function compileFirewalls(network: Network, { sets }: Members): ReadonlyMap<Id, CompiledFirewall> {
  const boxesOf = (sides: Sides) =>
    boxes(sides, ({ cidr, set }) =>
      cidr !== undefined ? addressesOf(cidr) : (sets.get(set!) ?? listed(network, set!)),
    )
  return new Map(Object.entries(network.firewalls).map(([id, firewall]) => [id, compileFirewall(firewall, boxesOf)]))
}

function compileFirewall(firewall: Firewall, boxesOf: (sides: Sides) => Headers): CompiledFirewall {
  const { stateless, statelessDefault, stateful, statefulDefault } = firewall
  return {
    statelessDefault,
    statefulDefault,
    stateless: stateless.flatMap(({ action, rule, ...sides }) => boxesOf(sides).map((box) => ({ box, action, rule }))),
    stateful: stateful.flatMap(({ action, rule, bothWays, ...sides }) => {
      // An alert only tells; the next rule decides.
      if (action === 'alert') return []
      const both = bothWays ? [...boxesOf(sides), ...boxesOf(turned(sides))] : boxesOf(sides)
      return both.map((box) => ({ box, action, rule }))
    }),
  }
}

const turned = ({ protocol, source, sourcePorts, destination, destinationPorts }: Sides): Sides => ({
  protocol,
  source: destination,
  sourcePorts: destinationPorts,
  destination: source,
  destinationPorts: sourcePorts,
})

const boxes = (rule: Sides, addresses: (term: AddressTerm) => Intervals): Headers =>
  headers({
    protocol: protocolSet(rule.protocol),
    source: sideOf(rule.source, addresses, ALL.source),
    destination: sideOf(rule.destination, addresses, ALL.destination),
    sourcePort: sideOf(rule.sourcePorts, portsOf, ALL.sourcePort),
    destinationPort: sideOf(rule.destinationPorts, portsOf, ALL.destinationPort),
  })

const portsOf = ({ ports }: PortTerm) => interval(...(ports as Ports))

/** Positive terms add, negative ones take away; no positive term means everything. */
function sideOf<Term extends { readonly not: boolean }>(
  terms: readonly Term[],
  setOf: (term: Term) => Intervals,
  all: Intervals,
): Intervals {
  const added = terms.filter(({ not }) => !not).map(setOf)
  const removed = terms.filter(({ not }) => not).map(setOf)
  return removed.reduce(subtract, added.length === 0 ? all : added.reduce(union, EMPTY))
}

/** What a firewall does with one part of a box. */
interface Judged extends Match {
  readonly action: StatefulAction
}

/** What a firewall does with a box, part by part; what stateless rules drop is not among them. */
export function judged(box: Box, firewall: CompiledFirewall): readonly Judged[] {
  const { stateless, statelessDefault, stateful, statefulDefault } = firewall
  const parts: Judged[] = []
  const forwarded: Box[] = []
  decide([box], stateless, { action: statelessDefault, rule: 'default action' }, (part, { action, rule }) => {
    if (action === 'forward') forwarded.push(part)
    else if (action === 'pass') parts.push({ box: part, action, rule: `stateless ${rule}` })
  })
  const rule = statefulDefault === 'pass' ? 'default action' : 'no rule passes it, and the default action drops it'
  decide(forwarded, stateful, { action: statefulDefault, rule }, (part, decision) =>
    parts.push({ box: part, action: decision.action, rule: decision.rule }),
  )
  return parts
}

/** The first rule that matches decides about a part; what none matches falls to the default. */
function decide<Decision>(
  start: Headers,
  rules: readonly (Decision & { readonly box: Box })[],
  byDefault: Decision,
  tell: (part: Box, decision: Decision) => void,
): void {
  let rest = start
  for (const rule of rules) {
    const hits = rest.flatMap((part) => commonBox(part, rule.box) ?? [])
    if (hits.length === 0) continue
    for (const hit of hits) tell(hit, rule)
    rest = rest.flatMap((part) => boxWithout(part, rule.box))
  }
  for (const part of rest) tell(part, byDefault)
}
