import type { Entity } from '../ledger/aggregate.ts'
import { organisations, persons, uid } from '../people/entities.ts'
import type { Project } from './state.ts'

/** A project before Cedar. */
export function projectEntity(id: string, project: Project): Entity {
  const handlers = project.handlers.map(({ personId }) => personId)
  const side = project.applicant?.persons ?? []
  return {
    uid: uid('Project', id),
    attrs: {
      applicantSide: persons(side),
      handlers: persons(handlers),
      suspended: project.status === 'suspended',
      suspendedPersons: persons(project.suspendedPersons),
      databases: [...project.databases],
      interestedPersons: persons([...side, ...handlers]),
      interestedOrganisations: organisations([
        ...(project.applicant ? [project.applicant.organisation] : []),
        ...project.handlers.map(({ organisation }) => organisation),
      ]),
    },
    parents: [],
  }
}
