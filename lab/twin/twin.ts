import { presentedCidr } from '#lib/kernel/config/addresses.ts'
import type { Config } from '#lib/kernel/config/load.ts'
import type { Grants } from '#proof/network/grants.ts'
import { kitData } from '#lib/network/gateway-kits/kit.ts'
import { strongswanKit } from '#lib/network/gateway-kits/strongswan.ts'
import { zoneRange } from '#lib/network/address-plan.ts'
import { Agent } from '../sandbox/agent.ts'
import { initialise, startPostgres } from '../sandbox/postgres.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { addressAt } from './addresses.ts'
import { connectToRouter, groupRules, layOutVpc } from './cell.ts'
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
  readonly sandbox: Sandbox
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
export async function buildTwin(sandbox: Sandbox, input: TwinInput): Promise<Twin> {
  const resources = readTemplates(input.templates)
  const platform = readNetwork(resources)
  const { machines, groups } = scenario(input.config, input.grants, resources, platform)
  const network = { ...platform, groups: new Map([...platform.groups, ...groups]) }
  // A machine beside a database's server shares its namespace: what counts is the address.
  const hosts = machines.filter(({ name }) => !name.startsWith('near-'))
  await layOutNetwork(sandbox, network, machines, hosts)
  const applyGroups = (machine: Machine, present: boolean) =>
    present ? loadGroups(sandbox, network, machines, machine) : removeGroups(sandbox, machine)
  for (const machine of machines.filter((each) => each.subnet && each.groups.length > 0))
    await applyGroups(machine, true)
  await layOutFirewall(sandbox, network.firewall, (tag) =>
    machines.filter(({ tags }) => tags.includes(tag)).map(({ address }) => address),
  )
  const outside = machines.find(({ name }) => name === 'outside')!
  await connectToRouter(sandbox, {
    machine: outside.name,
    addresses: [outside.address],
    router: 'inet',
    link: 'outside',
  })
  const databases = await layOutDatabases(sandbox, network, input)
  const agents = new Map(
    await Promise.all(
      hosts.map(async ({ name }) => [name, await Agent.start(sandbox, name, TCP_PORTS, UDP_PORTS)] as const),
    ),
  )
  return { sandbox, network, machines, databases, agents, resources: resources.length, groups: applyGroups }
}

/** The namespaces, the Transit Gateway with what is attached to it, and the VPCs. */
async function layOutNetwork(
  sandbox: Sandbox,
  network: Network,
  machines: readonly Machine[],
  hosts: readonly Machine[],
): Promise<void> {
  const { connections, firewall, vpcs } = network
  const cells = vpcs.filter(({ attachment }) => attachment).map((vpc, index) => ({ vpc, name: `vpc-${index}` }))
  const links = connections.map(({ stack }) => linkNamespaces(stack))
  await sandbox.namespaces([
    ...cells.map(({ name }) => name),
    'tgw',
    'firewall',
    'inet',
    ...links.flatMap(({ connection, endpoints, gateway }) => [connection, ...endpoints, gateway]),
    ...hosts.map(({ name }) => name),
  ])
  await layOutGateway(sandbox, network, [
    ...cells.map(({ vpc, name }) => ({ attachment: vpc.attachment!.id, namespace: name })),
    { attachment: firewall.attachment, namespace: 'firewall' },
    ...connections.map(({ stack, attachment }) => ({ attachment, namespace: linkNamespaces(stack).connection })),
  ])
  for (const { vpc, name } of cells) await layOutVpc(sandbox, name, vpc, machines)
}

/** Loads a machine's security groups. */
async function loadGroups(
  sandbox: Sandbox,
  network: Network,
  machines: readonly Machine[],
  machine: Machine,
): Promise<void> {
  const own = machine.groups.map((id) => {
    const group = network.groups.get(id)
    if (!group) throw new Error(`${machine.name}: security group ${id} is in no template`)
    return group
  })
  const members = (group: string) =>
    machines.filter(({ groups }) => groups.includes(group)).map(({ address }) => address)
  await sandbox.nft(machine.name, groupRules(own, network, members))
}

async function removeGroups(sandbox: Sandbox, { name }: Machine): Promise<void> {
  await sandbox.run(['nft', 'delete', 'table', 'ip', 'sg'], { namespace: name })
}

/** The connections with their gateways, and a server behind each. */
async function layOutDatabases(
  sandbox: Sandbox,
  { connections, gateway }: Network,
  { config, holdSeconds }: TwinInput,
): Promise<ReadonlyMap<string, TwinDatabase>> {
  const visiting = config.cells.map((cell) => zoneRange(cell, 'desktops').cidr)
  const template = initialise(sandbox)
  const laidOut = connections.map(async (connection, index) => {
    const database = config.databases.find(({ id }) => `link-${id}` === connection.stack)!
    const { port } = database.service
    const real = database.service.realCidr!
    const presented = presentedCidr(config, database)
    const link = await layOutLink(sandbox, {
      connection,
      presented,
      real,
      visiting,
      awsAsn: gateway.asn,
      kit: strongswanKit(kitData(config, database)),
      index,
      holdSeconds,
    })
    await startPostgres(sandbox, {
      template: await template,
      namespace: `db-${database.id}`,
      address: addressAt(real, SERVER),
      port,
    })
    return [database.id, { address: addressAt(presented, SERVER), port, link }] as const
  })
  return new Map(await Promise.all(laidOut))
}
