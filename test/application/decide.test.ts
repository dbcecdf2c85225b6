import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import type { ApplicationCommand, CommandOf } from '#domain/application/commands.ts'
import { noApplication } from '#domain/application/evolve.ts'
import type { Actor } from '#domain/kernel/decider.ts'
import {
  checklist,
  codes,
  decideAs,
  demoDatabases,
  demoForm,
  people,
  riskProfile,
  rules,
  storySteps,
  take,
  TERMS,
  until,
  type Step,
} from './support.ts'

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
  type: 'Decide',
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
    expect(codes(decideAs(noApplication, actor, submit))).toEqual(['application.not-the-applicant'])
  assert.ok(decideAs(noApplication, people.representative, submit).ok)
})

test('[APP-1] an agent submits from the agent’s own organisation', () => {
  const form = {
    ...demoForm(),
    contact: {
      ...demoForm().contact,
      agent: {
        personId: 'a.agent',
        name: '代理 人',
        organisation: '代理法人',
        phone: '03-0000-0000',
        email: 'agent@agent.example',
      },
    },
  }
  const agent: Actor = { id: 'a.agent', organisation: '代理法人', roles: ['applicant'], factors: ['pwd', 'otp'] }
  assert.ok(decideAs(noApplication, agent, { type: 'SubmitApplication', form }).ok)
  expect(
    decideAs(noApplication, { ...agent, organisation: '東都医科大学' }, { type: 'SubmitApplication', form }).ok,
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
    expect(codes(decideAs(application, people.operator, assign(actor, people.secondReviewer)))).toEqual([
      'application.conflict-of-interest',
    ])
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
  expect(codes(decideAs(application, people.operator, assign(people.reviewer)))).toEqual([
    'application.conflict-of-interest',
  ])
})

test('[REV-2] a reviewer who says another organisation than the identity provider is found', () => {
  const moved = { organisations: new Map([[people.reviewer.id, '東都医科大学']]) }
  expect(codes(decideAs(until('CheckFormat'), people.operator, assign(people.reviewer), moved))).toEqual([
    'application.conflict-of-interest',
  ])
})

test('[REV-2] an operator with a part in the application does not run its procedure', () => {
  const insider: Actor = { ...people.operator, organisation: '東都医科大学' }
  expect(codes(decideAs(until('SubmitApplication'), insider, { type: 'CheckFormat' }))).toEqual([
    'application.conflict-of-interest',
  ])
  expect(codes(decideAs(until('CheckFormat'), insider, assign(people.reviewer)))).toEqual([
    'application.conflict-of-interest',
  ])
  expect(codes(decideAs(until('SignPledge'), insider, { type: 'Grant' }))).toEqual(['application.conflict-of-interest'])
})

test('[REV-1] a review with an unanswered or unknown item is not recorded, and the item is named', () => {
  const application = until('AssignReviewers')
  const { purpose: _, ...rest } = checklist()
  const missing = decideAs(application, people.reviewer, review({ checklist: rest }))
  assert.ok(!missing.ok)
  expect(missing.refusals.map(({ path }) => path)).toEqual(['checklist.purpose'])
  expect(
    codes(
      decideAs(
        application,
        people.reviewer,
        review({ checklist: { ...checklist(), weather: { verdict: 'met', comment: 'x' } } }),
      ),
    ),
  ).toEqual(['application.unknown-item'])
})

test('[REV-2] who is not assigned, and who has come into a conflict since, does not review', () => {
  const application = until('AssignReviewers')
  expect(codes(decideAs(application, { ...people.reviewer, id: 'r.other' }, review()))).toEqual([
    'application.not-a-reviewer',
  ])
  expect(codes(decideAs(application, { ...people.reviewer, organisation: '東都医科大学' }, review()))).toEqual([
    'application.conflict-of-interest',
  ])
})

test('[REV-2] an opinion needs two distinct reviewers, and is given by one of them', () => {
  const one = take(until('AssignReviewers'), [people.reviewer, review()])
  expect([...new Set(codes(decideAs(one, people.reviewer, opinion())))]).toEqual(['application.no-quorum'])
  const twice = take(one, [people.reviewer, review({ comment: '再度' })])
  expect([...new Set(codes(decideAs(twice, people.reviewer, opinion())))]).toEqual(['application.no-quorum'])
  expect([...new Set(codes(decideAs(until('RecordReview'), people.operator, opinion())))]).toEqual([
    'application.not-a-reviewer',
  ])
})

test('[REV-3] several databases demand the shared risk profile, and every one its own opinion', () => {
  const application = until('RecordReview')
  expect(codes(decideAs(application, people.reviewer, opinion({ riskProfile: undefined })))).toEqual([
    'application.no-risk-profile',
  ])
  const partly = take(application, [people.reviewer, opinion({ databases: ['NDB', 'DPC'] })])
  expect(partly.status).toBe('under-review')
  expect(take(partly, [people.secondReviewer, opinion({ databases: ['RWD1'] })]).status).toBe('under-decision')
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
    [people.operator, assignment],
    [reviewer, review()],
    [secondReviewer, review()],
  ]
  const application = steps.reduce(take, until('CheckFormat'))
  assert.ok(decideAs(application, reviewer, opinion({ databases: ['NDB'] })).ok)
  expect(codes(decideAs(application, reviewer, opinion({ databases: ['DPC'] })))).toEqual(['application.no-quorum'])
  expect(codes(decideAs(application, secondReviewer, opinion({ databases: ['DPC'] })))).toEqual([
    'application.not-a-reviewer',
    'application.no-quorum',
  ])
})

