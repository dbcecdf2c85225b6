import type { ApplicationForm } from './form.ts'

/**
 * Who stands behind an application: none of them, nor anybody of these organisations, reviews or decides on it (C-4).
 */
export interface Interests {
  readonly persons: readonly string[]
  readonly organisations: readonly string[]
}

/** Everyone the form names, the outsourced bodies included. */
export function interestsOf(form: ApplicationForm): Interests {
  const {
    contact: { agent: delegate, ...first },
    applicant: body,
    handlers,
    plan: { outsourcing },
  } = form
  return {
    persons: unique([
      first.personId,
      ...(delegate ? [delegate.personId] : []),
      body.representative.personId,
      ...handlers.map((person) => person.personId),
    ]),
    organisations: unique([
      body.organisation,
      first.organisation,
      ...(delegate ? [delegate.organisation] : []),
      ...handlers.map(({ organisation }) => organisation),
      ...outsourcing.map(({ organisation }) => organisation),
    ]),
  }
}

const unique = (values: readonly string[]) => [...new Set(values)]
