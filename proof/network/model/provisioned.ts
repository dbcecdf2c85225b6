import type { Action } from '#domain/project/provisioning/actions.ts'
import type { Desired, PublishedPlatform } from '#domain/project/provisioning/desired.ts'
import { provisioned } from '#domain/project/provisioning/ideal.ts'
import type { IdealWorld } from '#domain/project/provisioning/ideal-world.ts'
import type { Rule } from '#domain/project/provisioning/observed.ts'
import { rangeOf } from '#lib/kernel/config/addresses.ts'
import type { Config } from '#lib/kernel/config/load.ts'
import { parameterNames, parameterPath } from '#lib/kernel/parameters.ts'
import { fromPairs } from '../intervals.ts'
import type { GrantedProject, Grants } from '../grants.ts'
import type { Links } from './links.ts'
import type { GroupRule, Id, Interface, Subnet, Party } from './network.ts'
import { protocolOf } from './protocols.ts'
import type { Resources } from './resources.ts'

interface Provisioned {
  readonly groups: Record<Id, { readonly egress: readonly GroupRule[]; readonly ingress: readonly GroupRule[] }>
  readonly interfaces: Interface[]
}

/** What the provisioner makes for the granted projects: its own `plan()`, carried out in an account where every call succeeds. */
export function readProvisioned(
  config: Config,
  grants: Grants,
  links: Links,
  resources: Resources,
  subnets: Readonly<Record<Id, Subnet>>,
  sets: readonly TagSet[],
): Provisioned {
  const model: Provisioned = { groups: {}, interfaces: [] }
  const facts = new Map<number, PublishedPlatform | undefined>()
  for (const granted of grants.projects) {
    const { cell } = granted.project
    if (!facts.has(cell)) facts.set(cell, factsOf(config, cell, links, resources))
    const platform = facts.get(cell)
    if (platform === undefined) continue
    const { world, actions, desired } = provisioned(granted.project, platform, grants.now)
    addGroups(granted, world, model)
    addDesktops(granted, world, desired, platform, subnets, sets, model, resources)
    addStores(granted, actions, platform, subnets, model, resources)
  }
  return model
}

/** What the reconciler reads at run time, from the parameters that the stacks publish. */
function factsOf(config: Config, cell: number, links: Links, resources: Resources): PublishedPlatform | undefined {
  const missing: string[] = []
  const value = (name: string) => {
    const found = links.published(parameterPath(config.environment, name))
    if (typeof found !== 'string' || found.startsWith('?')) missing.push(name)
    return String(found)
  }
  const platform: PublishedPlatform = {
    environment: config.environment,
    account: config.accounts.workload,
    region: config.region,
    cell: {
      vpcId: value(parameterNames.cellVpcId(cell)),
      desktopSubnetIds: value(parameterNames.cellDesktopSubnetIds(cell)).split(','),
      storageSubnetIds: value(parameterNames.cellStorageSubnetIds(cell)).split(','),
      directoryId: value(parameterNames.cellDirectoryId(cell)),
      membersGroupId: value(parameterNames.cellMembersGroupId(cell)),
      quarantineGroupId: value(parameterNames.cellQuarantineGroupId(cell)),
    },
    bundleId: config.desktop.bundleId,
    rootVolumeGib: config.desktop.rootVolumeGib,
    userVolumeGib: config.desktop.userVolumeGib,
    databases: Object.fromEntries(
      config.databases.map(({ id }) => [
        id,
        { prefixListId: value(parameterNames.prefixListId(id)), port: Number(value(parameterNames.servicePort(id))) },
      ]),
    ),
  }
  if (missing.length === 0) return platform
  resources.gap(
    `/renkei/${config.environment}/${missing[0]}`,
    'no stack publishes it, so the provisioner cannot make a project',
  )
  return undefined
}

/** The world names groups `sg-3`; in the model they are the project's. */
const ownId = (granted: GrantedProject, id: string) => `project ${granted.project.projectId}/${id}`

function addGroups(granted: GrantedProject, world: IdealWorld, { groups }: Provisioned): void {
  const own = new Set(world.groups.map(({ id }) => id))
  const words = (rule: Rule, name: string) => `${name} ${rule.protocol}/${rule.from} ${rule.peer}`
  const read = (rules: readonly Rule[], name: string): GroupRule[] =>
    rules.map((rule) => {
      const [kind, ...rest] = rule.peer.split('/')
      const id = rest.join('/')
      const protocol = protocolOf(rule.protocol) ?? -1
      return {
        protocol,
        rule: words(rule, name),
        ports: protocol === 6 || protocol === 17 ? [rule.from, rule.to] : undefined,
        peer:
          kind === 'group'
            ? { group: own.has(id) ? ownId(granted, id) : id }
            : kind === 'prefix-list'
              ? { prefixList: id }
              : { cidr: id },
      }
    })
  for (const { id, name, egress, ingress } of world.groups)
    groups[ownId(granted, id)] = { egress: read(egress, name), ingress: read(ingress, name) }
}

