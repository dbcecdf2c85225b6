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

/** The default action, as a hop calls it. */
const DEFAULT_ACTION = 'default action'

/** What a firewall does with a box: parts that pass, and parts that a stateful rule or the default action drops. */
export function judged(
  box: Box,
  { stateless, statelessDefault, stateful, statefulDefault }: CompiledFirewall,
): { readonly passed: readonly Match[]; readonly dropped: readonly Match[] } {
  const first = decided([box], stateless, statelessDefault)
  const forwarded = first.filter(({ action }) => action === 'forward').map((part) => part.box)
  const second = decided(forwarded, stateful, statefulDefault)
  const decidedAs = (action: StatefulAction) => second.filter((part) => part.action === action)
  return {
    passed: [
      ...first
        .filter(({ action }) => action === 'pass')
        .map((part) => ({ box: part.box, rule: `stateless ${part.rule}` })),
      ...decidedAs('pass'),
    ],
    dropped: decidedAs('drop').map((part) => ({
      box: part.box,
      rule: part.rule === DEFAULT_ACTION ? 'no rule passes it, and the default action drops it' : part.rule,
    })),
  }
}

/** The first rule that matches decides about a part; what none matches falls to the default. */
function decided<Action extends string>(
  start: Headers,
  rules: readonly (Match & { readonly action: Action })[],
  byDefault: Action,
): (Match & { readonly action: Action })[] {
  const parts: (Match & { readonly action: Action })[] = []
  let rest = start
  for (const { box, rule, action } of rules) {
    const hits = rest.flatMap((part) => commonBox(part, box) ?? [])
    if (hits.length === 0) continue
    for (const hit of hits) parts.push({ box: hit, rule, action })
    rest = rest.flatMap((part) => boxWithout(part, box))
  }
  for (const part of rest) parts.push({ box: part, rule: DEFAULT_ACTION, action: byDefault })
  return parts
}
