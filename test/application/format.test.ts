import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import type { ApplicationContext, PublishedDatabase } from '#domain/application/context.ts'
import { formSchemaText } from '#domain/application/form-schema.ts'
import { parseForm, sections, type ApplicationForm } from '#domain/application/form.ts'
import { checkFormat, shiftMonths } from '#domain/application/format.ts'
import { linkable } from '#domain/application/linkability.ts'
import { japanDate } from '#domain/kernel/decider.ts'
import { contextOf, decideAs, demoDatabases, demoForm, NOW, people, rules, storySteps, take } from './support.ts'
import { noApplication } from '#domain/application/evolve.ts'
import { expectThat } from '../support/expect.ts'

type Change = (form: any) => void
const changed = (change: Change): any => {
  const form = structuredClone(demoForm())
  change(form)
  return form
}
const contextNow = (over: Partial<ApplicationContext> = {}) => contextOf(people.machine, over)
const pathsAndRequirements = (form: ApplicationForm, over?: Partial<ApplicationContext>) =>
  checkFormat(form, contextNow(over)).map(({ path, requirement }) => `${requirement} ${path}`)
const withDatabase = (id: string, facts: Partial<PublishedDatabase>) => ({
  databases: demoDatabases.map((database) => (database.id === id ? { ...database, ...facts } : database)),
})

test('[APP-1] the JSON Schema for editors is the one the form is parsed by', () => {
  const file = join(import.meta.dirname, '..', '..', 'policies', 'application', 'form.schema.json')
  expectThat(readFileSync(file, 'utf8'), 'run npm run schema').toBe(formSchemaText())
})

for (const section of sections) {
  test(`[APP-1] a form without section ${section} is refused by its path`, () => {
    const parsed = parseForm(
      changed((form) => {
        delete form[section]
      }),
    )
    assert.ok(!parsed.ok)
    expect(parsed.refusals.map(({ code, path, what }) => [code, path, what.en])).toEqual([
      ['form.shape', `form.${section}`, 'is missing'],
    ])
  })
}

/** Wrong shape: refused at submission, with path and requirement. */
const misshapen: readonly (readonly [string, string, Change])[] = [
  [
    'APP-6',
    'form.plan.purpose',
    (form) => {
      form.plan.purpose = [form.plan.purpose, form.plan.purpose]
    },
  ],
  [
    'APP-3',
    'form.plan.places[0].country',
    (form) => {
      form.plan.places[0].country = 'US'
    },
  ],
  [
    'APP-2',
    'form.handlers[1].phone',
    (form) => {
      form.handlers[1].phone = ''
    },
  ],
  [
    'APP-2',
    'form.handlers',
    (form) => {
      form.handlers = []
    },
  ],
  [
    'APP-2',
    'form.handlers[0].personId',
    (form) => {
      form.handlers[0].personId = 'system/sweep'
    },
  ],
  [
    'APP-8',
    'form.applicant.type',
    (form) => {
      form.applicant.type = 'club'
    },
  ],
  [
    'APP-4',
    'form.extracts[0].variables',
    (form) => {
      form.extracts[0].variables = []
    },
  ],
  [
    'APP-5',
    'form.plan.period.until',
    (form) => {
      form.plan.period.until = '2028-02-30'
    },
  ],
  [
    'APP-1',
    'form.guidelines.accepted',
    (form) => {
      form.guidelines.accepted = false
    },
  ],
  [
    'APP-1',
    'form.publication.minimumCell',
    (form) => {
      form.publication.minimumCell = 9
    },
  ],
  [
    'APP-4',
    'form.extracts[0].rationale',
    (form) => {
      form.extracts[0].rationale = 'broken \uD800'
    },
  ],
  [
    'APP-1',
    'form.formVersion',
    (form) => {
      form.formVersion = '0.9'
    },
  ],
  [
    'APP-1',
    'form.unknown',
    (form) => {
      form.unknown = 1
    },
  ],
  [
    'APP-1',
    'form.contact.name',
    (form) => {
      form.contact.name = 'x\u0007'
    },
  ],
]
for (const [requirement, path, change] of misshapen) {
  test(`[${requirement}] a wrong ${path} is refused with its path and what to write`, () => {
    const decision = decideAs(noApplication, people.contact, { type: 'SubmitApplication', form: changed(change) })
    assert.ok(!decision.ok)
    expect(decision.refusals.map((rejection) => [rejection.code, rejection.requirement, rejection.path])).toEqual([
      ['form.shape', requirement, path],
    ])
    assert.ok(decision.refusals[0]?.next.en)
  })
}

test('[APP-1] a form too large for one ledger item is refused', () => {
  const parsed = parseForm(
    changed((form) => {
      form.extracts = Array.from({ length: 20 }, () => ({
        ...form.extracts[0],
        variables: Array.from({ length: 100 }, () => '項'.repeat(200)),
      }))
    }),
  )
  assert.ok(!parsed.ok)
  expect(parsed.refusals.map(({ code }) => code)).toEqual(['form.too-large'])
})

