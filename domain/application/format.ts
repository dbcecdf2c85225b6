import { japanDate, type JapanDate } from '../kernel/decider.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { sameOrganisation } from '../kernel/organisation.ts'
import type { ApplicationContext } from './context.ts'
import { problem, type ApplicationForm } from './form.ts'
import { legalProblems } from './legal.ts'

type Check = (form: ApplicationForm, context: ApplicationContext) => readonly Refusal[]

/** What the format check (形式審査) finds in a form; empty where it may go to review. */
export const checkFormat: Check = (form, context) => checks.flatMap((check) => check(form, context))

const consent: Check = ({ guidelines }, { rules, now }) => [
  ...(guidelines.version === rules.guidelinesVersion
    ? []
    : [
        problem(
          'APP-1',
          'guidelines.version',
          `edition ${guidelines.version} is not the one in force`,
          `read edition ${rules.guidelinesVersion}, accept it and write "${rules.guidelinesVersion}"`,
        ),
      ]),
  ...(guidelines.institutionApproval.approvedOn <= japanDate(now)
    ? []
    : [
        problem(
          'APP-1',
          'guidelines.institutionApproval.approvedOn',
          'lies in the future',
          'submit after the institution has approved',
        ),
      ]),
]

const contactPerson: Check = ({ contact, applicant }) =>
  sameOrganisation(contact.organisation, applicant.organisation)
    ? []
    : [
        problem(
          'APP-1',
          'contact.organisation',
          `${contact.organisation} is not the applicant ${applicant.organisation}`,
          'name a contact person of the applicant; somebody else acts as contact.agent',
        ),
      ]

const applicantEvidence: Check = ({ applicant }, { rules }) => {
  const given = new Set(applicant.evidence.map(({ kind }) => kind))
  return rules.evidence[applicant.type]
    .filter((kind) => !given.has(kind))
    .map((kind) =>
      problem(
        'APP-8',
        'applicant.evidence',
        `lacks ${kind}, which an applicant of type ${applicant.type} proves itself with`,
        `add a document of kind ${kind}`,
      ),
    )
}

const handlers: Check = ({ handlers: people, applicant, plan }) => {
  const places = new Map(plan.places.map((place) => [place.id, place]))
  const contractors = plan.outsourcing.map(({ organisation }) => organisation)
  return [
    ...repeated(people.map(({ email }) => email.toLowerCase())).map((index) =>
      problem(
        'APP-2',
        `handlers[${index}].email`,
        'is the address of another handler',
        'give every handler an address of their own',
      ),
    ),
    ...repeated(people.map(({ personId }) => personId)).map((index) =>
      problem(
        'AUTH-3',
        `handlers[${index}].personId`,
        'is another handler',
        'list every person once, each with their own account',
      ),
    ),
    ...(people.some(({ fullTime, organisation }) => fullTime && sameOrganisation(organisation, applicant.organisation))
      ? []
      : [
          problem(
            'APP-2',
            'handlers',
            `none is a full-time member of ${applicant.organisation}`,
            'add at least one full-time handler of the applicant',
          ),
        ]),
    ...people.flatMap((person, index) => {
      const path = `handlers[${index}]`
      const own = sameOrganisation(person.organisation, applicant.organisation)
      const contracted = contractors.some((organisation) => sameOrganisation(organisation, person.organisation))
      const found: Refusal[] = []
      if (places.get(person.place)?.kind !== 'use')
        found.push(
          problem(
            'APP-2',
            `${path}.place`,
            `"${person.place}" is no place of use in plan.places`,
            'write the id of a place whose kind is use',
          ),
        )
      if (!own && !contracted)
        found.push(
          problem(
            'AUTH-3',
            `${path}.organisation`,
            `${person.organisation} is neither the applicant nor an outsourced body`,
            'list the body in plan.outsourcing, or leave the person out',
          ),
        )
      if (person.outsourced !== (!own && contracted))
        found.push(
          problem(
            'APP-2',
            `${path}.outsourced`,
            `does not agree with the organisation ${person.organisation}`,
            `write ${String(!own && contracted)}`,
          ),
        )
      return found
    }),
  ]
}

