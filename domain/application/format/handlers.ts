import { sameOrganisation } from '../../kernel/organisation.ts'
import type { Refusal } from '../../kernel/refusal.ts'
import { choices } from '../../kernel/shown.ts'
import type { ApplicationForm } from '../form.ts'
import {
  noFullTimeMember,
  noPlaceOfUse,
  repeatedAddress,
  repeatedPerson,
  strangeOrganisation,
  wronglyOutsourced,
} from '../refusals/handlers.ts'
import { check, repeated } from './check.ts'

type Handler = ApplicationForm['handlers'][number]

export const handlers = check({
  reads: ['handlers', 'applicant', 'plan'],
  find: ({ handlers: people, applicant, plan }) => [
    ...repeatedAddresses(people),
    ...repeatedPersons(people),
    ...fullTimeMember(people, applicant.organisation),
    ...people.flatMap((person, index) => [
      ...placeOfWork(person, plan, `handlers[${index}].place`),
      ...affiliation(person, { applicant, plan }, `handlers[${index}]`),
    ]),
  ],
})

/** Messages reach one person (APP-2). */
const repeatedAddresses = (people: readonly Handler[]) =>
  repeated(people.map(({ email }) => email.toLowerCase())).map((index) => repeatedAddress(index, people[index]?.email))

/** One account a person (AUTH-3). */
const repeatedPersons = (people: readonly Handler[]) =>
  repeated(people.map(({ personId }) => personId)).map((index) => repeatedPerson(index, people[index]?.personId))

/** Somebody of the applicant answers for the data (APP-2). */
const fullTimeMember = (people: readonly Handler[], applicant: string) =>
  people.some(({ fullTime, organisation }) => fullTime && sameOrganisation(organisation, applicant))
    ? []
    : [noFullTimeMember(applicant)]

/** Every handler works at a place of use of the plan (APP-2). */
function placeOfWork({ place }: Handler, { places }: ApplicationForm['plan'], path: string): readonly Refusal[] {
  const placeOf = new Map(places.map((each) => [each.id, each]))
  if (placeOf.get(place)?.kind === 'use') return []
  const usable = choices(places.filter(({ kind }) => kind === 'use').map(({ id }) => id))
  return [noPlaceOfUse(path, place, usable)]
}

/** Handlers are of the applicant or of an outsourced body, and say which (AUTH-3, APP-2). */
function affiliation(
  person: Handler,
  { applicant, plan }: Pick<ApplicationForm, 'applicant' | 'plan'>,
  path: string,
): readonly Refusal[] {
  const own = sameOrganisation(person.organisation, applicant.organisation)
  const contracted = plan.outsourcing.some(({ organisation }) => sameOrganisation(organisation, person.organisation))
  const outsourced = !own && contracted
  return [
    ...(own || contracted ? [] : [strangeOrganisation(`${path}.organisation`, person.organisation)]),
    ...(person.outsourced === outsourced ? [] : [wronglyOutsourced(`${path}.outsourced`, person, outsourced)]),
  ]
}
