import type { PublishedPlatform } from '#domain/project/provisioning/desired.ts'
import { provisioned } from '#domain/project/provisioning/ideal.ts'
import type { Action } from '#domain/project/provisioning/actions.ts'
import type { Rule } from '#domain/project/provisioning/observed.ts'
import type { GrantedProject, Grants } from '#proof/network/grants.ts'
import type { Party } from '#proof/network/model/network.ts'
import type { Config } from '#lib/kernel/config/load.ts'
import { contains, presentedCidr, rangeOf } from '#lib/kernel/config/addresses.ts'
import { addressAt } from './addresses.ts'
import type { GroupRule, Network, SecurityGroup, Subnet } from './network.ts'
import type { TwinResource } from './templates.ts'

/** A machine that sends and answers. */
export interface Machine {
  /** also the name of its network namespace */
  readonly name: string
  /** who it is to the intent and to the proof */
  readonly who: Party
  readonly address: string
  /** where others reach it, if not at its address: a database behind its presented network */
  readonly presented?: string
  readonly subnet?: Subnet
  readonly groups: readonly string[]
  /** tags of its network interface that are `true` */
  readonly tags: readonly string[]
  readonly granted: readonly string[]
}

export interface Scenario {
  readonly machines: readonly Machine[]
  /** groups that the provisioner makes */
  readonly groups: ReadonlyMap<string, SecurityGroup>
}

/** Which address of a presented network the server has; a second machine of the holder stands at another. */
export const SERVER = 4
const NEIGHBOUR = 9

/**
 * The machines of the lab: what the provisioner's own plan makes for the projects of the proof, a domain controller,
 * each database's server with a machine beside it, and a host on the Internet.
 */
export function scenario(
  config: Config,
  grants: Grants,
  resources: readonly TwinResource[],
  network: Network,
): Scenario {
  const published = (name: string) =>
    String(
      resources.find(
        ({ type, properties }) =>
          type === 'AWS::SSM::Parameter' && properties.Name === `/renkei/${config.environment}/${name}`,
      )?.properties.Value,
    )
  const subnets = network.vpcs.flatMap((vpc) => vpc.subnets)
  const subnetOf = (address: string) => subnets.find(({ cidr }) => contains(rangeOf(cidr), rangeOf(`${address}/32`)))!
  const groups = new Map<string, SecurityGroup>()
  const projects = grants.projects.flatMap((granted) => {
    const made = provisioned(granted.project, platformOf(config, granted.project.cell, published), grants.now)
    const own = (id: string) =>
      made.world.groups.some((group) => group.id === id) ? `${granted.project.projectId}/${id}` : id
    for (const { id, ingress, egress } of made.world.groups)
      groups.set(own(id), {
        id: own(id),
        rules: [
          ...ingress.map((rule) => readRule('ingress', rule, own)),
          ...egress.map((rule) => readRule('egress', rule, own)),
        ],
      })
    return [...desktops(granted, made, own, subnetOf), ...stores(granted, made.actions, own, subnetOf)]
  })
  const controllers = config.cells.map(({ id }): Machine => {
    const directory = resources.find(
      ({ id: name, type }) => type === 'AWS::DirectoryService::MicrosoftAD' && name.startsWith(`visiting-${id}/`),
    )!
    const subnet = subnets.find((each) => each.id === directory.properties.VpcSettings.SubnetIds[0])!
    // AWS's own group of the controllers is not in the templates; the subnet's ACL stands alone here.
    return {
      name: `controller-${id}`,
      who: { kind: 'controllers', cell: String(id) },
      subnet,
      address: addressAt(subnet.cidr, 10),
      groups: [],
      tags: [],
      granted: [],
    }
  })
  const databases = config.databases.flatMap((database): Machine[] =>
    [['db', SERVER] as const, ['near', NEIGHBOUR] as const].map(([prefix, host]) => ({
      name: `${prefix}-${database.id}`,
      who: { kind: 'database', id: database.id },
      address: addressAt(database.service.realCidr!, host),
      presented: addressAt(presentedCidr(config, database), host),
      groups: [],
      tags: [],
      granted: [],
    })),
  )
  return {
    groups,
    machines: [
      ...projects,
      ...controllers,
      ...databases,
      { name: 'outside', who: { kind: 'internet' }, address: '198.18.0.80', groups: [], tags: [], granted: [] },
    ],
  }
}

function platformOf(config: Config, cell: number, published: (name: string) => string): PublishedPlatform {
  const list = (name: string) => published(name).split(',')
  return {
    environment: config.environment,
    account: config.accounts.workload,
    region: config.region,
    bundleId: config.desktop.bundleId,
    rootVolumeGib: config.desktop.rootVolumeGib,
    userVolumeGib: config.desktop.userVolumeGib,
    databases: Object.fromEntries(
      config.databases.map(({ id }) => [
        id,
        { prefixListId: published(`link/${id}/prefix-list`), port: Number(published(`link/${id}/service-port`)) },
      ]),
    ),
    cell: {
      vpcId: published(`visiting/${cell}/vpc`),
      desktopSubnetIds: list(`visiting/${cell}/desktop-subnets`),
      storageSubnetIds: list(`visiting/${cell}/storage-subnets`),
      directoryId: published(`visiting/${cell}/directory`),
      membersGroupId: published(`visiting/${cell}/members-group`),
      quarantineGroupId: published(`visiting/${cell}/quarantine-group`),
    },
  }
}

function desktops(
  { project, desktops }: GrantedProject,
  { world, desired }: ReturnType<typeof provisioned>,
  own: (id: string) => string,
  subnetOf: (address: string) => Subnet,
): Machine[] {
  return desired.people.flatMap(({ personId, userName, access }, index): Machine[] => {
    const desktop = world.desktops.find((each) => each.userName === userName)
    const found = world.interfaces.find(({ address }) => address === desktop?.address)
    if (!found || access === 'removed') return []
    const address = desktops[personId]!
    return [
      {
        name: `${project.projectId.toLowerCase()}-${index + 1}`,
        who: { kind: 'desktop', project: project.projectId, access, cell: String(project.cell) },
        address,
        subnet: subnetOf(address),
        groups: found.groups.map(own),
        tags: Object.entries(found.tags)
          .filter(([, value]) => value === 'true')
          .map(([key]) => key),
        granted: access === 'granted' ? project.databases : [],
      },
    ]
  })
}

function stores(
  { project, stores }: GrantedProject,
  actions: readonly Action[],
  own: (id: string) => string,
  subnetOf: (address: string) => Subnet,
): Machine[] {
  const [target] = actions.filter((action) => action.type === 'CreateMountTarget')
  const address = stores.find((each) => subnetOf(each).id === target?.subnetId)
  if (!target || address === undefined) return []
  return [
    {
      name: `store-${project.projectId.toLowerCase()}`,
      who: { kind: 'store', project: project.projectId, cell: String(project.cell) },
      address,
      subnet: subnetOf(address),
      groups: [own(target.groupId)],
      tags: [],
      granted: [],
    },
  ]
}

function readRule(
  direction: GroupRule['direction'],
  { protocol, from, to, peer }: Rule,
  own: (id: string) => string,
): GroupRule {
  const [kind, ...rest] = peer.split('/')
  const value = rest.join('/')
  return {
    direction,
    protocol,
    peer: kind === 'cidr' ? { cidr: value } : kind === 'prefix-list' ? { prefixList: value } : { group: own(value) },
    ...(from >= 0 && { ports: [from, to] as const }),
  }
}
