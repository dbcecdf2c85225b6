import { organisationKey, type Actor } from '../kernel.ts'
import type { Person } from './events.ts'
import { interestsOf, type Interests } from './form.ts'
import type { Application } from './state.ts'

/** Everyone with an interest in an application: whom its form names, and who submitted it. */
export function interests({ form, submittedBy }: Pick<Application, 'form' | 'submittedBy'>): Interests {
  const named = form ? interestsOf(form) : { persons: [], organisations: [] }
  if (!submittedBy) return named
  return { persons: [...named.persons, submittedBy.personId], organisations: [...named.organisations, submittedBy.organisation] }
}

/**
 * Why a person may not judge an application, in words that follow their id; undefined where they may (C-4, REV-2).
 * The same organisation as the applicant, a handler or an outsourced body is as much a conflict as being one of the persons.
 */
export function conflictOf(application: Pick<Application, 'form' | 'submittedBy'>, { personId, organisation }: Person): string | undefined {
  const { persons, organisations } = interests(application)
  if (persons.includes(personId)) return 'is named in the application'
  const key = organisationKey(organisation)
  if (key === '') return 'has no organisation, so that a conflict cannot be excluded'
  const shared = organisations.find((other) => organisationKey(other) === key)
  return shared === undefined ? undefined : `belongs to ${shared}, which has a part in the application`
}

export const asPerson = (actor: Actor): Person => ({ personId: actor.id, organisation: actor.organisation })
