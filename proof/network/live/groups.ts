import { defaultGroup } from '../model/aws-made.ts'
import { gapAt, type Gap, type GroupRule, type Id } from '../model/network.ts'
import { hasPorts, protocolOf } from '../model/protocols.ts'
import { ACCOUNT, type LiveRule, type LiveView } from './view.ts'

type Groups = Record<Id, { readonly egress: GroupRule[]; readonly ingress: GroupRule[] }>

/**
 * The same view with the default group of each VPC under its name in the model, by which unplanned interfaces are in
 * it.
 */
export function withDefaultGroups(view: LiveView): LiveView {
  const defaults = new Map(
    view.groups
      .filter(({ name }) => name === 'default')
      .map(({ id, vpc }) => [id, defaultGroup(`${ACCOUNT}/${vpc}`)] as const),
  )
  const named = (id: string) => defaults.get(id) ?? id
  return {
    ...view,
    groups: view.groups.map((each) => ({ ...each, id: named(each.id) })),
    interfaces: view.interfaces.map((each) => ({
      ...each,
      groups: each.groups.map(({ id, name }) => ({ id: named(id), name })),
    })),
    rules: view.rules.map((each) => ({
      ...each,
      group: named(each.group),
      referenced: each.referenced && named(each.referenced),
    })),
  }
}

/** Every security group with its rules; a group that only a rule names has none. */
export function groupsOf(view: LiveView): { readonly groups: Groups; readonly gaps: readonly Gap[] } {
  const groups: Groups = {}
  const gaps: Gap[] = []
  for (const { id } of view.groups) groups[id] = { egress: [], ingress: [] }
  for (const rule of view.rules) {
    const group = (groups[rule.group] ??= { egress: [], ingress: [] })
    const read = ruleOf(rule)
    if ('code' in read) {
      gaps.push(read)
      continue
    }
    if ('group' in read.peer) groups[read.peer.group] ??= { egress: [], ingress: [] }
    group[rule.egress ? 'egress' : 'ingress'].push(read)
  }
  return { groups, gaps }
}

function ruleOf(rule: LiveRule): GroupRule | Gap {
  const name = `${rule.group} ${rule.id}`
  const protocol = protocolOf(rule.protocol)
  const peer = peerOf(rule)
  if (protocol === undefined || peer === undefined)
    return gapAt(
      name,
      'a rule that is not in the model (IPv6, or a protocol by another name)',
      'take it away, or teach proof/network/live/groups.ts',
    )
  return { protocol, ports: hasPorts(protocol) ? [rule.from, rule.to] : undefined, peer, rule: name }
}

function peerOf({ cidr, prefixList, referenced }: LiveRule): GroupRule['peer'] | undefined {
  if (cidr !== undefined) return { cidr }
  if (prefixList !== undefined) return { prefixList }
  return referenced === undefined ? undefined : { group: referenced }
}
