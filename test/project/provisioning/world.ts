import { noProject } from '#domain/project/evolve.ts'
import type { NamedResource } from '#domain/project/events.ts'
import type { Project } from '#domain/project/state.ts'
import { desiredOf, type Desired, type PublishedPlatform } from '#domain/project/provisioning/desired.ts'

export const NOW = '2026-11-22T03:00:00.000Z'

export const platform: PublishedPlatform = {
  environment: 'demo',
  account: '000000000000',
  region: 'ap-northeast-1',
  bundleId: 'wsb-renkeilinux1',
  rootVolumeGib: 80,
  userVolumeGib: 100,
  cell: {
    vpcId: 'vpc-1',
    desktopSubnetIds: ['subnet-d1', 'subnet-d2'],
    storageSubnetIds: ['subnet-s1', 'subnet-s2'],
    directoryId: 'd-1234567890',
    membersGroupId: 'sg-members',
    quarantineGroupId: 'sg-quarantine',
  },
  databases: {
    NDB: { prefixListId: 'pl-ndb', port: 5432 },
    DPC: { prefixListId: 'pl-dpc', port: 5432 },
    RWD1: { prefixListId: 'pl-rwd', port: 5433 },
  },
}

/** An open project of some people and databases. */
export function openProject(change: Partial<Project> = {}, people: readonly string[] = ['taro', 'hanako']): Project {
  return {
    ...noProject,
    status: 'open',
    projectId: 'P-2026-0001',
    applicationId: 'A-2026-0001',
    databases: ['NDB', 'RWD1'],
    handlers: people.map((personId) => ({ personId, organisation: 'University' })),
    cell: 1,
    from: '2026-04-01',
    until: '2027-03-31',
    ...change,
  }
}

export const namesOf = (personId: string): readonly NamedResource[] => [
  { kind: 'desktop', personId },
  { kind: 'user', personId },
]

/** The same project once it has ended, everything named. */
export const ended = (project: Project): Project => ({
  ...project,
  status: 'ended',
  named: [
    ...project.named,
    ...project.handlers.flatMap(({ personId }) => namesOf(personId)),
    { kind: 'file-system' },
    { kind: 'security-group' },
    { kind: 'key' },
  ],
})

export const desired = (project: Project, now = NOW): Desired => desiredOf(project, platform, now)
