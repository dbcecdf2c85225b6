import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import { applicationAggregate } from '#domain/application/aggregate.ts'
import type { ApplicationCommand, CommandOf } from '#domain/application/commands.ts'
import { noApplication } from '#domain/application/evolve.ts'
import type { Application } from '#domain/application/state.ts'
import type { Actor } from '#domain/kernel/decider.ts'
import {
  agent,
  checklist,
  codes,
  decideAs,
  demoDatabases,
  demoForm,
  formOfAgent,
  refuses,
  riskProfile,
  rules,
  storySteps,
  take,
  TERMS,
  until,
  type Step,
} from './support.ts'
import { bodies, people } from '../support/people.ts'

const review = (over: Partial<CommandOf<'RecordReview'>> = {}): ApplicationCommand => ({
  type: 'RecordReview',
  checklist: checklist(),
  verdict: 'favourable',
  comment: '適当である',
  ...over,
})
const opinion = (over: Partial<CommandOf<'RecordOpinion'>> = {}): ApplicationCommand => ({
  type: 'RecordOpinion',
  opinion: 'favourable',
  reason: '適当である',
  riskProfile,
  ...over,
})
const approve = (database: string): ApplicationCommand => ({
  type: 'DecideOnDatabase',
  database,
  decision: 'approve',
  reason: '認める',
})
const assign = (...actors: Actor[]): ApplicationCommand => ({
  type: 'AssignReviewers',
  reviewers: actors.map(({ id, organisation }) => ({ personId: id, organisation })),
})

test('[APP-1] only who speaks for the applicant submits, from their own organisation', () => {
  const submit: ApplicationCommand = { type: 'SubmitApplication', form: demoForm() }
  for (const actor of [people.tanaka, people.operator, { ...people.contact, organisation: 'elsewhere' }])
    refuses(noApplication, actor, submit, 'not-the-applicant')
  assert.ok(decideAs(noApplication, people.representative, submit).ok)
})

test('[APP-1] an agent submits from the agent’s own organisation', () => {
  const form = formOfAgent()
  assert.ok(decideAs(noApplication, agent, { type: 'SubmitApplication', form }).ok)
  expect(
    decideAs(noApplication, { ...agent, organisation: bodies.applicant }, { type: 'SubmitApplication', form }).ok,
  ).toBe(false)
})

test('[REV-2] a reviewer of the applicant, of an outsourced body, or named in the form is not assigned', () => {
  const application = until('CheckFormat')
  const cases: Actor[] = [
    people.conflictedReviewer,
    { ...people.reviewer, organisation: 'みなと統計株式会社' },
    { ...people.reviewer, organisation: '東都医科大学 ' },
    { ...people.reviewer, id: 'p.yamada' },
  ]
  for (const actor of cases)
    refuses(application, people.operator, assign(actor, people.secondReviewer), 'conflict-of-interest')
})

test('[REV-2] an outsourced body without a handler is as much a conflict', () => {
  const form = demoForm()
  const outsourcing = [
    ...form.plan.outsourcing,
    { organisation: '北信大学', work: '検証', reason: '専門性', supervision: '毎週' },
  ]
  const application = storySteps({ ...form, plan: { ...form.plan, outsourcing } })
    .slice(0, 2)
    .reduce(take, noApplication)
  refuses(application, people.operator, assign(people.reviewer), 'conflict-of-interest')
})

test('[REV-2] a reviewer who says another organisation than the identity provider is found', () => {
  const moved = { organisations: new Map([[people.reviewer.id, bodies.applicant]]) }
  refuses(until('CheckFormat'), people.operator, assign(people.reviewer), 'conflict-of-interest', moved)
})

test('[REV-2] an operator with a part in the application does not run its procedure', () => {
  const insider: Actor = { ...people.operator, organisation: bodies.applicant }
  refuses(until('SubmitApplication'), insider, { type: 'CheckFormat' }, 'conflict-of-interest')
  refuses(until('CheckFormat'), insider, assign(people.reviewer), 'conflict-of-interest')
  refuses(until('SignPledge'), insider, { type: 'Grant' }, 'conflict-of-interest')
})

test('[REV-1] a review with an unanswered or unknown item is not recorded, and the item is named', () => {
  const application = until('AssignReviewers')
  const { purpose: _, ...rest } = checklist()
  const missing = decideAs(application, people.reviewer, review({ checklist: rest }))
  assert.ok(!missing.ok)
  expect(missing.refusals.map(({ path }) => path)).toEqual(['checklist.purpose'])
  refuses(
    application,
    people.reviewer,
    review({ checklist: { ...checklist(), weather: { verdict: 'met', comment: 'x' } } }),
    'unknown-item',
  )
})

