import { covers, resourceKey } from '../evolve.ts'
import type { ProvisionedResource } from '../events.ts'
import type { Desired } from './desired.ts'
import type { PlanBuilder } from './plan-builder.ts'
import type { Observed } from './observed.ts'

/** Everything of the project that AWS shows now; a key whose deletion is scheduled counts as gone. */
export function existing(desired: Desired, observed: Observed): readonly ProvisionedResource[] {
  const things: ProvisionedResource[] = []
  if (observed.keys.seen)
    things.push(
      ...observed.keys.value
        .filter(({ state }) => state !== 'PendingDeletion')
        .map(({ id }) => ({ kind: 'key' as const, id })),
    )
  if (observed.groups.seen)
    things.push(...observed.groups.value.map(({ id }) => ({ kind: 'security-group' as const, id })))
  if (observed.fileSystem.seen && observed.fileSystem.value !== undefined) {
    const { id, accessPoints, mountTargets } = observed.fileSystem.value
    things.push(
      { kind: 'file-system', id },
      ...accessPoints.map((point) => ({ kind: 'access-point' as const, id: point.id })),
      ...mountTargets.map((target) => ({ kind: 'mount-target' as const, id: target.id })),
    )
  }
  for (const { personId, userName } of desired.people) {
    const found = observed.people[personId]
    if (found?.user.seen === true && found.user.value !== undefined)
      things.push({ kind: 'user', id: userName, personId })
    if (found?.desktops.seen === true)
      things.push(...found.desktops.value.map(({ id }) => ({ kind: 'desktop' as const, id, personId })))
  }
  return things
}

/**
 * Evidence of destruction (VIS-6): what was known, is covered by a name of an end event, and has been absent for long
 * enough that no lagging view explains it. What is absent without having been named is no evidence; the plan makes it
 * again.
 */
export function evidence(desired: Desired, observed: Observed, builder: PlanBuilder): void {
  const things = existing(desired, observed)
  const there = new Set(things.map(resourceKey))
  const reported = new Set(desired.destroyed.map(resourceKey))
  const removing = Object.values(observed.notes).flatMap(({ resource }) => (resource === undefined ? [] : [resource]))
  const known = new Map([...desired.known, ...removing].map((resource) => [resourceKey(resource), resource]))
  for (const [key, resource] of known) {
    if (reported.has(key) || !desired.named.some((name) => covers(name, resource)) || !sectionSeen(resource, observed))
      continue
    const gone = builder.lasting(key, !there.has(key))
    // One of several is no evidence for the name: a project must not be closed on the first of two keys.
    if (gone && !things.some(({ kind, personId }) => kind === resource.kind && personId === resource.personId))
      builder.destroyed.push(resource)
  }
  for (const key of reported) {
    for (const name of [`absent ${key}`, `removing ${key}`]) {
      if (name in observed.notes) builder.add({ type: 'ForgetNote', name }, name)
    }
  }
}

function sectionSeen({ kind, personId }: ProvisionedResource, { keys, groups, fileSystem, people }: Observed): boolean {
  const person = personId === undefined ? undefined : people[personId]
  switch (kind) {
    case 'key':
    case 'alias':
      return keys.seen
    case 'security-group':
      return groups.seen
    case 'file-system':
    case 'access-point':
    case 'mount-target':
      return fileSystem.seen
    case 'user':
      return person?.user.seen === true
    case 'desktop':
    case 'interface':
      return person?.desktops.seen === true
  }
}
