import { accessOf } from '#domain/project/provisioning/desired.ts'
import type { Project } from '#domain/project/state.ts'
import { presentedCidr } from '#lib/kernel/config/addresses.ts'
import type { Config } from '#lib/kernel/config/load.ts'
import type { Grants } from './grants.ts'
import { nameOf, type Ports, type Party } from './model/network.ts'

/** One allowed flow: which party opens a connection to which. Answers follow from it; nothing else is allowed. */
export interface Flow {
  readonly from: Party
  readonly to: Party
  /** where at `to`, if that is a network; left out: at the machine's own addresses */
  readonly network?: string
  readonly protocol: 'tcp' | 'udp' | 'all'
  readonly ports: Ports
  /** where connections of `from` come from */
  readonly sourcePorts: Ports
  readonly reason: string
}

const ALL_PORTS: Ports = [0, 65_535]
/** Linux opens connections from these ports (`ip_local_port_range`, kernel default). */
const LINUX: Ports = [32_768, 60_999]
/** A Resolver endpoint opens them from these (Route 53 Resolver developer guide, outbound endpoints). */
const RESOLVER: Ports = [1024, 65_535]

/**
 * What a joined Linux desktop asks of the controllers (WorkSpaces administration guide, "IP address and port
 * requirements"), and no more: not 53, which would lead past the DNS firewall; not 123, time is link-local; not
 * 137-139, which Linux does not use.
 */
const DIRECTORY: readonly { readonly protocol: 'tcp' | 'udp'; readonly ports: Ports; readonly use: string }[] = [
  { protocol: 'tcp', ports: [88, 88], use: 'Kerberos' },
  { protocol: 'udp', ports: [88, 88], use: 'Kerberos' },
  { protocol: 'tcp', ports: [135, 135], use: 'RPC endpoint mapper' },
  { protocol: 'tcp', ports: [49_152, 65_535], use: 'RPC' },
  { protocol: 'tcp', ports: [389, 389], use: 'LDAP' },
  { protocol: 'udp', ports: [389, 389], use: 'LDAP ping' },
  { protocol: 'tcp', ports: [636, 636], use: 'LDAP over TLS' },
  { protocol: 'tcp', ports: [3268, 3269], use: 'global catalogue' },
  { protocol: 'tcp', ports: [445, 445], use: 'group policy' },
  { protocol: 'tcp', ports: [464, 464], use: 'password change' },
  { protocol: 'udp', ports: [464, 464], use: 'password change' },
]

/**
 * Everything that may reach anything, from the configuration and the grants alone. It looks at no template, no rule and
 * no helper that makes one; whether the templates say the same is what is proved.
 */
export const intendedFlows = (config: Config, grants: Grants): Flow[] => [
  ...config.cells.flatMap(({ id }) => directoryFlows(String(id))),
  ...grants.projects.flatMap(({ project }) => projectFlows(config, project, grants.now)),
]

/** What the directory of a cell and its Resolver endpoint ask of the controllers. */
function directoryFlows(cell: string): Flow[] {
  const controllers: Party = { kind: 'controllers', cell }
  const resolver: Party = { kind: 'resolver', cell }
  return [
    {
      from: controllers,
      to: controllers,
      protocol: 'all',
      ports: ALL_PORTS,
      sourcePorts: ALL_PORTS,
      reason: 'the two controllers of a directory replicate',
    },
    ...(['tcp', 'udp'] as const).map((protocol) => ({
      from: resolver,
      to: controllers,
      protocol,
      ports: [53, 53] as const,
      sourcePorts: RESOLVER,
      reason: "names of the directory's own domain",
    })),
  ]
}

function projectFlows(config: Config, project: Project, now: string): Flow[] {
  // Who has which access is the ledger's word (domain/), not the network's.
  const accesses = new Set(accessOf(project, now).values())
  const desktop = (access: 'granted' | 'idle'): Party => ({
    kind: 'desktop',
    project: project.projectId,
    access,
    cell: String(project.cell),
  })
  const signedIn = (['granted', 'idle'] as const).filter((access) => accesses.has(access))
  return [
    ...signedIn.flatMap((access) => signInFlows(desktop(access), String(project.cell))),
    ...(accesses.has('granted')
      ? [...databaseFlows(config, project, desktop('granted')), storeFlow(project, desktop('granted'))]
      : []),
  ]
}

const signInFlows = (from: Party, cell: string): Flow[] =>
  DIRECTORY.map(({ protocol, ports, use }) => ({
    from,
    to: { kind: 'controllers', cell },
    protocol,
    ports,
    sourcePorts: LINUX,
    reason: `sign-in and policy: ${use}`,
  }))

const databaseFlows = (config: Config, { projectId, databases }: Project, from: Party): Flow[] =>
  config.databases
    .filter(({ id }) => databases.includes(id))
    .map((database) => ({
      from,
      to: { kind: 'database', id: database.id },
      network: presentedCidr(config, database),
      protocol: 'tcp',
      ports: [database.service.port, database.service.port],
      sourcePorts: LINUX,
      reason: `${projectId} is granted ${database.id}`,
    }))

const storeFlow = ({ projectId, cell }: Project, from: Party): Flow => ({
  from,
  to: { kind: 'store', project: projectId, cell: String(cell) },
  protocol: 'tcp',
  ports: [2049, 2049],
  sourcePorts: LINUX,
  reason: "the project's own files",
})

/** The flows to each party, by its name. */
export type FlowsByParty = ReadonlyMap<string, readonly Flow[]>

/** The flows of each party to each, by their names. */
export function flowIndex(flows: readonly Flow[]): ReadonlyMap<string, FlowsByParty> {
  const index = new Map<string, Map<string, Flow[]>>()
  for (const flow of flows) {
    const from = nameOf(flow.from)
    const to = nameOf(flow.to)
    const row = index.get(from) ?? new Map<string, Flow[]>()
    index.set(from, row)
    row.set(to, [...(row.get(to) ?? []), flow])
  }
  return index
}
