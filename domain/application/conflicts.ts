import type { Actor } from '../kernel/decider.ts'
import { organisationKey } from '../kernel/organisation.ts'
import type { Bilingual, Refusal } from '../kernel/refusal.ts'
import type { Person } from './events.ts'
import { interestsOf, type Interests } from './interests.ts'
import type { Application } from './state.ts'

type Parties = Pick<Application, 'form' | 'submittedBy' | 'earlier'>

/**
 * Everyone with an interest in an application: whom its form names, who submitted it, and both of every earlier
 * revision.
 */
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
 * Why a person may not judge an application, in words that follow their id in both languages; undefined where they may
 * (C-4, REV-2). The same organisation as the applicant, a handler or an outsourced body is as much a conflict as being
 * one of the persons.
 */
export function conflictOf(application: Parties, { personId, organisation }: Person): Bilingual | undefined {
  const { persons, organisations } = interests(application)
  if (persons.includes(personId)) return { en: 'is named in the application', ja: '申出書に記載されています' }
  const key = organisationKey(organisation)
  if (key === '')
    return {
      en: 'has no organisation, so that a conflict cannot be excluded',
      ja: '所属機関がなく、利益相反がないことを確認できません',
    }
  const shared = organisations.find((other) => organisationKey(other) === key)
  return shared === undefined
    ? undefined
    : { en: `belongs to ${shared}, which has a part in the application`, ja: `申出に関わる${shared}に所属しています` }
}

/** The refusal for a conflict; `next` says who acts instead. */
export const conflictRefusal = ({
  personId,
  conflict,
  next,
  path,
}: {
  readonly personId: string
  readonly conflict: Bilingual
  readonly next: Bilingual
  readonly path?: string
}): Refusal => ({
  code: 'application.conflict-of-interest',
  what: { en: `${personId} ${conflict.en}`, ja: `${personId} は${conflict.ja}。` },
  why: {
    en: 'nobody with a part in an application, nor anybody of an organisation with one, runs, judges or decides it',
    ja: '申出に関わる人や機関に属する人は、その申出の手続、審査、決定を行えません。',
  },
  next,
  requirement: 'REV-2',
  ...(path !== undefined && { path }),
})

export const asPerson = (actor: Actor): Person => ({ personId: actor.id, organisation: actor.organisation })
