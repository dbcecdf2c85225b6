import type { Instant } from '#domain/kernel/decider.ts'
import type { NamedResource, ProvisionedResource } from '../events.ts'
import { usable } from '../deadlines.ts'
import type { Project } from '../state.ts'
import { creationToken, desktopGroupName, keyAlias, storeGroupName, userName } from './resource-names.ts'

/** How desktops reach one database: the list of its presented addresses, and its one TCP port. */
export interface DatabaseFacts {
  readonly prefixListId: string
  readonly port: number
}

/** The cell a project lives in, as its stack published it. */
interface CellFacts {
  readonly vpcId: string
  readonly desktopSubnetIds: readonly string[]
  /** one mount target in each */
  readonly storageSubnetIds: readonly string[]
  readonly directoryId: string
  /** `<directory id>_workspacesMembers`: stays on every desktop and carries the directory's ports only */
  readonly membersGroupId: string
  /** lets nothing in and nothing out: the only group of a suspended desktop */
  readonly quarantineGroupId: string
}

/** What the platform offers a project. */
export interface PlatformFacts {
  readonly environment: string
  readonly account: string
  readonly region: string
  readonly cell: CellFacts
  readonly bundleId: string
  readonly rootVolumeGib: number
  readonly userVolumeGib: number
  /** by database id; a database whose link is not there yet is absent */
  readonly databases: Readonly<Record<string, DatabaseFacts>>
}

/**
 * - `granted`: their desktop reaches the project's databases;
 * - `idle`: outside the period of use, a desktop that reaches nothing (C-2);
 * - `fenced`: suspended, or ended without being named: reaches nothing, is stopped, its user disabled (VIS-7);
 * - `removed`: fenced, and what an end event named of them is destroyed.
 */
type Access = 'granted' | 'idle' | 'fenced' | 'removed'

export interface DesiredPerson {
  readonly personId: string
  readonly userName: string
  readonly access: Access
  /** an end event named their desktop, their user */
  readonly named: { readonly desktop: boolean; readonly user: boolean }
}

interface DesiredDatabase extends DatabaseFacts {
  readonly id: string
}

/** Everything that should be true in AWS for one project, and all that may be removed. */
export interface Desired {
  readonly projectId: string
  readonly platform: PlatformFacts
  /** false once the project ended: nothing more is made */
  readonly wanted: boolean
  readonly names: {
    readonly keyAlias: string
    readonly desktopGroup: string
    readonly storeGroup: string
    readonly creationToken: string
  }
  readonly databases: readonly DesiredDatabase[]
  /** databases of the grant whose link is not deployed */
  readonly missingDatabases: readonly string[]
  readonly people: readonly DesiredPerson[]
  readonly named: readonly NamedResource[]
  /** digests of removals that two different persons approved (C-11) */
  readonly approved: readonly string[]
  /** every resource the ledger was ever told exists */
  readonly known: readonly ProvisionedResource[]
  readonly destroyed: readonly ProvisionedResource[]
}

/** Approvals a held removal needs, each of another person (C-11). */
const APPROVALS = 2

/** What a project should have at `now`. Access is derived from the grant, never given by hand (CON-2). */
export function desiredOf(project: Project, platform: PlatformFacts, now: Instant): Desired {
  const { environment } = platform
  const { projectId, named } = project
  const wanted = project.status === 'open' || project.status === 'suspended'
  const handlers = new Set(project.handlers.map(({ personId }) => personId))
  const persons = [
    ...new Set([...handlers, ...personsOf(named), ...personsOf(project.exists), ...personsOf(project.seen ?? [])]),
  ].sort()
  const names = (kind: NamedResource['kind'], personId: string) =>
    named.some((name) => name.kind === kind && 'personId' in name && name.personId === personId)
  const access = (personId: string): Access => {
    if (names('desktop', personId) || names('user', personId)) return 'removed'
    if (
      !wanted ||
      !handlers.has(personId) ||
      project.status === 'suspended' ||
      project.suspendedPersons.includes(personId)
    )
      return 'fenced'
    return usable(project, now) ? 'granted' : 'idle'
  }
  return {
    projectId,
    platform,
    wanted,
    names: {
      keyAlias: keyAlias(environment, projectId),
      desktopGroup: desktopGroupName(environment, projectId),
      storeGroup: storeGroupName(environment, projectId),
      creationToken: creationToken(environment, projectId),
    },
    databases: project.databases.flatMap((id) => {
      const facts = platform.databases[id]
      return facts === undefined ? [] : [{ id, ...facts }]
    }),
    missingDatabases: project.databases.filter((id) => platform.databases[id] === undefined),
    people: persons.map((personId) => ({
      personId,
      userName: userName(projectId, personId),
      access: access(personId),
      named: { desktop: names('desktop', personId), user: names('user', personId) },
    })),
    named,
    approved: Object.entries(project.approvals)
      .filter(([, given]) => new Set(given.map(({ approver }) => approver)).size >= APPROVALS)
      .map(([digest]) => digest),
    known: [...project.exists, ...(project.seen ?? [])],
    destroyed: project.destroyed,
  }
}

const personsOf = (things: readonly { readonly kind: string; readonly personId?: string }[]) =>
  things.flatMap(({ personId }) => (personId === undefined ? [] : [personId]))
