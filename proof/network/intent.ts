import { desiredOf } from '#domain/project/provisioning/desired.ts'
import { presentedCidr } from '#lib/kernel/config/addresses.ts'
import type { Config } from '#lib/kernel/config/load.ts'
import type { Grants } from './grants.ts'
import { nameOf, type Ports, type Who } from './model/network.ts'

/** One allowed flow: who opens a connection to whom. Answers follow from it; nothing else is allowed. */
export interface Flow {
  readonly from: Who
  readonly to: Who
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
 * What a joined Linux desktop asks of the controllers (WorkSpaces administration guide, "IP address and port requirements"), and no more:
 * not 53, which would lead past the DNS firewall; not 123, time is link-local; not 137-139, which Linux does not use.
 */
const DIRECTORY: readonly (readonly [protocol: 'tcp' | 'udp', first: number, last: number, use: string])[] = [
  ['tcp', 88, 88, 'Kerberos'],
  ['udp', 88, 88, 'Kerberos'],
  ['tcp', 135, 135, 'RPC endpoint mapper'],
  ['tcp', 49_152, 65_535, 'RPC'],
  ['tcp', 389, 389, 'LDAP'],
  ['udp', 389, 389, 'LDAP ping'],
  ['tcp', 636, 636, 'LDAP over TLS'],
  ['tcp', 3268, 3269, 'global catalogue'],
  ['tcp', 445, 445, 'group policy'],
  ['tcp', 464, 464, 'password change'],
  ['udp', 464, 464, 'password change'],
]

/**
 * Everything that may reach anything, from the configuration and the grants alone. It looks at no template, no rule and no helper that makes
 * one; whether the templates say the same is what is proved.
 */
export function intendedFlows(config: Config, grants: Grants): Flow[] {
  const cells = config.cells.flatMap(({ id }): Flow[] => {
    const [controllers, resolver] = (['controllers', 'resolver'] as const).map((kind): Who => ({
      kind,
      cell: String(id),
    })) as [Who, Who]
    return [
      {
        from: controllers,
        to: controllers,
        protocol: 'all',
        ports: ALL_PORTS,
        sourcePorts: ALL_PORTS,
        reason: 'the two controllers of a directory replicate',
      },
      ...(['tcp', 'udp'] as const).map((protocol): Flow => ({
        from: resolver,
        to: controllers,
        protocol,
        ports: [53, 53],
        sourcePorts: RESOLVER,
        reason: "names of the directory's own domain",
      })),
    ]
  })
  return [...cells, ...grants.projects.flatMap((granted) => projectFlows(config, granted.project, grants.now))]
}

function projectFlows(config: Config, project: Grants['projects'][number]['project'], now: string): Flow[] {
  const cell = String(project.cell)
  const { projectId } = project
  // Who has which access is the ledger's word (domain/), not the network's.
  const accesses = new Set(desiredOf(project, NO_PLATFORM, now).people.map(({ access }) => access))
  const desktop = (access: 'granted' | 'idle'): Who => ({ kind: 'desktop', project: projectId, access, cell })
  const admitted = (['granted', 'idle'] as const).filter((access) => accesses.has(access))
  return [
    ...admitted.flatMap((access) =>
      DIRECTORY.map(([protocol, first, last, use]): Flow => ({
        from: desktop(access),
        to: { kind: 'controllers', cell },
        protocol,
        ports: [first, last],
        sourcePorts: LINUX,
        reason: `sign-in and policy: ${use}`,
      })),
    ),
    ...(accesses.has('granted')
      ? [
          ...config.databases
            .filter(({ id }) => project.databases.includes(id))
            .map((database): Flow => ({
              from: desktop('granted'),
              to: { kind: 'database', id: database.id },
              network: presentedCidr(config, database),
              protocol: 'tcp',
              ports: [database.service.port, database.service.port],
              sourcePorts: LINUX,
              reason: `${projectId} is granted ${database.id}`,
            })),
          {
            from: desktop('granted'),
            to: { kind: 'store', project: projectId, cell },
            protocol: 'tcp',
            ports: [2049, 2049],
            sourcePorts: LINUX,
            reason: "the project's own files",
          } satisfies Flow,
        ]
      : []),
  ]
}

/** Access does not depend on the platform; the function that derives it asks for one. */
export const NO_PLATFORM = {
  environment: 'intent',
  account: '',
  region: '',
  bundleId: '',
  rootVolumeGib: 0,
  userVolumeGib: 0,
  databases: {},
  cell: {
    vpcId: '',
    desktopSubnetIds: [],
    storageSubnetIds: [],
    directoryId: '',
    membersGroupId: '',
    quarantineGroupId: '',
  },
} as const

/** The flows of one party to another, by their names. */
export function flowIndex(flows: readonly Flow[]): ReadonlyMap<string, ReadonlyMap<string, readonly Flow[]>> {
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
