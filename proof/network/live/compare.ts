import { accessOf, type Access } from '#domain/project/provisioning/desired.ts'
import { storeGroupName } from '#domain/project/provisioning/resource-names.ts'
import type { Project } from '#domain/project/state.ts'
import { rangeOf } from '#lib/kernel/config/addresses.ts'
import type { Config } from '#lib/kernel/config/load.ts'
import { parameterNames } from '#lib/kernel/parameters.ts'
import { interval } from '../intervals.ts'
import { gapAt, type Gap, type GroupRule, type Id, type Interface, type Network, type Party } from '../model/network.ts'
import { hasPorts, protocolOf } from '../model/protocols.ts'
import { Links } from '../model/links.ts'
import { defaultGroup } from '../model/aws-made.ts'
import { readPrefixLists } from '../model/groups.ts'
import { dangling, readPlane, strays, type Model } from '../model/read.ts'
import { Resources } from '../model/resources.ts'
import type { TemplateResource } from '#checks/template.ts'

/** An interface as EC2 describes it. */
interface LiveInterface {
  readonly id: string
  readonly vpc: string
  readonly subnet: string
  readonly address: string
  readonly groups: readonly { readonly id: string; readonly name: string }[]
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

/** What an account shows. */
export interface LiveView {
  readonly interfaces: readonly LiveInterface[]
  readonly rules: readonly LiveRule[]
  readonly groups: readonly { readonly id: string; readonly name: string; readonly vpc: string }[]
  /** VPCs, gateways and firewall by AWS id, as a template would write them */
  readonly resources: Readonly<Record<string, TemplateResource>>
  /** what is there and in no reader of the model */
  readonly gaps: readonly Gap[]
  readonly prefixLists: Readonly<Record<string, readonly string[]>>
  /** what the stacks published, by name without the common path */
  readonly published: ReadonlyMap<string, string>
}

/** The name of the account among the stacks: what it describes is `account/<its AWS id>`. */
export const ACCOUNT = 'account'

/**
 * The network of an account, as EC2 and Network Firewall show it. Only what decides names, which tags make a firewall's set, and machines of
 * AWS that the account does not show, are those of the templates.
 * @param projects what the ledger says, from which access follows; an interface that it does not explain counts as unplanned
 */
export function liveNetwork(
  model: Model,
  seen: LiveView,
  config: Config,
  projects: readonly Project[],
  now: string,
): { readonly network: Network; readonly gaps: readonly Gap[] } {
  const base = model.network
  const view = withDefaultGroups(seen)
  const gaps: Gap[] = [...model.gaps, ...view.gaps]
  for (const name of [parameterNames.transitGatewayId(), parameterNames.firewallArn()])
    if (!view.published.has(name)) gaps.push(gapAt(name, 'the hub is not deployed here', 'deploy it'))
  const resources = accountResources(model, view, config)
  const plane = readPlane(resources, config)
  gaps.push(...resources.gaps)
  const real = new Map(
    config.cells.flatMap(({ id }) => {
      const there = view.published.get(parameterNames.cellVpcId(id))
      const own = model.published(parameterNames.cellVpcId(id))
      if (there === undefined || own === undefined)
        gaps.push(
          gapAt(
            parameterNames.cellVpcId(id),
            'the cell is not deployed here',
            'deploy it, or take it out of the configuration',
          ),
        )
      return there === undefined || own === undefined
        ? []
        : [[own, { cell: String(id), vpc: `${ACCOUNT}/${there}` }] as const]
    }),
  )
  const cells = new Map<string, string>([...real.values()].map(({ cell, vpc }) => [vpc, cell]))
  const who = namer(config, projects, now)
  const interfaces: Interface[] = []
  for (const each of view.interfaces) {
    const [vpc, subnet] = [`${ACCOUNT}/${each.vpc}`, `${ACCOUNT}/${each.subnet}`]
    // The gateway's own interfaces are the attachment; what is in no VPC of the platform has no way into one but the gateway's.
    if (!(vpc in plane.vpcs) || each.type === 'transit_gateway') continue
    if (!(subnet in plane.subnets)) {
      gaps.push(gapAt(each.id, `${each.address} is in ${each.subnet}, which EC2 does not show`, 'run it again'))
      continue
    }
    const address = rangeOf(`${each.address}/32`).first
    interfaces.push({
      party: who(each, cells.get(vpc) ?? each.vpc),
      subnet,
      addresses: interval(address, address),
      groups: each.groups.map(({ id }) => id),
      sets: model.sets.filter((set) => set.holds(each.tags)).map(({ id }) => id),
    })
  }
  // Where the account shows a machine of AWS, its address is known; where it shows none, any address may be.
  const shown = new Set(interfaces.map(({ subnet, party: { kind } }) => `${kind} ${subnet}`))
  const made = base.interfaces
    .filter((each) => ['controllers', 'resolver', 'endpoint'].includes(each.party.kind))
    .flatMap((each) => {
      const { vpc, cidr } = base.subnets[each.subnet]!
      const subnet = Object.entries(plane.subnets).find(
        ([, there]) => there.vpc === real.get(vpc)?.vpc && there.cidr === cidr,
      )?.[0]
      if (subnet === undefined)
        gaps.push(
          gapAt(each.subnet, `the account has no subnet ${cidr} there`, 'deploy the stack as it is in the templates'),
        )
      return subnet === undefined || shown.has(`${each.party.kind} ${subnet}`) ? [] : [{ ...each, subnet }]
    })
  const planned = [...interfaces, ...made]
  const network: Network = {
    ...base,
    ...plane,
    groups: { ...base.groups, ...groupsOf(view, gaps) },
    prefixLists: { ...base.prefixLists, ...readPrefixLists(resources), ...view.prefixLists },
    interfaces: [...planned, ...strays(plane.subnets, planned)],
    dns: base.dns.map((each) => ({ ...each, vpc: real.get(each.vpc)?.vpc ?? each.vpc })),
  }
  return { network, gaps: [...gaps, ...dangling(network)] }
}

/** The same with the default group of each VPC under its name in the model, by which unplanned interfaces are in it. */
function withDefaultGroups(view: LiveView): LiveView {
  const defaults = new Map(
    view.groups.flatMap(({ id, name, vpc }) =>
      name === 'default' ? [[id, defaultGroup(`${ACCOUNT}/${vpc}`)] as const] : [],
    ),
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

/** What the account describes, with the resource groups of the templates, to which firewall rules refer by name. */
function accountResources(model: Model, view: LiveView, config: Config): Resources {
  const sets = model.stacks.map(({ name, template }) => ({
    name,
    template: {
      Resources: Object.fromEntries(
        Object.entries(template.Resources).filter(([, { Type }]) => Type === 'AWS::ResourceGroups::Group'),
      ),
    },
  }))
  const stacks = [{ name: ACCOUNT, template: { Resources: view.resources } }, ...sets]
  return new Resources(stacks, new Links(stacks, { account: config.accounts.workload, region: config.region }, {}))
}

/** Who an interface is, by its tags and groups, held to what the ledger says. */
function namer(
  { environment }: Config,
  projects: readonly Project[],
  now: string,
): (each: LiveInterface, cell: string) => Party {
  const people = new Map<string, Access>(
    projects.flatMap((project) =>
      [...accessOf(project, now)].map(([personId, access]) => [`${project.projectId} ${personId}`, access] as const),
    ),
  )
  const stores = new Map(projects.map(({ projectId }) => [storeGroupName(environment, projectId), projectId]))
  return ({ id, type, tags, groups, description }, cell) => {
    if (type === 'vpc_endpoint') return { kind: 'endpoint', id }
    const project = tags['renkei:project']
    const access = people.get(`${project} ${tags['renkei:person']}`)
    if (project !== undefined && access !== undefined && access !== 'removed')
      return { kind: 'desktop', project, access, cell }
    const store = groups.flatMap(({ name }) => stores.get(name) ?? [])[0]
    if (store !== undefined && description.startsWith('EFS mount target'))
      return { kind: 'store', project: store, cell }
    if (description.startsWith('AWS created network interface for directory')) return { kind: 'controllers', cell }
    if (description.startsWith('Route 53 Resolver')) return { kind: 'resolver', cell }
    return { kind: 'stray', subnet: id }
  }
}

function groupsOf(view: LiveView, gaps: Gap[]): Record<Id, { egress: GroupRule[]; ingress: GroupRule[] }> {
  const groups: Record<Id, { egress: GroupRule[]; ingress: GroupRule[] }> = {}
  for (const { id } of view.groups) groups[id] = { egress: [], ingress: [] }
  for (const rule of view.rules) {
    const group = (groups[rule.group] ??= { egress: [], ingress: [] })
    const protocol = protocolOf(rule.protocol)
    const peer: GroupRule['peer'] | undefined =
      rule.cidr !== undefined
        ? { cidr: rule.cidr }
        : rule.prefixList !== undefined
          ? { prefixList: rule.prefixList }
          : rule.referenced !== undefined
            ? { group: rule.referenced }
            : undefined
    if (protocol === undefined || peer === undefined) {
      gaps.push(
        gapAt(
          `${rule.group} ${rule.id}`,
          'a rule that is not in the model (IPv6, or a protocol by another name)',
          'take it away, or teach proof/network/live/compare.ts',
        ),
      )
      continue
    }
    if ('group' in peer) groups[peer.group] ??= { egress: [], ingress: [] }
    group[rule.egress ? 'egress' : 'ingress'].push({
      protocol,
      ports: hasPorts(protocol) ? [rule.from, rule.to] : undefined,
      peer,
      rule: `${rule.group} ${rule.id}`,
    })
  }
  return groups
}
