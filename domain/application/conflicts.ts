import type { Actor } from '../kernel/decider.ts'
import { organisationKey } from '../kernel/organisation.ts'
import type { Person } from './events.ts'
import { interestsOf, type Interests } from './form.ts'
import type { Application } from './state.ts'

type Parties = Pick<Application, 'form' | 'submittedBy' | 'earlier'>

/** Everyone with an interest in an application: whom its form names, who submitted it, and both of every earlier revision. */
export function interests({ form, submittedBy, earlier }: Parties): Interests {
  const named = form ? interestsOf(form) : { persons: [], organisations: [] }
  const unique = (...values: readonly string[]) => [...new Set(values)]
  return {
    persons: unique(...named.persons, ...(submittedBy ? [submittedBy.personId] : []), ...earlier.persons),
    organisations: unique(
      ...named.organisations,
      ...(submittedBy ? [submittedBy.organisation] : []),
      ...earlier.organisations,
    ),
  }
}

/**
 * Why a person may not judge an application, in words that follow their id; undefined where they may (C-4, REV-2).
 * The same organisation as the applicant, a handler or an outsourced body is as much a conflict as being one of the persons.
 */
export function conflictOf(application: Parties, { personId, organisation }: Person): string | undefined {
  const { persons, organisations } = interests(application)
  if (persons.includes(personId)) return 'is named in the application'
  const key = organisationKey(organisation)
  if (key === '') return 'has no organisation, so that a conflict cannot be excluded'
  const shared = organisations.find((other) => organisationKey(other) === key)
  return shared === undefined ? undefined : `belongs to ${shared}, which has a part in the application`
}

export const asPerson = (actor: Actor): Person => ({ personId: actor.id, organisation: actor.organisation })