/** Right shape, wrong content: returned by the format check. */
const returned: readonly (readonly [string, Change, Partial<ApplicationContext>?])[] = [
  [
    'APP-1 form.guidelines.version',
    (form) => {
      form.guidelines.version = '2.0'
    },
  ],
  [
    'APP-1 form.contact.organisation',
    (form) => {
      form.contact.organisation = 'elsewhere'
    },
  ],
  [
    'APP-8 form.applicant.evidence',
    (form) => {
      form.applicant.evidence.pop()
    },
  ],
  [
    'APP-2 form.handlers[3].email',
    (form) => {
      form.handlers[3].email = form.handlers[0].email.toUpperCase()
    },
  ],
  [
    'AUTH-3 form.handlers[2].personId',
    (form) => {
      form.handlers[2].personId = 'p.tanaka'
    },
  ],
  [
    'APP-2 form.handlers',
    (form) => {
      for (const handler of form.handlers.slice(0, 3)) handler.fullTime = false
    },
  ],
  [
    'APP-2 form.handlers[0].place',
    (form) => {
      form.handlers[0].place = 'visiting'
    },
  ],
  [
    'APP-2 form.handlers[3].outsourced',
    (form) => {
      form.handlers[3].outsourced = false
    },
  ],
  [
    'APP-3 form.plan.places',
    (form) => {
      form.plan.places.pop()
    },
  ],
  [
    'APP-3 form.plan.places[0].organisation',
    (form) => {
      form.plan.places[0].organisation = 'elsewhere'
    },
  ],
  [
    'APP-3 form.plan.places[2].facility',
    (form) => {
      Object.assign(form.plan.places[2], { facility: 'applicant', organisation: form.applicant.organisation })
    },
  ],
  [
    'APP-4 form.extracts[1].rationale',
    (form) => {
      form.extracts[1].rationale = ' '
    },
  ],
  [
    'APP-4 form.extracts[0].period',
    (form) => {
      form.extracts[0].period.from = '2025-04-01'
    },
  ],
  [
    'APP-4 form.extracts[0].period.until',
    (form) => {
      form.extracts[0].period.until = '2026-11-23'
    },
  ],
  [
    'APP-4 form.extracts[3].database',
    (form) => {
      form.extracts.push({ ...form.extracts[0], database: 'KAIGO' })
    },
  ],
  [
    'APP-4 form.extracts[3].database',
    (form) => {
      form.extracts.push(form.extracts[0])
    },
  ],
  [
    'APP-5 form.plan.period',
    (form) => {
      form.plan.period.from = '2029-01-01'
    },
  ],
  [
    'APP-5 form.plan.period.until',
    (form) => {
      form.plan.period = { from: '2025-10-01', until: '2026-11-21' }
    },
  ],
  [
    'LNK-2 form.plan.linkage.databases',
    (form) => {
      form.plan.linkage.requested = false
    },
  ],
  [
    'LNK-2 form.plan.linkage.databases',
    (form) => {
      form.plan.linkage.databases = ['NDB']
    },
  ],
  [
    'REV-1 form.plan.linkage.reason',
    (form) => {
      delete form.plan.linkage.reason
    },
  ],
  ['LNK-3 form.plan.linkage.databases', () => {}, withDatabase('DPC', { linkRoute: 'none' })],
  ['LNK-1 form.plan.linkage.id4', () => {}, withDatabase('DPC', { linkRoute: 'id4' })],
  [
    'PDB-1 form.extracts[2].database',
    () => {},
    withDatabase('RWD1', { accreditation: { status: 'suspended', validTo: '2028-03-31' } }),
  ],
  [
    'PDB-1 form.extracts[2].database',
    () => {},
    withDatabase('RWD1', { accreditation: { status: 'accredited', validTo: '2026-11-21' } }),
  ],
  [
    'PDB-4 form.applicant.accreditation',
    (form) => {
      delete form.applicant.accreditation
    },
  ],
  [
    'PDB-4 form.applicant.accreditation.validTo',
    (form) => {
      form.applicant.accreditation.validTo = '2028-09-29'
    },
  ],
  ['PUB-3 form.provision.route', () => {}, withDatabase('DPC', { provisionRoute: 'media' })],
]
for (const [expected, change, over] of returned) {
  const [requirement, path] = expected.split(' ')
  test(`[${requirement}] an application with a wrong ${path} is returned for that reason only`, () => {
    const form = changed(change)
    assert.ok(parseForm(form).ok)
    expect(pathsAndRequirements(form, over)).toEqual([expected])
  })
}

test('[APP-1] a returned application names every problem, is corrected and goes on', () => {
  const wrong = changed((form) => {
    form.handlers[3].email = form.handlers[0].email
    form.extracts[1].rationale = ''
  })
  const steps = storySteps(wrong)
  const back = steps.slice(0, 2).reduce(take, noApplication)
  expect(back.status).toBe('returned')
  expect(back.problems.map(({ path }) => path)).toEqual(['form.handlers[3].email', 'form.extracts[1].rationale'])
  const again = storySteps().slice(0, 2).reduce(take, back)
  expect([again.status, again.revision, again.problems]).toEqual(['format-accepted', 2, []])
})

