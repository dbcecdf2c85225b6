import { grantedTag, BLOCKED_TAG, userName, creationToken, desktopGroupName, keyAlias, storeGroupName } from '../../domain/provisioning/names.ts'
import type { Desired } from '../../domain/provisioning/desired.ts'
import { renderTemplate } from '../../domain/provisioning/render.ts'
import { addressAt } from './addresses.ts'
import type { Network, Subnet } from './network.ts'
import type { TwinResource, TwinTemplate } from './templates.ts'

/** A project of the lab. */
export interface LabProject {
  readonly id: string
  readonly databases: readonly string[]
  readonly persons: readonly string[]
  /** suspended: in quarantine, tagged as blocked */
  readonly suspended?: boolean
}

/** Who works on the platform while packets are counted: overlapping and disjoint grants, two persons, a suspended project. */
export const PROJECTS: readonly LabProject[] = [
  { id: 'p-0001', databases: ['NDB', 'DPC'], persons: ['sato', 'suzuki'] },
  { id: 'p-0002', databases: ['RWD1'], persons: ['tanaka'] },
  { id: 'p-0003', databases: ['NDB'], persons: ['ito'], suspended: true },
]

/** A machine that sends and answers. */
export interface Machine {
  /** also the name of its network namespace */
  readonly name: string
  readonly kind: 'desktop' | 'store' | 'directory' | 'database' | 'neighbour' | 'internet'
  readonly address: string
  /** in a VPC: its subnet and security groups; others stand in the holder's network or outside */
  readonly subnet?: Subnet
  readonly groups?: readonly string[]
  /** tags of its network interface */
  readonly tags?: readonly string[]
  readonly project?: LabProject
  /** of a machine behind a gateway: its database's stack */
  readonly link?: string
}

/** What the provisioner makes for the lab's projects, as templates beside the platform's. */
export function projectTemplates(resources: readonly TwinResource[], environment: string): Map<string, TwinTemplate> {
  return new Map(PROJECTS.map((project) => [project.id, renderTemplate(desired(project, resources, environment), NOW) as TwinTemplate]))
}

const NOW = '2026-11-22T00:00:00.000Z'

function desired(project: LabProject, resources: readonly TwinResource[], environment: string): Desired {
  const published = (name: string) => String(resources.find(({ type, properties }) => type === 'AWS::SSM::Parameter' && properties.Name === `/renkei/${environment}/${name}`)?.properties.Value)
  const list = (name: string) => published(name).split(',')
  const { id } = project
  return {
    projectId: id, wanted: true, named: [], approved: [], known: [], destroyed: [], missingDatabases: [],
    platform: {
      environment, account: '000000000000', region: 'ap-northeast-1', bundleId: 'wsb-renkeilab1', rootVolumeGib: 80, userVolumeGib: 100, databases: {},
      cell: {
        vpcId: published('visiting/1/vpc'), desktopSubnetIds: list('visiting/1/desktop-subnets'), storageSubnetIds: list('visiting/1/storage-subnets'), directoryId: published('visiting/1/directory'),
        membersGroupId: published('visiting/1/members-group'), quarantineGroupId: published('visiting/1/quarantine-group'),
      },
    },
    names: { keyAlias: keyAlias(environment, id), desktopGroup: desktopGroupName(environment, id), storeGroup: storeGroupName(environment, id), creationToken: creationToken(environment, id) },
    databases: project.databases.map((database) => ({ id: database, prefixListId: published(`link/${database}/prefix-list`), port: Number(published(`link/${database}/service-port`)) })),
    people: project.persons.map((personId) => ({ personId, userName: userName(id, personId), access: 'granted' as const, named: { desktop: false, user: false } })),
  }
}

/** Every machine of the lab: desktops and stores of the projects, a domain controller, the databases with a neighbour each, a host outside. */
export function machines(resources: readonly TwinResource[], network: Network, environment: string, real: (link: string) => string): Machine[] {
  const published = (name: string) => String(resources.find(({ type, properties }) => type === 'AWS::SSM::Parameter' && properties.Name === `/renkei/${environment}/${name}`)?.properties.Value)
  const subnets = network.vpcs.flatMap((vpc) => vpc.subnets)
  const subnet = (id: string) => subnets.find((each) => each.id === id)!
  const desktopSubnets = published('visiting/1/desktop-subnets').split(',')
  const directory = resources.find(({ type }) => type === 'AWS::DirectoryService::MicrosoftAD')!
  let host = 10
  const desktops = PROJECTS.flatMap((project) => project.persons.map((person, index): Machine => {
    const place = subnet(desktopSubnets[index % desktopSubnets.length]!)
    return {
      name: person, kind: 'desktop', project, subnet: place, address: addressAt(place.cidr, host++),
      groups: project.suspended ? [published('visiting/1/quarantine-group')] : [published('visiting/1/members-group'), `${project.id}/DesktopGroup`],
      tags: [...project.databases.map(grantedTag), ...(project.suspended ? [BLOCKED_TAG] : [])],
    }
  }))
  const stores = PROJECTS.filter(({ suspended }) => !suspended).map((project): Machine => {
    const target = resources.find(({ id }) => id === `${project.id}/MountTarget1`)!.properties
    const place = subnet(target.SubnetId)
    return { name: `store-${project.id}`, kind: 'store', project, subnet: place, address: addressAt(place.cidr, host++), groups: target.SecurityGroups }
  })
  const controllers = subnet(directory.properties.VpcSettings.SubnetIds[0])
  return [
    ...desktops,
    ...stores,
    // AWS's own group of the controllers is not in the templates; the subnet's ACL stands alone here, so the group is left open.
    { name: 'controller', kind: 'directory', subnet: controllers, address: addressAt(controllers.cidr, 10), groups: [] },
    ...network.connections.flatMap(({ stack }): Machine[] => [
      { name: stack.replace('link-', 'db-'), kind: 'database', link: stack, address: addressAt(real(stack), 4) },
      { name: stack.replace('link-', 'near-'), kind: 'neighbour', link: stack, address: addressAt(real(stack), 9) },
    ]),
    { name: 'outside', kind: 'internet', address: '198.18.0.80' },
  ]
}
