import type { Entity } from '../ledger/aggregate.ts'
import { organisations, persons, uid } from '../people/entities.ts'
import { interests } from './conflicts.ts'
import { databasesOf, type Application } from './state.ts'

/** An application before Cedar; before its submission it has nobody in it. */
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
