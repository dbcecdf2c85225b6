import { desiredOf, type DesiredPerson } from '../../../domain/provisioning/desired.ts'
import { storeGroupName } from '../../../domain/provisioning/names.ts'
import type { Project } from '../../../domain/project/state.ts'
import { rangeOf } from '../../config/addresses.ts'
import type { Config } from '../../config/load.ts'
import { parameterNames } from '../../parameters.ts'
import { NO_PLATFORM } from './intent.ts'
import { interval } from './intervals.ts'
import type { Gap, GroupRule, Id, Interface, Network, Who } from './model/network.ts'
import { hasPorts, protocolOf } from './model/protocols.ts'
import { dangling, strays, type Model } from './model/read.ts'

/** An interface as EC2 describes it. */
interface LiveInterface {
  readonly id: string
  readonly vpc: string
  readonly address: string
  readonly groups: readonly { readonly id: string, readonly name: string }[]
  readonly tags: Readonly<Record<string, string>>
  readonly description: string
  readonly type: string
}

/** A rule of a security group as EC2 describes it. */
export interface LiveRule {
  readonly id: string
  readonly group: string
  readonly egress: boolean
  readonly protocol: string
  readonly from: number
  readonly to: number
  readonly cidr?: string
  readonly prefixList?: string
  readonly referenced?: string
}

/** What an account shows of what changes at run time. */
export interface LiveView {
  readonly interfaces: readonly LiveInterface[]
  readonly rules: readonly LiveRule[]
  readonly prefixLists: Readonly<Record<string, readonly string[]>>
  /** what the stacks published, by name without the common path */
  readonly published: ReadonlyMap<string, string>
}

/**
 * The network of an account: interfaces, their groups and tags, and the prefix lists as EC2 shows them, at the places where the deployed
 * templates put their subnets; routes, ACLs, gateway, firewall and tunnels are those of the templates.
 * @param projects what the ledger says, from which access follows; an interface that it does not explain counts as unplanned
 */
export function liveNetwork(model: Model, view: LiveView, config: Config, projects: readonly Project[], now: string): { readonly network: Network, readonly gaps: readonly Gap[] } {
  const base = model.network
  const gaps: Gap[] = [...model.gaps]
  const cells = new Map(config.cells.flatMap(({ id }) => {
    const real = view.published.get(parameterNames.cellVpcId(id))
    const own = model.published(parameterNames.cellVpcId(id))
    if (real === undefined || own === undefined) gaps.push({ where: parameterNames.cellVpcId(id), what: 'the cell is not deployed here', next: 'deploy it, or take it out of the configuration' })
    return real === undefined || own === undefined ? [] : [[real, { cell: String(id), vpc: own }] as const]
  }))
  const who = namer(config, projects, now)
  const interfaces: Interface[] = []
  for (const each of view.interfaces) {
    const place = cells.get(each.vpc)
    // The gateway's own interfaces are the attachment; what is in no cell has no way into one but the gateway's.
    if (place === undefined || each.type === 'transit_gateway') continue
    const address = rangeOf(`${each.address}/32`).first
    const subnet = Object.entries(base.subnets).find(([, { vpc, cidr }]) => vpc === place.vpc && rangeOf(cidr).first <= address && address <= rangeOf(cidr).last)?.[0]
    if (subnet === undefined) {
      gaps.push({ where: each.id, what: `${each.address} is in no subnet of the templates`, next: 'compare the deployed cell with its template' })
      continue
    }
    interfaces.push({ who: who(each, place.cell), subnet, addresses: interval(address, address), groups: each.groups.map(({ id }) => id), sets: model.sets.filter((set) => set.holds(each.tags)).map(({ id }) => id) })
  }
  // Where the account shows a machine of AWS, its address is known; where it shows none, any address may be.
  const shown = new Set(interfaces.map(({ subnet, who: { kind } }) => `${kind} ${subnet}`))
  const planned = [...interfaces, ...base.interfaces.filter((each) => ['controllers', 'resolver', 'endpoint'].includes(each.who.kind) && !shown.has(`${each.who.kind} ${each.subnet}`))]
  const network: Network = {
    ...base,
    groups: { ...base.groups, ...groupsOf(view, gaps) },
    prefixLists: { ...base.prefixLists, ...view.prefixLists },
    interfaces: [...planned, ...strays(base.subnets, planned)],
  }
  return { network, gaps: [...gaps, ...dangling(network)] }
}

/** Who an interface is, by its tags and groups, held to what the ledger says. */
function namer({ environment }: Config, projects: readonly Project[], now: string): (each: LiveInterface, cell: string) => Who {
  const people = new Map<string, DesiredPerson['access']>(projects.flatMap((project) => desiredOf(project, NO_PLATFORM, now).people.map(({ personId, access }) => [`${project.projectId} ${personId}`, access] as const)))
  const stores = new Map(projects.map(({ projectId }) => [storeGroupName(environment, projectId), projectId]))
  return ({ id, tags, groups, description }, cell) => {
    const project = tags['renkei:project']
    const access = people.get(`${project} ${tags['renkei:person']}`)
    if (project !== undefined && access !== undefined && access !== 'removed') return { kind: 'desktop', project, access, cell }
    const store = groups.flatMap(({ name }) => stores.get(name) ?? [])[0]
    if (store !== undefined && description.startsWith('EFS mount target')) return { kind: 'store', project: store, cell }
    if (description.startsWith('AWS created network interface for directory')) return { kind: 'controllers', cell }
    if (description.startsWith('Route 53 Resolver')) return { kind: 'resolver', cell }
    return { kind: 'stray', subnet: id }
  }
}

function groupsOf(view: LiveView, gaps: Gap[]): Record<Id, { egress: GroupRule[], ingress: GroupRule[] }> {
  const groups: Record<Id, { egress: GroupRule[], ingress: GroupRule[] }> = {}
  for (const { groups: on } of view.interfaces) for (const { id } of on) groups[id] ??= { egress: [], ingress: [] }
  for (const rule of view.rules) {
    const group = (groups[rule.group] ??= { egress: [], ingress: [] })
    const protocol = protocolOf(rule.protocol)
    const peer: GroupRule['peer'] | undefined = rule.cidr !== undefined ? { cidr: rule.cidr } : rule.prefixList !== undefined ? { prefixList: rule.prefixList } : rule.referenced !== undefined ? { group: rule.referenced } : undefined
    if (protocol === undefined || peer === undefined) {
      gaps.push({ where: `${rule.group} ${rule.id}`, what: 'a rule that is not in the model (IPv6, or a protocol by another name)', next: 'take it away, or teach lib/checks/reachability/live.ts' })
      continue
    }
    if ('group' in peer) groups[peer.group] ??= { egress: [], ingress: [] }
    group[rule.egress ? 'egress' : 'ingress'].push({ protocol, ports: hasPorts(protocol) ? [rule.from, rule.to] : undefined, peer, rule: `${rule.group} ${rule.id}` })
  }
  return groups
}