test('[REV-2] who is not assigned, and who has come into a conflict since, does not review', () => {
  const application = until('AssignReviewers')
  refuses(application, { ...people.reviewer, id: 'r.other' }, review(), 'not-a-reviewer')
  refuses(application, { ...people.reviewer, organisation: bodies.applicant }, review(), 'conflict-of-interest')
})

test('[REV-2] an opinion needs two distinct reviewers, and is given by one of them', () => {
  const one = take(until('AssignReviewers'), { actor: people.reviewer, command: review() })
  expect([...new Set(codes(decideAs(one, people.reviewer, opinion())))]).toEqual(['application.no-quorum'])
  const twice = take(one, { actor: people.reviewer, command: review({ comment: '再度' }) })
  expect([...new Set(codes(decideAs(twice, people.reviewer, opinion())))]).toEqual(['application.no-quorum'])
  expect([...new Set(codes(decideAs(until('RecordReview'), people.operator, opinion())))]).toEqual([
    'application.not-a-reviewer',
  ])
})

test('[REV-3] several databases demand the shared risk profile, and every one its own opinion', () => {
  const application = until('RecordReview')
  refuses(application, people.reviewer, opinion({ riskProfile: undefined }), 'no-risk-profile')
  const partly = take(application, { actor: people.reviewer, command: opinion({ databases: ['NDB', 'DPC'] }) })
  expect(partly.status).toBe('under-review')
  expect(take(partly, { actor: people.secondReviewer, command: opinion({ databases: ['RWD1'] }) }).status).toBe(
    'under-decision',
  )
})

test('[REV-3] two databases are several: they demand the shared risk profile, and one does not', () => {
  const asking = (...databases: string[]): Application => {
    const application = until('RecordReview')
    assert.ok(application.form)
    const extracts = application.form.extracts.filter(({ database }) => databases.includes(database))
    return { ...application, form: { ...application.form, extracts } }
  }
  refuses(asking('NDB', 'DPC'), people.reviewer, opinion({ riskProfile: undefined }), 'no-risk-profile')
  assert.ok(decideAs(asking('NDB'), people.reviewer, opinion({ riskProfile: undefined })).ok)
})

test('[REV-3] a committee’s reviewers count for its databases only', () => {
  const { reviewer, secondReviewer } = people
  const assignment: ApplicationCommand = {
    type: 'AssignReviewers',
    reviewers: [
      { personId: reviewer.id, organisation: reviewer.organisation },
      { personId: secondReviewer.id, organisation: secondReviewer.organisation, databases: ['NDB'] },
    ],
  }
  const steps: Step[] = [
    { actor: people.operator, command: assignment },
    { actor: reviewer, command: review() },
    { actor: secondReviewer, command: review() },
  ]
  const application = steps.reduce(take, until('CheckFormat'))
  assert.ok(decideAs(application, reviewer, opinion({ databases: ['NDB'] })).ok)
  refuses(application, reviewer, opinion({ databases: ['DPC'] }), 'no-quorum')
  expect(codes(decideAs(application, secondReviewer, opinion({ databases: ['DPC'] })))).toEqual([
    'application.not-a-reviewer',
    'application.no-quorum',
  ])
})

test('[REV-2] a decision before the opinion is refused', () => {
  refuses(until('RecordReview'), people.publicHolder, approve('NDB'), 'wrong-state')
})

test('[REV-2] a holder decides once, on their own database, and not as its reviewer', () => {
  const application = until('RecordOpinion')
  refuses(application, people.privateHolder, approve('NDB'), 'not-the-holder')
  refuses(application, { ...people.publicHolder, databases: ['KAIGO'] }, approve('KAIGO'), 'other-database')
  refuses(application, { ...people.publicHolder, id: people.reviewer.id }, approve('NDB'), 'reviewed-already')
  refuses(
    application,
    { ...people.publicHolder, organisation: bodies.applicant },
    approve('NDB'),
    'conflict-of-interest',
  )
  const once = take(application, { actor: people.publicHolder, command: approve('NDB') })
  refuses(
    once,
    people.publicHolder,
    { type: 'DecideOnDatabase', database: 'NDB', decision: 'refuse', reason: 'x' },
    'decided-already',
  )
})

