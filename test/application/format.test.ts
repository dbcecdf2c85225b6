import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import type { ApplicationContext } from '#domain/application/context.ts'
import { formSchemaText } from '#domain/application/form-schema.ts'
import { sections, type ApplicationForm } from '#domain/application/form.ts'
import { parseForm } from '#domain/application/parse-form.ts'
import { shiftMonths } from '#domain/application/format/calendar.ts'
import { checkFormat } from '#domain/application/format.ts'
import { noApplication } from '#domain/application/evolve.ts'
import { expectThat } from '../support/expect.ts'
import { assertWellWritten } from '../support/refusal.ts'
import { misshapen, returned, withDatabase, type Change } from './faults.ts'
import { contextOf, decideAs, demoDatabases, demoForm, storySteps, take } from './support.ts'
import { people } from '../support/people.ts'

const changed = (change: Change): any => {
  const form = structuredClone(demoForm())
  change(form)
  return form
}
const contextNow = (over: Partial<ApplicationContext> = {}) => contextOf(people.machine, over)
const pathsAndRequirements = (form: ApplicationForm, over?: Partial<ApplicationContext>) =>
  checkFormat(form, contextNow(over)).map(({ path, requirement }) => `${requirement} ${path}`)

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
      ['form.shape', `form.${section}`, 'this part is missing'],
    ])
  })
}

for (const { requirement, path, change } of misshapen) {
  test(`[${requirement}] a wrong ${path} is refused with its path and what to write`, () => {
    const decision = decideAs(noApplication, people.contact, { type: 'SubmitApplication', form: changed(change) })
    assert.ok(!decision.ok)
    expect(decision.refusals.map(({ code, requirement: of, path: at }) => [code, of, at])).toEqual([
      ['form.shape', requirement, path],
    ])
    for (const refusal of decision.refusals) assertWellWritten(refusal)
  })
}

const submitted = (form: unknown) => {
  const decision = decideAs(noApplication, people.contact, { type: 'SubmitApplication', form })
  assert.ok(!decision.ok)
  return decision.refusals.map(({ code, path }) => `${code} ${path}`)
}

test('[APP-1] whoever has one section wrong is told of the rules of the others too, in the same answer', () => {
  const told = submitted(
    changed((form) => {
      form.formVersion = '0.9'
      form.publication.minimumCell = 9
      form.contact.email = 'x'
      form.guidelines.version = '2.0'
      form.handlers[0].place = 'nowhere'
      form.extracts[1].rationale = ''
    }),
  )
  expect(told).toEqual([
    'form.shape form.formVersion',
    'form.shape form.contact.email',
    'form.shape form.publication.minimumCell',
    'form.rule form.guidelines.version',
    'form.rule form.handlers[0].place',
    'form.rule form.extracts[1].rationale',
  ])
})

test('[APP-1] a rule is not asked of a section whose shape is wrong', () => {
  const told = submitted(
    changed((form) => {
      form.plan.places = 'everywhere'
      form.handlers[0].place = 'nowhere'
      form.guidelines.version = '2.0'
    }),
  )
  expect(told).toEqual(['form.shape form.plan.places', 'form.rule form.guidelines.version'])
})

test('[APP-1] a return fits into one event of the ledger, however many problems there are', () => {
  const form = changed((each) => {
    each.handlers = Array.from({ length: 100 }, () => ({ ...each.handlers[0], organisation: '無'.repeat(200) }))
  })
  assert.ok(parseForm(form).ok)
  const problems = checkFormat(form, contextNow())
  assert.ok(Buffer.byteLength(JSON.stringify(problems)) < 300_000)
  expect(problems.at(-1)?.what.en).toMatch(/^\d+ problems are not listed$/)
  for (const problem of problems) assertWellWritten(problem)
})

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

for (const { fault, expected, change = () => {}, facts } of returned) {
  const [requirement, path] = expected.split(' ')
  test(`[${requirement}] an application with ${fault} is returned for that reason only, and ${path} is named`, () => {
    const form = changed(change)
    assert.ok(parseForm(form).ok)
    expect(pathsAndRequirements(form, facts)).toEqual([expected])
    for (const problem of checkFormat(form, contextNow(facts))) assertWellWritten(problem)
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

test('[PUB-3] pseudonymised data of a public database leave the platform by an unexpired exception only', () => {
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
