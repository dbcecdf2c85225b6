import { accessOf } from '#domain/project/provisioning/desired.ts'
import { storeGroupName } from '#domain/project/provisioning/resource-names.ts'
import type { Project } from '#domain/project/state.ts'
import type { Config } from '#lib/kernel/config/load.ts'
import type { Party } from '../model/network.ts'
import type { LiveInterface } from './view.ts'

/**
 * Who an interface is, by its tags and groups, held to what the ledger says; one that it does not explain is a stray.
 */
export function partyNamer(
  { environment }: Config,
  projects: readonly Project[],
  now: string,
): (each: LiveInterface, cell: string) => Party {
  const accesses = new Map(
    projects.flatMap((project) =>
      [...accessOf(project, now)].map(([personId, access]) => [`${project.projectId} ${personId}`, access] as const),
    ),
  )
  const stores = new Map(projects.map(({ projectId }) => [storeGroupName(environment, projectId), projectId]))
  return ({ id, type, tags, groups, description }, cell) => {
    if (type === 'vpc_endpoint') return { kind: 'endpoint', id }
    const project = tags['renkei:project']
    const access = accesses.get(`${project} ${tags['renkei:person']}`)
    if (project !== undefined && access !== undefined && access !== 'removed')
      return { kind: 'desktop', project, access, cell }
    const store = groups.flatMap(({ name }) => stores.get(name) ?? [])[0]
    if (store !== undefined && description.startsWith('EFS mount target'))
      return { kind: 'store', project: store, cell }
    if (description.startsWith('AWS created network interface for directory')) return { kind: 'controllers', cell }
    if (description.startsWith('Route 53 Resolver')) return { kind: 'resolver', cell }
    return { kind: 'stray', subnet: id }
  }
}
