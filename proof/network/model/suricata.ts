import type { AddressTerm, FirewallRule, PortTerm } from './network.ts'
import { protocolOf } from './protocols.ts'

/** Names that rules use: `@SET` a set of the firewall, `$VARIABLE` networks or ports of the rule group or policy. */
export interface Vocabulary {
  set(name: string): string | undefined
  networks(name: string): readonly string[] | undefined
  ports(name: string): readonly string[] | undefined
}

/** A rule that is read, or why it is not. */
export type Read = { readonly rule: FirewallRule } | { readonly problem: string }

/** One side or its ports: a word, or a list in brackets. */
const SIDE = String.raw`(\S+|\[[^\]]*\])`
const RULE = new RegExp(String.raw`^(pass|drop|reject|alert) (\S+) ${SIDE} ${SIDE} (->|<>) ${SIDE} ${SIDE} \((.*)\)$`)
/** Options that say something about the rule and nothing about packets. */
const SILENT = /^(msg:"[^"]*"|sid:\d+|rev:\d+|metadata:[^;"]*|reference:[^;"]*|classtype:[^;"]*)$/

/**
 * Suricata rules of a rule group, strictly: one in a form not known here makes the proof fail, because it may let
 * something through.
 */
export function parseRules(text: string, vocabulary: Vocabulary, where: string): Read[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => parseRule(line, vocabulary, where))
}

function parseRule(line: string, vocabulary: Vocabulary, where: string): Read {
  const match = RULE.exec(line)
  if (!match) return { problem: `not a rule this model reads: ${line}` }
  const [, verb, protocolName, from, fromPorts, arrow, to, toPorts, options] = match as unknown as string[]
  // `tls`, `http` and the like judge by what is inside; a rule of them lets a handshake through before it knows.
  const protocol =
    protocolName === 'ip'
      ? -1
      : protocolOf(
          protocolName === 'tcp' || protocolName === 'udp' || protocolName === 'icmp' ? protocolName : undefined,
        )
  if (protocol === undefined) return { problem: `protocol ${protocolName} is not in the model: ${line}` }
  const strange = options!
    .split(';')
    .map((option) => option.trim())
    .filter((option) => option !== '' && !SILENT.test(option))
  if (strange.length > 0) return { problem: `options ${strange.join('; ')} are not in the model: ${line}` }
  const problems: string[] = []
  const note = (what: string) => {
    problems.push(what)
  }
  const sid = /sid:(\d+)/.exec(options!)?.[1] ?? '?'
  const rule: FirewallRule = {
    action: verb === 'reject' ? 'drop' : (verb as 'pass' | 'drop' | 'alert'),
    protocol,
    source: addresses(from!, vocabulary, note),
    sourcePorts: ports(fromPorts!, vocabulary, note),
    destination: addresses(to!, vocabulary, note),
    destinationPorts: ports(toPorts!, vocabulary, note),
    bothWays: arrow === '<>',
    rule: `${where} sid ${sid}: ${line.slice(0, line.indexOf('(')).trim()}`,
  }
  return problems.length > 0 ? { problem: `${problems.join('; ')}: ${line}` } : { rule }
}

/** `[a, !b]` → its parts without the brackets; one alone is a list of one. */
const parts = (text: string) =>
  (text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text).split(',').map((part) => part.trim())

/** One side of a rule; also used for rules that are written as five-tuples. */
export function addresses(text: string, vocabulary: Vocabulary, note: (problem: string) => void): AddressTerm[] {
  return parts(text).flatMap((part): AddressTerm[] => {
    const not = part.startsWith('!')
    const name = not ? part.slice(1) : part
    if (name.toLowerCase() === 'any' && !not && text === part) return []
    if (name.startsWith('@')) {
      const set = vocabulary.set(name.slice(1))
      if (set !== undefined) return [{ not, set }]
    }
    if (name.startsWith('$')) {
      const networks = vocabulary.networks(name.slice(1))
      if (networks && networks.length > 0) return networks.map((cidr) => ({ not, cidr }))
    }
    if (/^\d{1,3}(\.\d{1,3}){3}(\/\d{1,2})?$/.test(name))
      return [{ not, cidr: name.includes('/') ? name : `${name}/32` }]
    note(`${part} is no address this model knows`)
    return []
  })
}

/** Ports of a rule: `any`, `80`, `1:1023`, `!22`, lists of them. */
export function ports(text: string, vocabulary: Vocabulary, note: (problem: string) => void): PortTerm[] {
  return parts(text).flatMap((part): PortTerm[] => {
    const not = part.startsWith('!')
    const name = not ? part.slice(1) : part
    if (name.toLowerCase() === 'any' && !not && text === part) return []
    if (name.startsWith('$')) {
      const found = vocabulary.ports(name.slice(1))
      if (found && found.length > 0) return found.flatMap((each) => ports(not ? `!${each}` : each, vocabulary, note))
    }
    const range = /^(\d+)(?::(\d*))?$/.exec(name)
    if (range) {
      const first = Number(range[1])
      const last = range[2] === undefined ? first : range[2] === '' ? 65_535 : Number(range[2])
      if (first <= last && last <= 65_535) return [{ not, ports: [first, last] }]
    }
    note(`${part} is no port this model knows`)
    return []
  })
}
