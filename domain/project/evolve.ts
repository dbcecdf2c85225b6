import type { NamedResource, ProjectEvent, ProvisionedResource } from './events.ts'
import type { Project } from './state.ts'

/** Before `ProjectOpened`: nothing exists and nothing is named. */
export const noProject: Project = {
  status: 'absent',
  projectId: '',
  applicationId: '',
  databases: [],
  handlers: [],
  suspendedPersons: [],
  cell: 0,
  from: '',
  until: '',
  named: [],
  approvals: {},
  heldRemoval: undefined,
  exists: [],
  destroyed: [],
  askers: [],
  heldRemoves: [],
  seen: [],
  quarantined: [],
}

/**
 * What is true after an event. Total: any sequence of events gives a state, and only end events name anything for
 * destruction (C-11).
 */
export function evolve(project: Project, event: ProjectEvent): Project {
  switch (event.type) {
    case 'ProjectOpened': {
      const { type: _, ...opened } = event
      return { ...noProject, ...opened, status: 'open' }
    }
    case 'HandlerRemoved':
      return changed({
        ...project,
        handlers: project.handlers.filter(({ personId }) => personId !== event.personId),
        // Who was suspended stays so: having left, they may still be the contact person, who has a say.
        named: union(project.named, event.destroys, nameKey),
        askers: withAsker(project, event),
      })
    case 'ProjectSuspended':
      if (event.personId === undefined)
        return changed({ ...project, status: project.status === 'open' ? 'suspended' : project.status })
      return changed({ ...project, suspendedPersons: [...new Set([...project.suspendedPersons, event.personId])] })
    case 'ProjectResumed':
      if (event.personId === undefined)
        return changed({ ...project, status: project.status === 'suspended' ? 'open' : project.status })
      return changed({
        ...project,
        suspendedPersons: project.suspendedPersons.filter((personId) => personId !== event.personId),
      })
    case 'ProjectEnded':
      return changed({
        ...project,
        status: 'ended',
        named: union(project.named, event.destroys, nameKey),
        askers: withAsker(project, event),
      })
    case 'RemovalApproved': {
      const given = approvalsOf(project, event.digest)
      const approvals = given.some(({ approver }) => approver === event.approver)
        ? given
        : [...given, { approver: event.approver, organisation: event.organisation }]
      return changed({ ...project, approvals: { ...project.approvals, [event.digest]: approvals } })
    }
    case 'RemovalHeld':
      return changed({ ...project, heldRemoval: event.digest, heldRemoves: event.removes })
    case 'ProvisioningConverged':
      return closedIfDone({
        ...project,
        exists: event.exists,
        seen: union(project.seen ?? [], event.exists, resourceKey),
        heldRemoval: undefined,
        heldRemoves: [],
        convergedAt: event.at,
      })
    case 'ResourcesDestroyed': {
      const gone = new Set(event.destroyed.map(resourceKey))
      return closedIfDone({
        ...project,
        exists: project.exists.filter((resource) => !gone.has(resourceKey(resource))),
        destroyed: union(project.destroyed, event.destroyed, resourceKey),
      })
    }
    case 'UnknownResourceQuarantined':
      return { ...project, quarantined: union(project.quarantined ?? [], [event.resource], resourceKey) }
  }
}

export const resourceKey = ({ kind, id }: ProvisionedResource) => `${kind} ${id}`
export const nameKey = (name: NamedResource) => `${name.kind} ${'personId' in name ? name.personId : ''}`

/** Whether two lists name the same things, in whatever order. */
export function sameThings(a: readonly ProvisionedResource[], b: readonly ProvisionedResource[]): boolean {
  const keys = new Set(a.map(resourceKey))
  return a.length === b.length && b.every((resource) => keys.has(resourceKey(resource)))
}

/** Something else is desired now, so the last agreement no longer says anything. */
const changed = ({ convergedAt: _, ...project }: Project): Project => project

const withAsker = (
  { askers = [] }: Project,
  { askedBy, destroys }: { readonly askedBy?: string; readonly destroys: readonly NamedResource[] },
) => (askedBy === undefined ? askers : [...askers, { askedBy, destroys }])

function union<T>(known: readonly T[], added: readonly T[], key: (item: T) => string): readonly T[] {
  const keys = new Set(known.map(key))
  return [...known, ...added.filter((item) => !keys.has(key(item)) && keys.add(key(item)))]
}

/** Parts that come and go with a named thing. */
const partOf: Readonly<Record<ProvisionedResource['kind'], NamedResource['kind']>> = {
  desktop: 'desktop',
  interface: 'desktop',
  user: 'user',
  'file-system': 'file-system',
  'access-point': 'file-system',
  'mount-target': 'file-system',
  'security-group': 'security-group',
  key: 'key',
  alias: 'key',
}

/** Whether an end event's name covers a thing that exists: the thing itself, or a part of it (C-11). */
export function covers(name: NamedResource, resource: ProvisionedResource): boolean {
  if (name.kind !== partOf[resource.kind]) return false
  return !('personId' in name) || resource.personId === name.personId
}

/** Approvals of one removal; a digest that none was given for has none. */
export const approvalsOf = ({ approvals }: Project, digest: string) =>
  (Object.hasOwn(approvals, digest) ? approvals[digest] : undefined) ?? []

/**
 * An ended project is closed when each name of its end events has its evidence of destruction, or never came to exist,
 * and nothing that was ever seen remains (CON-3). What left no evidence counts as gone only after a pass, later than
 * the end, that found nothing at all.
 */
function closedIfDone(project: Project): Project {
  if (project.status !== 'ended') return project
  const { named, destroyed, exists, seen = [] } = project
  const nothingFound = project.convergedAt !== undefined && exists.length === 0
  const isThing = (resource: ProvisionedResource, name: NamedResource) =>
    resource.kind === name.kind && covers(name, resource)
  const gone = new Set(destroyed.map(resourceKey))
  const done = named.every(
    (name) =>
      destroyed.some((resource) => isThing(resource, name)) ||
      (nothingFound && !seen.some((resource) => isThing(resource, name))),
  )
  const nothingRemains =
    nothingFound ||
    seen.every((resource) => gone.has(resourceKey(resource)) || !named.some((name) => isThing(resource, name)))
  return done && nothingRemains ? { ...project, status: 'closed' } : project
}
