import type { Project } from '#domain/project/state.ts'
import { rangeOf } from '#lib/kernel/config/addresses.ts'
import type { Config } from '#lib/kernel/config/load.ts'
import { parameterNames } from '#domain/kernel/parameter-names.ts'
import { interval } from '../intervals.ts'
import { readPrefixLists } from '../model/groups.ts'
import { Links } from '../model/links.ts'
import { gapAt, type Gap, type Id, type Interface, type Network, type Party } from '../model/network.ts'
import { dangling, readPlane, strays, type Model, type Plane } from '../model/read.ts'
import { Resources } from '../model/resources.ts'
import { groupsOf, withDefaultGroups } from './groups.ts'
import { partyNamer } from './parties.ts'
import { ACCOUNT, type LiveInterface, type LiveView } from './view.ts'

/** Something that was read, and what could not be understood of it. */
interface Read<T> {
  readonly found: T
  readonly gaps: readonly Gap[]
}

/** A cell of the configuration where it is deployed: by the model's name of its VPC, that of the account. */
type Cells = ReadonlyMap<Id, { readonly cell: string; readonly vpc: Id }>

/**
 * The network of an account, as EC2 and Network Firewall show it. Only what decides names, which tags make a firewall's
 * set, and machines of AWS that the account does not show, are those of the templates.
 * @param projects what the ledger says, from which access follows; an interface that it does not explain counts as
 * unplanned
 */
export function liveNetwork(
  model: Model,
  seen: LiveView,
  config: Config,
  projects: readonly Project[],
  now: string,
): { readonly network: Network; readonly gaps: readonly Gap[] } {
  const view = withDefaultGroups(seen)
  const resources = accountResources(model, view, config)
  const plane = readPlane(resources, config)
  const cells = cellsOf(model, view, config)
  const interfaces = interfacesOf({ model, view, plane, cells: cells.found, party: partyNamer(config, projects, now) })
  const unseen = unseenInterfaces({ base: model.network, plane, cells: cells.found, seen: interfaces.found })
  const { groups, gaps: groupGaps } = groupsOf(view)
  const planned = [...interfaces.found, ...unseen.found]
  const network: Network = {
    ...model.network,
    ...plane,
    groups: { ...model.network.groups, ...groups },
    prefixLists: { ...model.network.prefixLists, ...readPrefixLists(resources), ...view.prefixLists },
    interfaces: [...planned, ...strays(plane.subnets, planned)],
    dns: model.network.dns.map((each) => ({ ...each, vpc: cells.found.get(each.vpc)?.vpc ?? each.vpc })),
  }
  const gaps = [
    ...model.gaps,
    ...view.gaps,
    ...missingHub(view),
    ...resources.gaps,
    ...cells.gaps,
    ...interfaces.gaps,
    ...unseen.gaps,
    ...groupGaps,
    ...dangling(network),
  ]
  return { network, gaps }
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

const missingHub = ({ published }: LiveView): Gap[] =>
  [parameterNames.transitGatewayId(), parameterNames.firewallArn()]
    .filter((name) => !published.has(name))
    .map((name) => gapAt(name, 'the hub is not deployed here', 'deploy it'))

function cellsOf(model: Model, view: LiveView, config: Config): Read<Cells> {
  const found = new Map<Id, { readonly cell: string; readonly vpc: Id }>()
  const gaps: Gap[] = []
  for (const { id } of config.cells) {
    const name = parameterNames.cellVpcId(id)
    const [live, own] = [view.published.get(name), model.published(name)]
    if (live !== undefined && own !== undefined) found.set(own, { cell: String(id), vpc: `${ACCOUNT}/${live}` })
    else gaps.push(gapAt(name, 'the cell is not deployed here', 'deploy it, or take it out of the configuration'))
  }
  return { found, gaps }
}

/** The interfaces in VPCs of the platform. */
function interfacesOf(given: {
  readonly model: Model
  readonly view: LiveView
  readonly plane: Plane
  readonly cells: Cells
  readonly party: (each: LiveInterface, cell: string) => Party
}): Read<readonly Interface[]> {
  const { model, view, plane, cells, party } = given
  const cellOf = new Map([...cells.values()].map(({ cell, vpc }) => [vpc, cell]))
  const found: Interface[] = []
  const gaps: Gap[] = []
  for (const each of view.interfaces) {
    const [vpc, subnet] = [`${ACCOUNT}/${each.vpc}`, `${ACCOUNT}/${each.subnet}`]
    // The gateway's own interfaces are its attachment; what is in no VPC of the platform has no way into one but by it.
    if (!(vpc in plane.vpcs) || each.type === 'transit_gateway') continue
    if (!(subnet in plane.subnets)) {
      gaps.push(gapAt(each.id, `${each.address} is in ${each.subnet}, which EC2 does not show`, 'run it again'))
      continue
    }
    const address = rangeOf(`${each.address}/32`).first
    found.push({
      party: party(each, cellOf.get(vpc) ?? each.vpc),
      subnet,
      addresses: interval(address, address),
      groups: each.groups.map(({ id }) => id),
      sets: model.sets.filter((set) => set.holds(each.tags)).map(({ id }) => id),
    })
  }
  return { found, gaps }
}

/** Where the account shows a machine of AWS, its address is known; where it shows none, any address may be. */
function unseenInterfaces(given: {
  readonly base: Network
  readonly plane: Plane
  readonly cells: Cells
  readonly seen: readonly Interface[]
}): Read<readonly Interface[]> {
  const { base, plane, cells, seen } = given
  const shown = new Set(seen.map(({ subnet, party }) => `${party.kind} ${subnet}`))
  const found: Interface[] = []
  const gaps: Gap[] = []
  for (const each of base.interfaces) {
    if (!['controllers', 'resolver', 'endpoint'].includes(each.party.kind)) continue
    const { vpc, cidr } = base.subnets[each.subnet]!
    const subnet = subnetWith(plane, cells.get(vpc)?.vpc, cidr)
    if (subnet === undefined) {
      const next = 'deploy the stack as it is in the templates'
      gaps.push(gapAt(each.subnet, `the account has no subnet ${cidr} there`, next))
    } else if (!shown.has(`${each.party.kind} ${subnet}`)) found.push({ ...each, subnet })
  }
  return { found, gaps }
}

const subnetWith = ({ subnets }: Plane, vpc: Id | undefined, cidr: string): Id | undefined =>
  Object.keys(subnets).find((id) => subnets[id]!.vpc === vpc && subnets[id]!.cidr === cidr)
