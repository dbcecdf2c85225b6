import type { Config } from '../../lib/config/load.ts'
import { presentedCidr } from '../../lib/config/addresses.ts'
import { gatewayFacts } from '../../lib/kits/kit.ts'
import { strongswanKit } from '../../lib/kits/strongswan.ts'
import { zoneRange } from '../../lib/visiting/address-plan.ts'
import { Agent } from '../world/agent.ts'
import { initialise, startPostgres } from '../world/postgres.ts'
import type { World } from '../world/world.ts'
import { addressAt } from './addresses.ts'
import { groupRules, layOutVpc, plug } from './cell.ts'
import { layOutFirewall, layOutGateway } from './hub.ts'
import { layOutLink, linkNamespaces, type Link } from './link.ts'
import { readNetwork, type Network } from './network.ts'
import { machines, projectTemplates, type Machine } from './scenario.ts'
import { readTemplates, type TwinTemplate } from './templates.ts'

/** Ports that every machine of the lab answers on. */
export const TCP_PORTS = [22, 53, 88, 389, 443, 445, 1433, 2049, 3389, 5432, 5433, 8443] as const
export const UDP_PORTS = [53, 389, 500, 4500] as const

export interface TwinInput {
  readonly config: Config
  /** the platform's templates by stack name */
  readonly templates: ReadonlyMap<string, TwinTemplate>
  readonly holdSeconds: number
}

/** The whole platform in network namespaces. */
export interface Twin {
  readonly world: World
  readonly network: Network
  readonly machines: readonly Machine[]
  readonly links: readonly Link[]
  readonly agents: ReadonlyMap<string, Agent>
  /** puts a machine's interface into a tagged set of the firewall, or takes it out */
  readonly databases: ReadonlyMap<string, { readonly presented: string, readonly port: number, readonly real: string }>
}

/** Builds the twin from the synthesized templates and the gateway kits. */
export async function buildTwin(world: World, { config, templates, holdSeconds }: TwinInput, say: (line: string) => void): Promise<Twin> {
  const platform = readTemplates(templates)
  const resources = readTemplates(new Map([...templates, ...projectTemplates(platform, config.environment)]))
  const network = readNetwork(resources)
  const databases = new Map(config.databases.map((database) => [database.id, { presented: presentedCidr(config, database), port: database.service.port, real: database.service.realCidr! }]))
  const all = machines(resources, network, config.environment, (link) => databases.get(link.replace('link-', ''))!.real)
  const links = network.connections.map(({ stack }) => linkNamespaces(stack))
  const cells = network.vpcs.filter(({ attachment }) => attachment).map((vpc, index) => ({ vpc, name: `cell${index}` }))
  const hosts = all.filter(({ kind }) => kind !== 'neighbour')
  await world.namespaces([...cells.map(({ name }) => name), 'tgw', 'firewall', 'inet', ...links.flatMap(({ connection, endpoints, gateway }) => [connection, ...endpoints, gateway]), ...hosts.map(({ name }) => name)])
  say(`${platform.length} resources of ${templates.size} templates, ${hosts.length} machines`)

  await plug(world, 'outside', ['198.18.0.80'], 'inet', 'outside')
  await layOutGateway(world, network, [
    ...cells.map(({ vpc, name }) => ({ attachment: vpc.attachment!.id, namespace: name })),
    { attachment: network.firewall.attachment, namespace: 'firewall' },
    ...network.connections.map(({ stack, attachment }) => ({ attachment, namespace: linkNamespaces(stack).connection })),
  ])
  for (const { vpc, name } of cells) await layOutVpc(world, name, vpc, all)
  const members = (group: string) => all.filter((machine) => machine.groups?.includes(group)).map(({ address }) => address)
  for (const machine of all.filter(({ subnet, groups }) => subnet && groups!.length > 0)) {
    const groups = machine.groups!.map((id) => network.groups.get(id) ?? missing(id))
    await world.nft(machine.name, groupRules(groups, network, members))
  }
  await layOutFirewall(world, network.firewall, (tag) => all.filter((machine) => machine.tags?.includes(tag)).map(({ address }) => address))

  const visiting = config.cells.map((cell) => zoneRange(cell, 'desktops').cidr)
  const template = initialise(world)
  const laid = await Promise.all(network.connections.map(async (connection, index) => {
    const id = connection.stack.replace('link-', '')
    const { presented, real } = databases.get(id)!
    const database = config.databases.find((each) => each.id === id)!
    return layOutLink(world, { connection, presented, real, visiting, awsAsn: network.gateway.asn, kit: strongswanKit(gatewayFacts(config, database)), index, holdSeconds })
  }))
  await Promise.all(laid.map(async ({ name }) => {
    const { real, port } = databases.get(name)!
    await startPostgres(world, { template: await template, namespace: `db-${name}`, address: addressAt(real, 4), port })
  }))
  const agents = new Map(await Promise.all(hosts.map(async ({ name }) => [name, await Agent.start(world, name, TCP_PORTS, UDP_PORTS)] as const)))
  return { world, network, machines: all, links: laid, agents, databases }
}

function missing(id: string): never {
  throw new Error(`security group ${id} is in no template`)
}
