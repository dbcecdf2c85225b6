import type { Instant } from '#domain/kernel/decider.ts'
import { APPROVALS_NEEDED } from '../approvals.ts'
import type { NamedResource, ProvisionedResource } from '../events.ts'
import { usable } from '../deadlines.ts'
import { resourceKey } from '../evolve.ts'
import type { Project } from '../state.ts'
import { creationToken, desktopGroupName, keyAlias, storeGroupName, userName } from './resource-names.ts'

/** How desktops reach one database: the list of its presented addresses, and its one TCP port. */
export interface PublishedLink {
  readonly prefixListId: string
  readonly port: number
}

/** The cell a project lives in, as its stack published it. */
interface PublishedCell {
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
export interface PublishedPlatform {
  readonly environment: string
  readonly account: string
  readonly region: string
  readonly cell: PublishedCell
  readonly bundleId: string
  readonly rootVolumeGib: number
  readonly userVolumeGib: number
  /** by database id; a database whose link is not there yet is absent */
  readonly databases: Readonly<Record<string, PublishedLink>>
}

/**
 * - `granted`: their desktop reaches the project's databases;
 * - `idle`: outside the period of use, a desktop that reaches nothing (C-2);
 * - `shut-off`: suspended, or ended without being named: reaches nothing, is stopped, its user disabled (VIS-7);
 * - `removed`: shut off, and what an end event named of them is destroyed.
 */
export type Access = 'granted' | 'idle' | 'shut-off' | 'removed'

export interface DesiredPerson {
  readonly personId: string
  readonly userName: string
  readonly access: Access
  /** an end event named their desktop, their user */
  readonly named: { readonly desktop: boolean; readonly user: boolean }
}

interface DesiredDatabase extends PublishedLink {
  readonly id: string
}

/** Everything that should be true in AWS for one project, and all that may be removed. */
export interface Desired {
  readonly projectId: string
  readonly platform: PublishedPlatform
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
  /** everybody of whom something is wanted, or may be left */
  readonly people: readonly DesiredPerson[]
  readonly named: readonly NamedResource[]
  /** digests of removals that two different persons approved (C-11) */
  readonly approved: readonly string[]
  /** every resource the ledger was ever told exists */
  readonly known: readonly ProvisionedResource[]
  readonly destroyed: readonly ProvisionedResource[]
}

/**
 * The access at `now` of everybody the project ever had, by person. It is derived from the grant, never given by hand
 * (CON-2), and depends on nothing but the ledger.
 */
export function accessOf(project: Project, now: Instant): ReadonlyMap<string, Access> {
  const { named } = project
  const handlers = new Set(project.handlers.map(({ personId }) => personId))
  const persons = new Set([
    ...handlers,
    ...personsOf(named),
    ...personsOf(project.exists),
    ...personsOf(project.seen ?? []),
  ])
  const access = (personId: string): Access => {
    if (isNamed(named, 'desktop', personId) || isNamed(named, 'user', personId)) return 'removed'
    if (project.status !== 'open' || !handlers.has(personId) || project.suspendedPersons.includes(personId))
      return 'shut-off'
    return usable(project, now) ? 'granted' : 'idle'
  }
  return new Map([...persons].sort().map((personId) => [personId, access(personId)]))
}

/** What a project should have at `now`. */
export function desiredOf(project: Project, platform: PublishedPlatform, now: Instant): Desired {
  const { environment } = platform
  const { projectId, named } = project
  return {
    projectId,
    platform,
    wanted: project.status === 'open' || project.status === 'suspended',
    names: {
      keyAlias: keyAlias(environment, projectId),
      desktopGroup: desktopGroupName(environment, projectId),
      storeGroup: storeGroupName(environment, projectId),
      creationToken: creationToken(environment, projectId),
    },
    databases: project.databases.flatMap((id) => {
      const link = platform.databases[id]
      return link === undefined ? [] : [{ id, ...link }]
    }),
    missingDatabases: project.databases.filter((id) => platform.databases[id] === undefined),
    people: [...accessOf(project, now)]
      .filter(([personId]) => !isGone(project, personId))
      .map(([personId, access]) => ({
        personId,
        userName: userName(projectId, personId),
        access,
        named: { desktop: isNamed(named, 'desktop', personId), user: isNamed(named, 'user', personId) },
      })),
    named,
    approved: Object.entries(project.approvals)
      .filter(([, given]) => new Set(given.map(({ approver }) => approver)).size >= APPROVALS_NEEDED)
      .map(([digest]) => digest),
    known: [...project.exists, ...(project.seen ?? [])],
    destroyed: project.destroyed,
  }
}

const isNamed = (named: readonly NamedResource[], kind: NamedResource['kind'], personId: string) =>
  named.some((name) => name.kind === kind && 'personId' in name && name.personId === personId)

/**
 * Whether there is nothing more to look for: an end event named desktop and user, and the ledger has evidence that
 * both, and all else it was ever told of theirs, are destroyed. The user goes last, once no desktop was to be seen for
 * long enough.
 */
function isGone({ named, exists, seen = [], destroyed }: Project, personId: string): boolean {
  const destroyedOfTheirs = destroyed.filter((resource) => resource.personId === personId)
  const gone = new Set(destroyedOfTheirs.map(resourceKey))
  return (
    (['desktop', 'user'] as const).every(
      (kind) => isNamed(named, kind, personId) && destroyedOfTheirs.some((resource) => resource.kind === kind),
    ) && [...exists, ...seen].every((resource) => resource.personId !== personId || gone.has(resourceKey(resource)))
  )
}

const personsOf = (things: readonly { readonly kind: string; readonly personId?: string }[]) =>
  things.flatMap(({ personId }) => (personId === undefined ? [] : [personId]))
