import { interests } from '../application/conflicts.ts'
import { databasesOf, type Application } from '../application/state.ts'
import { isMachine, type Actor } from '../kernel/decider.ts'
import { organisationKey } from '../kernel/organisation.ts'
import type { Project } from '../project/state.ts'
import { factorKinds } from './factors.ts'

/** An entity's type and id, as Cedar's JSON writes it. */
export interface EntityUid {
  readonly type: string
  readonly id: string
}

export type AttributeValue = boolean | string | number | { __entity: EntityUid } | AttributeValue[]

/** Cedar's JSON form of an entity; assignable to `EntityJson` of `@cedar-policy/cedar-wasm`. */
export interface Entity {
  uid: EntityUid
  attrs: Record<string, AttributeValue>
  parents: EntityUid[]
}

const uid = (type: string, id: string): EntityUid => ({ type: `Renkei::${type}`, id })
const persons = (ids: readonly string[]): AttributeValue[] =>
  [...new Set(ids)].map((id) => ({ __entity: uid('Person', id) }))
/** A person as a value of a request's context. */
export const personValue = (id: string): AttributeValue => ({ __entity: uid('Person', id) })
const organisations = (names: readonly string[]): AttributeValue[] => [...new Set(names.map(organisationKey))]

/** The actor as principal: a machine only where role and id both say so; whoever else claims `system` is a person without that role. */
export function principalOf(actor: Actor): Entity {
  if (isMachine(actor)) return { uid: uid('Machine', actor.id), attrs: {}, parents: [uid('Role', 'system')] }
  return {
    uid: uid('Person', actor.id),
    attrs: {
      organisation: organisationKey(actor.organisation),
      factorKinds: factorKinds(actor.factors),
      databases: [...(actor.databases ?? [])],
    },
    parents: actor.roles.filter((role) => role !== 'system').map((role) => uid('Role', role)),
  }
}

/** An application as resource; before its submission it has nobody in it. */
export function applicationEntity(id: string, application: Application): Entity {
  const { form, submittedBy, reviewers } = application
  const { persons: interestedPersons, organisations: interestedOrganisations } = interests(application)
  const side = form
    ? [
        form.contact.personId,
        ...(form.contact.agent ? [form.contact.agent.personId] : []),
        form.applicant.representative.personId,
      ]
    : []
  return {
    uid: uid('Application', id),
    attrs: {
      status: application.status,
      applicantSide: persons([...side, ...(submittedBy ? [submittedBy.personId] : [])]),
      signatories: persons(
        form ? [form.applicant.representative.personId, ...form.handlers.map(({ personId }) => personId)] : [],
      ),
      reviewers: persons(reviewers.map(({ personId }) => personId)),
      databases: [...databasesOf(application)],
      interestedPersons: persons(interestedPersons),
      interestedOrganisations: organisations(interestedOrganisations),
    },
    parents: [],
  }
}

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

/** The platform as resource: what lists are asked of. */
export const platformEntity = (): Entity => ({ uid: uid('Platform', 'renkei'), attrs: {}, parents: [] })