/** A set of interfaces by their tags. */
export interface TagSet {
  readonly id: Id
  holds(tags: Readonly<Record<string, string>>): boolean
}

/** The firewall's sets that interfaces join by tags: resource groups, each with the tags it asks for. */
export function tagSets(resources: Resources): TagSet[] {
  return resources.all('AWS::ResourceGroups::Group').map(({ id, properties }) => {
    const { Type, Query } = (properties['ResourceQuery'] ?? {}) as {
      Type?: string
      Query?: { ResourceTypeFilters?: string[]; TagFilters?: { Key: string; Values?: string[] }[] }
    }
    resources.only(Query, ['ResourceTypeFilters', 'TagFilters'], `${id}.ResourceQuery.Query`)
    const filters = Query?.TagFilters ?? []
    // A query without a tag holds every interface of the account.
    if (Type !== 'TAG_FILTERS_1_0' || filters.length === 0)
      resources.gap(`${id}.ResourceQuery`, 'only a query by tags is in the model')
    const interfaces = (Query?.ResourceTypeFilters ?? []).some(
      (type) => type === 'AWS::EC2::NetworkInterface' || type === 'AWS::AllSupported',
    )
    return {
      id,
      holds: (tags) =>
        interfaces &&
        filters.every(({ Key, Values = [] }) => Key in tags && (Values.length === 0 || Values.includes(tags[Key]!))),
    }
  })
}

function addDesktops(
  granted: GrantedProject,
  world: IdealWorld,
  desired: Desired,
  platform: PublishedPlatform,
  subnets: Readonly<Record<Id, Subnet>>,
  sets: readonly TagSet[],
  provisioned: Provisioned,
  resources: Resources,
): void {
  const alike = new Map<string, { party: Party; subnet: Id; groups: Id[]; sets: Id[]; addresses: [number, number][] }>()
  for (const { personId, userName, access } of desired.people) {
    const desktop = world.desktops.find((each) => each.userName === userName)
    const found = world.interfaces.find(({ address }) => address === desktop?.address)
    if (found === undefined || access === 'removed') continue
    const address = rangeOf(`${granted.desktops[personId]}/32`).first
    const subnet = subnetAt(address, platform.cell.desktopSubnetIds, subnets)
    if (subnet === undefined) {
      resources.gap(
        `desktop of ${personId}`,
        `${granted.desktops[personId]} is in no desktop subnet of its cell`,
        'give an address of the zone',
      )
      continue
    }
    const own = new Set(world.groups.map(({ id }) => id))
    const groups = found.groups.map((id) => (own.has(id) ? ownId(granted, id) : id))
    const joined = sets.filter((set) => set.holds(found.tags)).map(({ id }) => id)
    const key = [access, subnet, ...groups, '|', ...joined].join(' ')
    const same = alike.get(key)
    if (same) same.addresses.push([address, address])
    else
      alike.set(key, {
        party: { kind: 'desktop', project: granted.project.projectId, access, cell: String(granted.project.cell) },
        subnet,
        groups,
        sets: joined,
        addresses: [[address, address]],
      })
  }
  for (const { addresses, ...rest } of alike.values())
    provisioned.interfaces.push({ ...rest, addresses: fromPairs(addresses) })
}

/** EFS puts an interface with the given group into each storage subnet (EFS user guide, "Managing mount targets"). */
function addStores(
  granted: GrantedProject,
  actions: readonly Action[],
  platform: PublishedPlatform,
  subnets: Readonly<Record<Id, Subnet>>,
  provisioned: Provisioned,
  resources: Resources,
): void {
  const { projectId, cell } = granted.project
  for (const action of actions) {
    if (action.type !== 'CreateMountTarget') continue
    const addresses = granted.stores
      .map((address) => rangeOf(`${address}/32`).first)
      .filter((address) => subnetAt(address, platform.cell.storageSubnetIds, subnets) === action.subnetId)
    if (addresses.length !== 1)
      resources.gap(
        `store of ${projectId}`,
        `${addresses.length} addresses for a mount target in ${action.subnetId}`,
        'give one address a storage subnet',
      )
    provisioned.interfaces.push({
      party: { kind: 'store', project: projectId, cell: String(cell) },
      subnet: action.subnetId,
      groups: [ownId(granted, action.groupId)],
      sets: [],
      addresses: fromPairs(addresses.map((address) => [address, address] as const)),
    })
  }
}

function subnetAt(address: number, ids: readonly Id[], subnets: Readonly<Record<Id, Subnet>>): Id | undefined {
  return ids.find((id) => {
    const range = subnets[id] && rangeOf(subnets[id].cidr)
    return range !== undefined && range.first <= address && address <= range.last
  })
}