test('[REV-2] a decision before the opinion is refused', () => {
  expect(codes(decideAs(until('RecordReview'), people.publicHolder, approve('NDB')))).toEqual([
    'application.wrong-state',
  ])
})

test('[REV-2] a holder decides once, on their own database, and not as its reviewer', () => {
  const application = until('RecordOpinion')
  expect(codes(decideAs(application, people.privateHolder, approve('NDB')))).toEqual(['application.not-the-holder'])
  expect(codes(decideAs(application, { ...people.publicHolder, databases: ['KAIGO'] }, approve('KAIGO')))).toEqual([
    'application.other-database',
  ])
  expect(codes(decideAs(application, { ...people.publicHolder, id: people.reviewer.id }, approve('NDB')))).toEqual([
    'application.reviewed-already',
  ])
  expect(
    codes(decideAs(application, { ...people.publicHolder, organisation: '東都医科大学' }, approve('NDB'))),
  ).toEqual(['application.conflict-of-interest'])
  const once = take(application, [people.publicHolder, approve('NDB')])
  expect(
    codes(decideAs(once, people.publicHolder, { type: 'Decide', database: 'NDB', decision: 'refuse', reason: 'x' })),
  ).toEqual(['application.decided-already'])
})

test('[REV-2] at the moment of decision the quorum counts again: a reviewer who has joined the applicant counts no more', () => {
  const moved = { organisations: new Map([[people.secondReviewer.id, '東都医科大学']]) }
  expect(codes(decideAs(until('RecordOpinion'), people.publicHolder, approve('NDB'), moved))).toEqual([
    'application.no-quorum',
  ])
})