const placesOfHandling: Check = ({ plan, applicant, provision }) => {
  const bodies = [applicant.organisation, ...plan.outsourcing.map(({ organisation }) => organisation)]
  const lacking = (['use', 'storage'] as const).filter((kind) => !plan.places.some((place) => place.kind === kind))
  return [
    ...lacking.map((kind) =>
      problem('APP-3', 'plan.places', `has no place of ${kind}`, `add a place whose kind is ${kind}`),
    ),
    ...repeated(plan.places.map(({ id }) => id)).map((index) =>
      problem('APP-3', `plan.places[${index}].id`, 'is the id of another place', 'give every place an id of its own'),
    ),
    ...plan.places.flatMap((place, index) => {
      const path = `plan.places[${index}]`
      if (place.facility === 'visiting') {
        return place.kind === 'use'
          ? [
              problem(
                'APP-3',
                `${path}.facility`,
                'is the Visiting environment, where data are stored; people sit elsewhere',
                'name the room in which the terminal stands',
              ),
            ]
          : []
      }
      if (!bodies.some((body) => sameOrganisation(body, place.organisation)))
        return [
          problem(
            'APP-3',
            `${path}.organisation`,
            `${place.organisation} is neither the applicant nor an outsourced body`,
            'name a facility of one of them',
          ),
        ]
      if (place.kind === 'storage' && provision.route === 'visiting')
        return [
          problem(
            'APP-3',
            `${path}.facility`,
            'stores data outside the Visiting environment',
            'with route visiting, data are stored in facility visiting only',
          ),
        ]
      return []
    }),
  ]
}

const extracts: Check = ({ extracts: asked, provision }, { rules, now, databases }) => {
  const known = new Set(databases.map(({ id }) => id))
  const today = japanDate(now)
  const oldest = shiftMonths(today, -12 * rules.limits.onSiteDataYears)
  return [
    ...repeated(asked.map(({ database }) => database)).map((index) =>
      problem('APP-4', `extracts[${index}].database`, 'is asked for twice', 'write one entry for each database'),
    ),
    ...asked.flatMap((extract, index) => {
      const path = `extracts[${index}]`
      const found: Refusal[] = []
      if (!known.has(extract.database))
        found.push(
          problem(
            'APP-4',
            `${path}.database`,
            `${extract.database} is not a database of this platform`,
            `write one of ${[...known].join(', ')}`,
          ),
        )
      if (extract.period.from > extract.period.until)
        found.push(problem('APP-4', `${path}.period`, 'ends before it begins', 'exchange the two dates'))
      if (extract.period.until > today)
        found.push(
          problem(
            'APP-4',
            `${path}.period.until`,
            `${extract.period.until} lies in the future`,
            'ask for data that exist',
          ),
        )
      if (provision.route === 'on-site' && extract.period.from < oldest)
        found.push(
          problem(
            'APP-4',
            `${path}.period.from`,
            `on-site use shows the last ${rules.limits.onSiteDataYears} years`,
            `write ${oldest} or later`,
          ),
        )
      if (extract.rationale.trim() === '' && !rules.presets.includes(extract.type))
        found.push(
          problem('APP-4', `${path}.rationale`, 'is empty', 'say why this is the minimum that the purpose needs'),
        )
      return found
    }),
  ]
}

const period: Check = ({ plan, provision }, { rules, now }) => {
  const { from, until } = plan.period
  const months = {
    media: rules.limits.mediaMonths,
    visiting: rules.limits.visitingMonths,
    'on-site': rules.limits.onSiteMonths,
  }[provision.route]
  if (from > until) return [problem('APP-5', 'plan.period', 'ends before it begins', 'exchange the two dates')]
  if (until < japanDate(now))
    return [problem('APP-5', 'plan.period.until', 'is past', 'write the last day of the use intended')]
  const last = previousDay(shiftMonths(from, months))
  return until <= last
    ? []
    : [
        problem(
          'APP-5',
          'plan.period.until',
          `is more than ${months} months after the first day, the most for route ${provision.route}`,
          `write ${last} or earlier; an extension is a change application`,
        ),
      ]
}

const checks: readonly Check[] = [
  consent,
  contactPerson,
  applicantEvidence,
  handlers,
  placesOfHandling,
  extracts,
  period,
  (form, context) => legalProblems(form, context),
]

/** Indexes of values that stand earlier in the list already. */
const repeated = (values: readonly string[]) =>
  values.flatMap((value, index) => (values.indexOf(value) < index ? [index] : []))

/** The same day some months later or earlier; the last of the month where that month is shorter. */
export function shiftMonths(day: JapanDate, months: number): JapanDate {
  const date = new Date(`${day}T00:00:00.000Z`)
  const dayOfMonth = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() + months)
  const lastOfMonth = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  date.setUTCDate(Math.min(dayOfMonth, lastOfMonth))
  return date.toISOString().slice(0, 10)
}

const previousDay = (day: JapanDate): JapanDate =>
  new Date(Date.parse(`${day}T00:00:00.000Z`) - 24 * 60 * 60 * 1000).toISOString().slice(0, 10)