test('[REV-2] at the decision the quorum counts again, without a reviewer who has joined the applicant', () => {
  const moved = { organisations: new Map([[people.secondReviewer.id, bodies.applicant]]) }
  refuses(until('RecordOpinion'), people.publicHolder, approve('NDB'), 'no-quorum', moved)
})

test('[REV-2] a review given while in a conflict never counts, wherever its reviewer is found afterwards', () => {
  const conflicted = (application: Application): Application => ({
    ...application,
    reviews: application.reviews.map((each) =>
      each.reviewer.personId === people.secondReviewer.id
        ? { ...each, reviewer: { ...each.reviewer, organisation: bodies.applicant } }
        : each,
    ),
  })
  const since = { organisations: new Map([[people.secondReviewer.id, people.secondReviewer.organisation]]) }
  const opinionNow = decideAs(conflicted(until('RecordReview')), people.reviewer, opinion(), since)
  expect([...new Set(codes(opinionNow))]).toEqual(['application.no-quorum'])
  refuses(conflicted(until('RecordOpinion')), people.publicHolder, approve('NDB'), 'no-quorum', since)
})

test('[REV-2] at the opinion a review does not count whose reviewer was last seen with the applicant', () => {
  const moved = { organisations: new Map([[people.secondReviewer.id, bodies.applicant]]) }
  const decision = decideAs(until('RecordReview'), people.reviewer, opinion(), moved)
  expect([...new Set(codes(decision))]).toEqual(['application.no-quorum'])
})

test('[REV-2] against an unfavourable opinion a holder can refuse, not approve', () => {
  const application = take(until('RecordReview'), {
    actor: people.reviewer,
    command: opinion({ opinion: 'unfavourable' }),
  })
  refuses(application, people.publicHolder, approve('NDB'), 'unfavourable-opinion')
  expect(
    take(application, {
      actor: people.publicHolder,
      command: { type: 'DecideOnDatabase', database: 'NDB', decision: 'refuse', reason: '意見による' },
    }).status,
  ).toBe('refused')
})

test('[PUB-4] what has become unlawful since the format check is not approved, nor granted', () => {
  const lapsed = {
    databases: demoDatabases.map((database) =>
      database.id === 'RWD1'
        ? { ...database, accreditation: { status: 'accredited', validTo: '2026-11-21' } }
        : database,
    ),
  }
  refuses(until('RecordOpinion'), people.publicHolder, approve('NDB'), 'no-longer-lawful', lapsed)
  refuses(until('SignPledge'), people.machine, { type: 'Grant' }, 'no-longer-lawful', lapsed)
})

test('[CON-1] only the representative and handlers sign, each for themselves, and the terms in force', () => {
  const application = until('DecideOnDatabase')
  refuses(application, people.operator, { type: 'SignPledge', termsVersion: TERMS }, 'nothing-to-sign')
  refuses(application, people.tanaka, { type: 'SignPledge', termsVersion: '2020-01' }, 'other-terms')
  const signed = take(application, { actor: people.tanaka, command: { type: 'SignPledge', termsVersion: TERMS } })
  expect(decideAs(signed, people.tanaka, { type: 'SignPledge', termsVersion: TERMS })).toEqual({
    ok: true,
    events: [],
  })
})

const signatures = storySteps().filter(({ command }) => command.type === 'SignPledge')
for (const { actor: missing } of signatures) {
  test(`[CON-1] without the pledge of ${missing.id} nothing is granted, and the missing person is named`, () => {
    const application = signatures.filter(({ actor }) => actor !== missing).reduce(take, until('DecideOnDatabase'))
    const decision = decideAs(application, people.machine, { type: 'Grant' })
    assert.ok(!decision.ok)
    expect(
      decision.refusals.map(({ code, requirement, what }) => [code, requirement, what.en.startsWith(missing.id)]),
    ).toEqual([['application.unsigned', 'CON-1', true]])
  })
}

test('[CON-1] a grant counts the decisions themselves, and who made them, not only the state they led to', () => {
  const application = until('SignPledge')
  const without = { ...application, decisions: new Map([...application.decisions].slice(1)) }
  refuses(without, people.machine, { type: 'Grant' }, 'undecided')
  const own = {
    decision: 'approve',
    reason: 'x',
    decidedBy: { personId: 'h.own', organisation: bodies.applicant },
  } as const
  refuses(
    { ...application, decisions: new Map([...application.decisions, ['NDB', own]]) },
    people.machine,
    {
      type: 'Grant',
    },
    'conflict-of-interest',
  )
})