test('[REV-2] against an unfavourable opinion a holder can refuse, not approve', () => {
  const application = take(until('RecordReview'), [people.reviewer, opinion({ opinion: 'unfavourable' })])
  expect(codes(decideAs(application, people.publicHolder, approve('NDB')))).toEqual([
    'application.unfavourable-opinion',
  ])
  expect(
    take(application, [
      people.publicHolder,
      { type: 'Decide', database: 'NDB', decision: 'refuse', reason: '意見による' },
    ]).status,
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
  expect(codes(decideAs(until('RecordOpinion'), people.publicHolder, approve('NDB'), lapsed))).toEqual([
    'application.no-longer-lawful',
  ])
  expect(codes(decideAs(until('SignPledge'), people.machine, { type: 'Grant' }, lapsed))).toEqual([
    'application.no-longer-lawful',
  ])
})

test('[CON-1] only the representative and handlers sign, each for themselves, and the terms in force', () => {
  const application = until('Decide')
  expect(codes(decideAs(application, people.operator, { type: 'SignPledge', termsVersion: TERMS }))).toEqual([
    'application.nothing-to-sign',
  ])
  expect(codes(decideAs(application, people.tanaka, { type: 'SignPledge', termsVersion: '2020-01' }))).toEqual([
    'application.other-terms',
  ])
  const signed = take(application, [people.tanaka, { type: 'SignPledge', termsVersion: TERMS }])
  expect(decideAs(signed, people.tanaka, { type: 'SignPledge', termsVersion: TERMS })).toEqual({
    ok: true,
    events: [],
  })
})

const signatures = storySteps().filter(([, { type }]) => type === 'SignPledge')
for (const [missing] of signatures) {
  test(`[CON-1] without the pledge of ${missing.id} nothing is granted, and the missing person is named`, () => {
    const application = signatures.filter(([actor]) => actor !== missing).reduce(take, until('Decide'))
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
  expect(codes(decideAs(without, people.machine, { type: 'Grant' }))).toEqual(['application.undecided'])
  const own = {
    decision: 'approve',
    reason: 'x',
    decidedBy: { personId: 'h.own', organisation: '東都医科大学' },
  } as const
  expect(
    codes(
      decideAs({ ...application, decisions: new Map([...application.decisions, ['NDB', own]]) }, people.machine, {
        type: 'Grant',
      }),
    ),
  ).toEqual(['application.conflict-of-interest'])
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
    .map((actor): Step => [actor, { type: 'SignPledge', termsVersion: TERMS }])
    .reduce(take, until('Decide', own))
  assert.ok(decideAs(application, people.machine, { type: 'Grant' }).ok)
})

test('[VIS-6] nothing is granted after its period, nor where no cell has room', () => {
  const application = until('SignPledge')
  assert.ok(
    codes(decideAs(application, people.machine, { type: 'Grant' }, { now: '2028-09-30T15:00:00.000Z' })).includes(
      'application.period-over',
    ),
  )
  expect(codes(decideAs(application, people.machine, { type: 'Grant' }, { cell: undefined }))).toEqual([
    'application.no-room',
  ])
})

test('[APP-6] the applicant withdraws until the grant, and the operator rejects until the review', () => {
  expect(take(until('RecordOpinion'), [people.contact, { type: 'Withdraw', reason: '計画の変更' }]).status).toBe(
    'withdrawn',
  )
  expect(codes(decideAs(until('RecordOpinion'), people.operator, { type: 'Withdraw', reason: 'x' }))).toEqual([
    'application.not-the-applicant',
  ])
  expect(codes(decideAs(until('Grant'), people.contact, { type: 'Withdraw', reason: 'x' }))).toEqual([
    'application.wrong-state',
  ])
  expect(take(until('CheckFormat'), [people.operator, { type: 'Reject', reason: '重複' }]).status).toBe('rejected')
  expect(codes(decideAs(until('AssignReviewers'), people.operator, { type: 'Reject', reason: 'x' }))).toEqual([
    'application.wrong-state',
  ])
})

test('[REV-2] who had a part in a returned form is no stranger to the corrected one', () => {
  const agent: Actor = { id: 'a.agent', organisation: '代理法人', roles: ['applicant'], factors: ['pwd', 'otp'] }
  const first = {
    ...demoForm(),
    contact: {
      ...demoForm().contact,
      agent: {
        personId: 'a.agent',
        name: '代理 人',
        organisation: '代理法人',
        phone: '03-0000-0000',
        email: 'agent@agent.example',
      },
    },
  }
  first.plan.period.until = '2099-01-01'
  const returned = [
    [agent, { type: 'SubmitApplication', form: first }],
    [people.machine, { type: 'CheckFormat' }],
  ].reduce((state, step) => take(state, step as unknown as Step), noApplication)
  expect(returned.status).toBe('returned')
  const accepted = [
    [people.contact, { type: 'SubmitApplication', form: demoForm() }],
    [people.machine, { type: 'CheckFormat' }],
  ].reduce((state, step) => take(state, step as unknown as Step), returned)
  for (const actor of [
    { ...people.reviewer, id: 'a.agent' },
    { ...people.reviewer, organisation: '代理法人' },
  ]) {
    expect(codes(decideAs(accepted, people.operator, assign(actor, people.secondReviewer)))).toEqual([
      'application.conflict-of-interest',
    ])
  }
})

test('[REV-2] a holder found to have moved to the applicant stops the grant', () => {
  const moved = { organisations: new Map([[people.publicHolder.id, '東都医科大学']]) }
  expect([...new Set(codes(decideAs(until('SignPledge'), people.machine, { type: 'Grant' }, moved)))]).toEqual([
    'application.conflict-of-interest',
  ])
})
