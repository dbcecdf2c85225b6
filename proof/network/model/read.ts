import { presentedCidr } from '#lib/kernel/config/addresses.ts'
import type { Config } from '#lib/kernel/config/load.ts'
import { parameterNames, parameterPath } from '#domain/kernel/parameter-names.ts'
import { RUNTIME_STACK } from '#checks/runtime.ts'
import type { Grants } from '../grants.ts'
import { ANSWERS, defaultGroup, madeGroups, madeInterfaces } from './aws-made.ts'
import { readFirewalls } from './firewall.ts'
import { readGroups, readPrefixLists } from './groups.ts'
import { Links, type NamedTemplate } from './links.ts'
import { readDns } from './dns.ts'
import { gapAt, type Gap, type Id, type Interface, type Network } from './network.ts'
import { readProvisioned } from './provisioned.ts'
import { tagSets, type TagSet } from './tag-sets.ts'
import { Resources } from './resources.ts'
import { readTransit } from './transit.ts'
import { readEndpoints, readVpcAttachments, readVpcs } from './vpc.ts'
import { wholeSubnet } from './whole-subnet.ts'
import { readVpn, type Peer } from './vpn.ts'
import { subtract } from '../intervals.ts'

/** The network that an assembly and a set of grants come to, and all that could not be understood of it. */
export interface Model {
  readonly network: Network
  readonly gaps: readonly Gap[]
  /** the firewall's sets that interfaces join by tags */
  readonly sets: readonly TagSet[]
  /** the templates it was read from */
  readonly stacks: readonly NamedTemplate[]
  /** the model's name of what a stack publishes */
  readonly published: (name: string) => string | undefined
}

/** Reads every template of an assembly together with what the provisioner makes for the granted projects. */
export function readModel(stacks: readonly NamedTemplate[], config: Config, grants: Grants): Model {
  // Stands for what the provisioner makes, which the model takes from `plan()` itself.
  const deployed = stacks.filter(({ name }) => name !== RUNTIME_STACK)
  const links = new Links(deployed, { account: config.accounts.workload, region: config.region }, ANSWERS)
  const resources = new Resources(deployed, links)
  const plane = readPlane(resources, config)
  const { subnets } = plane
  const cells = new Map(
    config.cells.map(({ id }) => [
      links.published(parameterPath(config.environment, parameterNames.cellVpcId(id))),
      String(id),
    ]),
  )
  const sets = tagSets(resources)
  const provisioned = readProvisioned(grants, { config, links, resources, subnets, sets })
  const planned = [
    ...madeInterfaces(resources, subnets, (vpc) => cells.get(vpc) ?? vpc),
    ...readEndpoints(resources, subnets),
    ...provisioned.interfaces,
  ]
  const network: Network = {
    reserved: [config.network.presentedBlock, ...config.cells.map(({ cidr }) => cidr), config.network.hubCidr],
    ...plane,
    groups: { ...madeGroups(resources), ...readGroups(resources), ...provisioned.groups },
    prefixLists: readPrefixLists(resources),
    interfaces: [...planned, ...strays(subnets, planned)],
    dns: readDns(resources),
  }
  return {
    network,
    sets,
    stacks: deployed,
    gaps: [...resources.gaps, ...dangling(network)],
    published(name) {
      const value = links.published(parameterPath(config.environment, name))
      return typeof value === 'string' ? value : undefined
    },
  }
}

/** Where packets can go: VPCs, the Transit Gateway with its connections, and the firewall. */
export type Plane = Pick<
  Network,
  'vpcs' | 'subnets' | 'routeTables' | 'acls' | 'attachments' | 'firewalls' | 'associations' | 'transitTables'
>

export function readPlane(resources: Resources, config: Config): Plane {
  const vpcs = readVpcs(resources)
  const { firewalls, attachments: firewallAttachments } = readFirewalls(resources)
  const attachments = {
    ...readVpcAttachments(resources),
    ...firewallAttachments,
    ...readVpn(resources, peersOf(config)),
  }
  return { ...vpcs, firewalls, attachments, ...readTransit(resources, attachments, vpcs.vpcs) }
}

/** Which database is behind which gateway: by the address that its holder gave. */
const peersOf = (config: Config): Map<string, Peer> =>
  new Map(
    config.databases.map((database) => [
      database.peer.address,
      { party: { kind: 'database', id: database.id }, home: presentedCidr(config, database) },
    ]),
  )

/**
 * Wherever the model puts nothing, something may be launched one day: at every free address of a subnet, in the default
 * group of its VPC. Not where AWS's machines may be at any address.
 */
export function strays(subnets: Network['subnets'], planned: readonly Interface[]): Interface[] {
  const bySubnet = Map.groupBy(planned, ({ subnet }) => subnet)
  return Object.entries(subnets).flatMap(([subnet, { cidr, vpc }]) => {
    let free = wholeSubnet(cidr)
    const taken = bySubnet.get(subnet) ?? []
    if (
      taken.some(({ party }) => party.kind === 'controllers' || party.kind === 'resolver' || party.kind === 'endpoint')
    )
      return []
    free = subtract(
      free,
      taken
        .flatMap(({ addresses }) => pairs(addresses))
        .toSorted((a, b) => a[0] - b[0])
        .flat(),
    )
    return free.length === 0
      ? []
      : [{ party: { kind: 'stray' as const, subnet }, subnet, addresses: free, groups: [defaultGroup(vpc)], sets: [] }]
  })
}

const pairs = (set: readonly number[]) =>
  Array.from({ length: set.length / 2 }, (_, at) => [set[2 * at]!, set[2 * at + 1]!] as const)

/** Names in groups and interfaces that mean nothing. */
export function dangling({ groups, prefixLists, interfaces }: Network): Gap[] {
  const lost = (path: string, id: Id): Gap =>
    gapAt(path, `${id} is nowhere in this assembly`, 'deploy what it names, or take it out')
  return [
    ...interfaces.flatMap((each) =>
      each.groups.filter((id) => !(id in groups)).map((id) => lost(`groups of ${JSON.stringify(each.party)}`, id)),
    ),
    ...Object.values(groups).flatMap(({ egress, ingress }) =>
      [...egress, ...ingress].flatMap(({ peer, rule }) => {
        if ('group' in peer) return peer.group in groups ? [] : [lost(rule, peer.group)]
        if ('prefixList' in peer) return peer.prefixList in prefixLists ? [] : [lost(rule, peer.prefixList)]
        return []
      }),
    ),
  ]
}