test('[APP-5] media provision runs 24 months at most, to the day', () => {
  const media = (until: string) =>
    changed((form) => {
      form.provision.route = 'media'
      form.plan.places[2] = { ...form.plan.places[0], id: 'store', kind: 'storage' }
      form.extracts = form.extracts.slice(0, 2)
      form.plan.period = { from: '2026-12-01', until }
    })
  const over = { databases: demoDatabases.map((database) => ({ ...database, provisionRoute: 'media' as const })) }
  expect(pathsAndRequirements(media('2028-11-30'), over)).toEqual([])
  expect(pathsAndRequirements(media('2028-12-01'), over)).toEqual(['APP-5 form.plan.period.until'])
})

test('[APP-5] months are counted in the calendar', () => {
  expect(shiftMonths('2026-01-31', 1)).toBe('2026-02-28')
  expect(shiftMonths('2028-02-29', 24)).toBe('2030-02-28')
  expect(shiftMonths('2026-11-22', -120)).toBe('2016-11-22')
})

test('[PUB-3] pseudonymised data of a public database leave the Visiting environment by an unexpired exception only', () => {
  const media = changed((form) => {
    form.provision.route = 'media'
    form.plan.places[2] = { ...form.plan.places[0], id: 'store', kind: 'storage' }
    form.plan.linkage = { requested: false, databases: [] }
    form.extracts = form.extracts.slice(0, 1)
    form.plan.period = { from: '2026-12-01', until: '2028-11-30' }
  })
  const facts = { dataKind: 'pseudonymised', provisionRoute: 'media' } as const
  expect(pathsAndRequirements(media, withDatabase('NDB', facts))).toEqual(['PUB-3 form.provision.route'])
  expect(
    pathsAndRequirements(media, withDatabase('NDB', { ...facts, exception: { id: 'E-1', expires: '2026-11-21' } })),
  ).toEqual(['PUB-3 form.provision.route'])
  expect(
    pathsAndRequirements(media, withDatabase('NDB', { ...facts, exception: { id: 'E-1', expires: '2026-11-22' } })),
  ).toEqual([])
})

const database = (id: string, over: Partial<PublishedDatabase> = {}): PublishedDatabase => ({
  id,
  kind: 'public',
  dataKind: 'anonymised',
  linkRoute: 'id5',
  provisionRoute: 'visiting',
  ...over,
})
const producer = database('RWD9', { kind: 'private', linkRoute: 'accredited-producer' })
const lawful = (a: PublishedDatabase, b: PublishedDatabase, on: string) => linkable(a, b, on, rules.linkable).allowed

test('[PUB-4] linkable sets follow the law of the day: infectious diseases from 2024-04-01, eight databases from 2025-12-01', () => {
  expect(lawful(database('IDB'), database('NDB'), '2024-03-31')).toBe(false)
  expect(lawful(database('IDB'), database('NDB'), '2024-04-01')).toBe(true)
  const eight = ['NDB', 'KAIGO', 'DPC', 'SHOMAN', 'SHOGAIJI', 'IDB', 'SHOGAI', 'NANBYO']
  const on = (day: string) => eight.filter((id) => lawful(producer, database(id), day))
  expect(on('2025-11-30')).toEqual(['NDB', 'KAIGO', 'DPC'])
  expect(on('2025-12-01')).toEqual(eight)
  expect(lawful(database('NDB'), database('CANCER'), '2026-11-22')).toBe(false)
})

test('[PUB-4] a refusal for the date cites the law', () => {
  const answer = linkable(producer, database('NANBYO'), '2025-11-30', rules.linkable)
  assert.ok(!answer.allowed && answer.reason.includes('令和7年政令第393号') && answer.reason.includes('2025-12-01'))
})

test('[CAT-3] linkability is symmetric, and every allowed pair has ids, basis and date', () => {
  const all = [
    ...['NDB', 'KAIGO', 'DPC', 'SHOMAN', 'SHOGAIJI', 'IDB', 'SHOGAI', 'NANBYO', 'CANCER', 'EMR'].map((id) =>
      database(id),
    ),
    producer,
  ]
  for (const a of all) {
    for (const b of all) {
      const answer = linkable(a, b, japanDate(NOW), rules.linkable)
      expect(answer.allowed).toBe(lawful(b, a, japanDate(NOW)))
      if (answer.allowed) assert.ok(answer.basis && answer.ids.length > 0 && /^\d{4}-\d\d-\d\d$/.test(answer.from))
    }
  }
})

test('[LNK-3] a private database without an approved route is linked with nothing', () => {
  for (const linkRoute of ['none', 'id5', 'id4'] as const)
    expect(lawful(database('NDB'), { ...producer, linkRoute }, '2026-11-22')).toBe(false)
})

test('[PUB-2] pseudonymised and anonymised data are never linked', () => {
  const answer = linkable({ ...producer, dataKind: 'pseudonymised' }, database('NDB'), '2026-11-22', rules.linkable)
  assert.ok(!answer.allowed && answer.requirement === 'PUB-2')
})
