import type { ApplicationContext, PublishedDatabase } from '#domain/application/context.ts'
import { demoDatabases } from './support.ts'

/** An edit of the form's data. */
export type Change = (form: any) => void

/** The demonstration's databases, with other facts of one of them. */
export const withDatabase = (id: string, facts: Partial<PublishedDatabase>) => ({
  databases: demoDatabases.map((database) => (database.id === id ? { ...database, ...facts } : database)),
})

/** Wrong shape: refused at submission, with path and requirement. */
export const misshapen: readonly { readonly requirement: string; readonly path: string; readonly change: Change }[] = [
  {
    requirement: 'APP-6',
    path: 'form.plan.purpose',
    change: (form) => {
      form.plan.purpose = [form.plan.purpose, form.plan.purpose]
    },
  },
  {
    requirement: 'APP-3',
    path: 'form.plan.places[0].country',
    change: (form) => {
      form.plan.places[0].country = 'US'
    },
  },
  {
    requirement: 'APP-2',
    path: 'form.handlers[1].phone',
    change: (form) => {
      form.handlers[1].phone = ''
    },
  },
  {
    requirement: 'APP-2',
    path: 'form.handlers',
    change: (form) => {
      form.handlers = []
    },
  },
  {
    requirement: 'APP-2',
    path: 'form.handlers[0].personId',
    change: (form) => {
      form.handlers[0].personId = 'system/sweep'
    },
  },
  {
    requirement: 'APP-8',
    path: 'form.applicant.type',
    change: (form) => {
      form.applicant.type = 'club'
    },
  },
  {
    requirement: 'APP-4',
    path: 'form.extracts[0].variables',
    change: (form) => {
      form.extracts[0].variables = []
    },
  },
  {
    requirement: 'APP-5',
    path: 'form.plan.period.until',
    change: (form) => {
      form.plan.period.until = '2028-02-30'
    },
  },
  {
    requirement: 'APP-1',
    path: 'form.guidelines.accepted',
    change: (form) => {
      form.guidelines.accepted = false
    },
  },
  {
    requirement: 'APP-1',
    path: 'form.publication.minimumCell',
    change: (form) => {
      form.publication.minimumCell = 9
    },
  },
  {
    requirement: 'APP-4',
    path: 'form.extracts[0].rationale',
    change: (form) => {
      form.extracts[0].rationale = 'broken \uD800'
    },
  },
  {
    requirement: 'APP-1',
    path: 'form.formVersion',
    change: (form) => {
      form.formVersion = '0.9'
    },
  },
  {
    requirement: 'APP-1',
    path: 'form.unknown',
    change: (form) => {
      form.unknown = 1
    },
  },
  {
    requirement: 'APP-1',
    path: 'form.contact.name',
    change: (form) => {
      form.contact.name = 'x\u0007'
    },
  },
]
/** Right shape, wrong content: returned by the format check. */
export interface Fault {
  readonly fault: string
  /** the requirement, and the place in the form */
  readonly expected: string
  readonly change?: Change
  readonly facts?: Partial<ApplicationContext>
}
export const returned: readonly Fault[] = [
  {
    fault: 'guidelines of another version',
    expected: 'APP-1 form.guidelines.version',
    change: (form) => {
      form.guidelines.version = '2.0'
    },
  },
  {
    fault: 'a contact of another organisation',
    expected: 'APP-1 form.contact.organisation',
    change: (form) => {
      form.contact.organisation = 'elsewhere'
    },
  },
  {
    fault: 'a missing piece of evidence',
    expected: 'APP-8 form.applicant.evidence',
    change: (form) => {
      form.applicant.evidence.pop()
    },
  },
  {
    fault: 'one address for two handlers',
    expected: 'APP-2 form.handlers[3].email',
    change: (form) => {
      form.handlers[3].email = form.handlers[0].email.toUpperCase()
    },
  },
  {
    fault: 'one id for two handlers',
    expected: 'AUTH-3 form.handlers[2].personId',
    change: (form) => {
      form.handlers[2].personId = 'p.tanaka'
    },
  },
  {
    fault: 'nobody employed full-time',
    expected: 'APP-2 form.handlers',
    change: (form) => {
      for (const handler of form.handlers.slice(0, 3)) handler.fullTime = false
    },
  },
  {
    fault: 'a place that is not theirs',
    expected: 'APP-2 form.handlers[0].place',
    change: (form) => {
      form.handlers[0].place = 'visiting'
    },
  },
  {
    fault: 'an outsourced handler who is not marked so',
    expected: 'APP-2 form.handlers[3].outsourced',
    change: (form) => {
      form.handlers[3].outsourced = false
    },
  },
  {
    fault: 'a missing place',
    expected: 'APP-3 form.plan.places',
    change: (form) => {
      form.plan.places.pop()
    },
  },
  {
    fault: 'a place of another organisation',
    expected: 'APP-3 form.plan.places[0].organisation',
    change: (form) => {
      form.plan.places[0].organisation = 'elsewhere'
    },
  },
  {
    fault: 'a Visiting place under another facility',
    expected: 'APP-3 form.plan.places[2].facility',
    change: (form) => {
      Object.assign(form.plan.places[2], { facility: 'applicant', organisation: form.applicant.organisation })
    },
  },
  {
    fault: 'an extract without a rationale',
    expected: 'APP-4 form.extracts[1].rationale',
    change: (form) => {
      form.extracts[1].rationale = ' '
    },
  },
  {
    fault: 'an extract from a period before the database has data',
    expected: 'APP-4 form.extracts[0].period',
    change: (form) => {
      form.extracts[0].period.from = '2025-04-01'
    },
  },
  {
    fault: 'an extract of days to come',
    expected: 'APP-4 form.extracts[0].period.until',
    change: (form) => {
      form.extracts[0].period.until = '2026-11-23'
    },
  },
  {
    fault: 'an extract of an unknown database',
    expected: 'APP-4 form.extracts[3].database',
    change: (form) => {
      form.extracts.push({ ...form.extracts[0], database: 'KAIGO' })
    },
  },
  {
    fault: 'a database extracted twice',
    expected: 'APP-4 form.extracts[3].database',
    change: (form) => {
      form.extracts.push(form.extracts[0])
    },
  },
  {
    fault: 'a period that starts too late',
    expected: 'APP-5 form.plan.period',
    change: (form) => {
      form.plan.period.from = '2029-01-01'
    },
  },
  {
    fault: 'a period that is over',
    expected: 'APP-5 form.plan.period.until',
    change: (form) => {
      form.plan.period = { from: '2025-10-01', until: '2026-11-21' }
    },
  },
  {
    fault: 'linked databases without a request for linkage',
    expected: 'LNK-2 form.plan.linkage.databases',
    change: (form) => {
      form.plan.linkage.requested = false
    },
  },
  {
    fault: 'one database to link',
    expected: 'LNK-2 form.plan.linkage.databases',
    change: (form) => {
      form.plan.linkage.databases = ['NDB']
    },
  },
  {
    fault: 'a linkage without a reason',
    expected: 'REV-1 form.plan.linkage.reason',
    change: (form) => {
      delete form.plan.linkage.reason
    },
  },
  {
    fault: 'a database without a linkage route',
    expected: 'LNK-3 form.plan.linkage.databases',
    facts: withDatabase('DPC', { linkRoute: 'none' }),
  },
  {
    fault: 'a database that is linked by ID4',
    expected: 'LNK-1 form.plan.linkage.id4',
    facts: withDatabase('DPC', { linkRoute: 'id4' }),
  },
  {
    fault: 'a producer whose accreditation is suspended',
    expected: 'PDB-1 form.extracts[2].database',
    facts: withDatabase('RWD1', { accreditation: { status: 'suspended', validTo: '2028-03-31' } }),
  },
  {
    fault: 'a producer whose accreditation has lapsed',
    expected: 'PDB-1 form.extracts[2].database',
    facts: withDatabase('RWD1', { accreditation: { status: 'accredited', validTo: '2026-11-21' } }),
  },
  {
    fault: 'no accreditation of the applicant',
    expected: 'PDB-4 form.applicant.accreditation',
    change: (form) => {
      delete form.applicant.accreditation
    },
  },
  {
    fault: 'an accreditation that ends before the use',
    expected: 'PDB-4 form.applicant.accreditation.validTo',
    change: (form) => {
      form.applicant.accreditation.validTo = '2028-09-29'
    },
  },
  {
    fault: 'a database that is provided on media only',
    expected: 'PUB-3 form.provision.route',
    facts: withDatabase('DPC', { provisionRoute: 'media' }),
  },
]