test('[CON-1] terms that changed after the signatures must be signed anew', () => {
  const application = until('SignPledge')
  const decision = decideAs(
    application,
    people.machine,
    { type: 'Grant' },
    { rules: { ...rules, terms: { version: '2027-01' } } },
  )
  expect([...new Set(codes(decision))]).toEqual(['application.unsigned'])
})

test('[CON-1] a representative who is also a handler signs once and counts as both', () => {
  const form = demoForm()
  const own = {
    ...form,
    applicant: { ...form.applicant, representative: { personId: 'p.sato', name: '佐藤 花子', post: '准教授' } },
  }
  const application = [people.contact, people.tanaka, people.suzuki, people.yamada]
    .map((actor): Step => ({ actor, command: { type: 'SignPledge', termsVersion: TERMS } }))
    .reduce(take, until('DecideOnDatabase', own))
  assert.ok(decideAs(application, people.machine, { type: 'Grant' }).ok)
})

test('[APP-5] a grant begins on the first day asked for, or today where that has passed', () => {
  const from = (first: string) => {
    const form = demoForm()
    form.plan.period.from = first
    const decision = decideAs({ ...until('SignPledge'), form }, people.machine, { type: 'Grant' })
    assert.ok(decision.ok && decision.events[0]?.type === 'ApplicationGranted')
    return decision.events[0].grant.from
  }
  expect(from('2027-01-15')).toBe('2027-01-15')
  expect(from('2026-11-23')).toBe('2026-11-23')
  expect(from('2026-11-01')).toBe('2026-11-22')
})

test('[VIS-6] nothing is granted after its period, nor where no cell has room', () => {
  const application = until('SignPledge')
  assert.ok(
    codes(decideAs(application, people.machine, { type: 'Grant' }, { now: '2028-09-30T15:00:00.000Z' })).includes(
      'application.period-over',
    ),
  )
  refuses(application, people.machine, { type: 'Grant' }, 'no-room', { cell: undefined })
})

test('[APP-6] the applicant withdraws until the grant, and the operator rejects until the review', () => {
  expect(
    take(until('RecordOpinion'), { actor: people.contact, command: { type: 'Withdraw', reason: '計画の変更' } }).status,
  ).toBe('withdrawn')
  refuses(until('RecordOpinion'), people.operator, { type: 'Withdraw', reason: 'x' }, 'not-the-applicant')
  refuses(until('Grant'), people.contact, { type: 'Withdraw', reason: 'x' }, 'wrong-state')
  expect(
    take(until('CheckFormat'), { actor: people.operator, command: { type: 'Reject', reason: '重複' } }).status,
  ).toBe('rejected')
  refuses(until('AssignReviewers'), people.operator, { type: 'Reject', reason: 'x' }, 'wrong-state')
})

test('[REV-2] who had a part in a returned form is no stranger to the corrected one', () => {
  const first = formOfAgent()
  first.plan.period.until = '2099-01-01'
  const submit = (state: Application, { actor, form }: { actor: Actor; form: unknown }): Application => {
    const submitted = take(state, { actor, command: { type: 'SubmitApplication', form } })
    return take(submitted, { actor: people.machine, command: { type: 'CheckFormat' } })
  }
  const returned = submit(noApplication, { actor: agent, form: first })
  expect(returned.status).toBe('returned')
  const accepted = submit(returned, { actor: people.contact, form: demoForm() })
  for (const actor of [
    { ...people.reviewer, id: 'a.agent' },
    { ...people.reviewer, organisation: '代理法人' },
  ]) {
    refuses(accepted, people.operator, assign(actor, people.secondReviewer), 'conflict-of-interest')
  }
})

test('[REV-2] a holder found to have moved to the applicant stops the grant', () => {
  const moved = { organisations: new Map([[people.publicHolder.id, bodies.applicant]]) }
  expect([...new Set(codes(decideAs(until('SignPledge'), people.machine, { type: 'Grant' }, moved)))]).toEqual([
    'application.conflict-of-interest',
  ])
})

test('[APP-6] an application is found by everybody with a part in it: agent, representative, reviewers', () => {
  const application = until('RecordReview', formOfAgent())
  expect([...(applicationAggregate.view?.(application).keys ?? [])].sort()).toEqual([
    'database/DPC',
    'database/NDB',
    'database/RWD1',
    'person/a.agent',
    'person/p.kondo',
    'person/p.sato',
    'person/p.suzuki',
    'person/p.tanaka',
    'person/p.yamada',
    'person/r.ito',
    'person/r.kato',
  ])
})
