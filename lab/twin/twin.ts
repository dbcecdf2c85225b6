import { presentedCidr } from '#lib/kernel/config/addresses.ts'
import type { Config } from '#lib/kernel/config/load.ts'
import type { Grants } from '#proof/network/grants.ts'
import { kitData } from '#lib/network/gateway-kits/kit.ts'
import { strongswanKit } from '#lib/network/gateway-kits/strongswan.ts'
import { zoneRange } from '#lib/network/address-plan.ts'
import { Agent } from '../world/agent.ts'
import { initialise, startPostgres } from '../world/postgres.ts'
import type { World } from '../world/world.ts'
import { addressAt } from './addresses.ts'
import { groupRules, layOutVpc, plug } from './cell.ts'
import { layOutFirewall, layOutGateway } from './hub.ts'
import { layOutLink, linkNamespaces, type Link } from './link.ts'
import { readNetwork, type Network } from './network.ts'
import { scenario, SERVER, type Machine } from './scenario.ts'
import { readTemplates, type TwinTemplate } from './templates.ts'

/**
 * Ports that every machine of the lab answers on: services of the platform, of databases, and what an attacker tries
 * first.
 */
export const TCP_PORTS = [22, 53, 88, 389, 443, 445, 1433, 2049, 3389, 5432, 5433, 8443] as const
export const UDP_PORTS = [53, 389, 500, 4500] as const

export interface TwinInput {
  readonly config: Config
  /** the platform's templates by stack name */
  readonly templates: ReadonlyMap<string, TwinTemplate>
  readonly grants: Grants
  /** BGP hold time: 30 as AWS has it, 3 in a hurry */
  readonly holdSeconds: number
}

interface TwinDatabase {
  /** where desktops reach the server */
  readonly address: string
  readonly port: number
  readonly link: Link
}

/** The whole platform in network namespaces. */
export interface Twin {
  readonly world: World
  readonly network: Network
  readonly machines: readonly Machine[]
  readonly databases: ReadonlyMap<string, TwinDatabase>
  readonly agents: ReadonlyMap<string, Agent>
  /** resources of the templates that were read */
  readonly resources: number
  /** loads a machine's security groups; `false` takes them away */
  groups(machine: Machine, present: boolean): Promise<void>
}

/** Builds the twin from the synthesized templates and the gateway kits. */
export async function buildTwin(world: World, { config, templates, grants, holdSeconds }: TwinInput): Promise<Twin> {
  const resources = readTemplates(templates)
  const platform = readNetwork(resources)
  const { machines, groups } = scenario(config, grants, resources, platform)
  const network = { ...platform, groups: new Map([...platform.groups, ...groups]) }
  const cells = network.vpcs.filter(({ attachment }) => attachment).map((vpc, index) => ({ vpc, name: `vpc-${index}` }))
  // A machine beside a database's server shares its namespace: what counts is the address.
  const hosts = machines.filter(({ name }) => !name.startsWith('near-'))
  const links = network.connections.map(({ stack }) => linkNamespaces(stack))
  await world.namespaces([
    ...cells.map(({ name }) => name),
    'tgw',
    'firewall',
    'inet',
    ...links.flatMap(({ connection, endpoints, gateway }) => [connection, ...endpoints, gateway]),
    ...hosts.map(({ name }) => name),
  ])

  await layOutGateway(world, network, [
    ...cells.map(({ vpc, name }) => ({ attachment: vpc.attachment!.id, namespace: name })),
    { attachment: network.firewall.attachment, namespace: 'firewall' },
    ...network.connections.map(({ stack, attachment }) => ({
      attachment,
      namespace: linkNamespaces(stack).connection,
    })),
  ])
  for (const { vpc, name } of cells) await layOutVpc(world, name, vpc, machines)
  const members = (group: string) =>
    machines.filter((machine) => machine.groups.includes(group)).map(({ address }) => address)
  const loadGroups = async (machine: Machine, present: boolean) => {
    if (!present) return void (await world.run(['nft', 'delete', 'table', 'ip', 'sg'], { namespace: machine.name }))
    const own = machine.groups.map((id) => {
      const group = network.groups.get(id)
      if (!group) throw new Error(`${machine.name}: security group ${id} is in no template`)
      return group
    })
    await world.nft(machine.name, groupRules(own, network, members))
  }
  for (const machine of machines.filter((each) => each.subnet && each.groups.length > 0))
    await loadGroups(machine, true)
  await layOutFirewall(world, network.firewall, (tag) =>
    machines.filter(({ tags }) => tags.includes(tag)).map(({ address }) => address),
  )
  await plug(world, 'outside', [machines.find(({ name }) => name === 'outside')!.address], 'inet', 'outside')

  const visiting = config.cells.map((cell) => zoneRange(cell, 'desktops').cidr)
  const template = initialise(world)
  const databases = new Map(
    await Promise.all(
      network.connections.map(async (connection, index) => {
        const database = config.databases.find(({ id }) => `link-${id}` === connection.stack)!
        const real = database.service.realCidr!
        const presented = presentedCidr(config, database)
        const { port } = database.service
        const link = await layOutLink(world, {
          connection,
          presented,
          real,
          visiting,
          awsAsn: network.gateway.asn,
          kit: strongswanKit(kitData(config, database)),
          index,
          holdSeconds,
        })
        await startPostgres(world, {
          template: await template,
          namespace: `db-${database.id}`,
          address: addressAt(real, SERVER),
          port,
        })
        return [database.id, { address: addressAt(presented, SERVER), port, link }] as const
      }),
    ),
  )
  const agents = new Map(
    await Promise.all(
      hosts.map(async ({ name }) => [name, await Agent.start(world, name, TCP_PORTS, UDP_PORTS)] as const),
    ),
  )
  return { world, network, machines, databases, agents, resources: resources.length, groups: loadGroups }
}
