import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import type { ApplicationCommand } from '#domain/application/commands.ts'
import type { ApplicationContext } from '#domain/application/context.ts'
import { noApplication } from '#domain/application/evolve.ts'
import { parseForm } from '#domain/application/form.ts'
import type { Application } from '#domain/application/state.ts'
import type { Actor, Decision } from '#domain/kernel/decider.ts'
import { localised, refusalLines, type Refusal } from '#domain/kernel/refusal.ts'
import { noProject } from '#domain/project/evolve.ts'
import type { ProjectCommand } from '#domain/project/commands.ts'
import type { Project } from '#domain/project/state.ts'
import { aggregates } from '#domain/registry.ts'
import { parseRequest } from '#lambda/ledger/command/request.ts'
import * as ofRequests from '#lambda/ledger/refusals.ts'
import { forOperator, notPermitted, oneFactor } from '#lambda/people/refusals.ts'
import {
  checklist,
  decideAs,
  demoDatabases,
  demoForm,
  riskProfile,
  take,
  TERMS,
  until,
} from '#test/application/support.ts'
import {
  AFTER,
  after,
  decideAs as decideOn,
  DIGEST,
  everything,
  held,
  LAST_SECOND,
  open,
} from '#test/project/support.ts'
import { expectThat } from '#test/support/expect.ts'
import { bodies, people, reconciler } from '#test/support/people.ts'
import { assertWellWritten } from '#test/support/refusal.ts'

const refusalsOf = (decision: Decision<unknown>): readonly Refusal[] => (decision.ok ? [] : decision.refusals)

/** A command on an application, and the refusal it meets. */
interface ApplicationCase {
  readonly code: string
  readonly requirement?: string
  readonly on: Application
  readonly actor: Actor
  readonly command: ApplicationCommand
  readonly over?: Partial<ApplicationContext>
}

const assign = (...reviewers: Extract<ApplicationCommand, { type: 'AssignReviewers' }>['reviewers']) =>
  ({ type: 'AssignReviewers', reviewers }) as const
const { reviewer, secondReviewer, publicHolder, operator } = people
const asReviewer = { personId: reviewer.id, organisation: reviewer.organisation }
const review = { type: 'RecordReview', checklist: checklist(), verdict: 'favourable', comment: '適当である' } as const
const opinion = { type: 'RecordOpinion', opinion: 'favourable', reason: '適当である', riskProfile } as const
const approve = { type: 'DecideOnDatabase', database: 'NDB', decision: 'approve', reason: '認める' } as const
const moved = (person: Actor) => ({ organisations: new Map([[person.id, bodies.applicant]]) })
const lapsed = {
  databases: demoDatabases.map((database) =>
    database.id === 'RWD1' ? { ...database, accreditation: { status: 'accredited', validTo: '2026-11-21' } } : database,
  ),
}
const returned = (() => {
  const form = { ...demoForm(), guidelines: { ...demoForm().guidelines, version: '1.0' } }
  return until('CheckFormat', form)
})()
const partly = take(until('RecordReview'), { actor: reviewer, command: { ...opinion, databases: ['NDB'] } })
const { form: granted } = until('SignPledge')
assert.ok(granted)
const { purpose: _purpose, ...unfinished } = checklist()

const applicationCases: readonly ApplicationCase[] = [
  { code: 'wrong-state', on: noApplication, actor: operator, command: { type: 'CheckFormat' } },
  { code: 'wrong-state', on: until('Grant'), actor: people.contact, command: { type: 'Withdraw', reason: 'x' } },
  {
    code: 'not-the-applicant',
    requirement: 'APP-1',
    on: noApplication,
    actor: people.tanaka,
    command: { type: 'SubmitApplication', form: demoForm() },
  },
  {
    code: 'not-the-applicant',
    requirement: 'APP-1',
    on: until('CheckFormat'),
    actor: operator,
    command: { type: 'Withdraw', reason: 'x' },
  },
  {
    code: 'other-applicant',
    requirement: 'APP-1',
    on: returned,
    actor: { ...people.contact, organisation: '別の大学' },
    command: {
      type: 'SubmitApplication',
      form: { ...demoForm(), applicant: { ...demoForm().applicant, organisation: '別の大学' } },
    },
  },
  {
    code: 'conflict-of-interest',
    requirement: 'REV-2',
    on: until('CheckFormat'),
    actor: operator,
    command: assign({ personId: 'r.abe', organisation: bodies.applicant }),
  },
  {
    code: 'conflict-of-interest',
    requirement: 'REV-2',
    on: until('CheckFormat'),
    actor: operator,
    command: assign({ personId: people.yamada.id, organisation: '北信大学' }),
  },
  {
    code: 'conflict-of-interest',
    requirement: 'REV-2',
    on: until('CheckFormat'),
    actor: operator,
    command: assign({ personId: 'r.nobody', organisation: '・' }),
  },
  {
    code: 'conflict-of-interest',
    requirement: 'REV-2',
    on: until('SubmitApplication'),
    actor: { ...operator, organisation: bodies.applicant },
    command: { type: 'CheckFormat' },
  },
  {
    code: 'conflict-of-interest',
    requirement: 'REV-2',
    on: until('AssignReviewers'),
    actor: { ...reviewer, organisation: bodies.applicant },
    command: review,
  },
  {
    code: 'conflict-of-interest',
    requirement: 'REV-2',
    on: until('SignPledge'),
    actor: people.machine,
    command: { type: 'Grant' },
    over: moved(publicHolder),
  },
  {
    code: 'repeated',
    requirement: 'REV-2',
    on: until('CheckFormat'),
    actor: operator,
    command: assign(asReviewer, asReviewer),
  },
  {
    code: 'reviewed-already',
    requirement: 'REV-2',
    on: until('RecordReview'),
    actor: operator,
    command: assign(asReviewer),
  },
  {
    code: 'reviewed-already',
    requirement: 'REV-2',
    on: until('RecordOpinion'),
    actor: { ...publicHolder, id: reviewer.id },
    command: approve,
  },
  {
    code: 'other-database',
    requirement: 'REV-3',
    on: until('CheckFormat'),
    actor: operator,
    command: assign({ ...asReviewer, databases: ['KAIGO'] }),
  },
  {
    code: 'other-database',
    requirement: 'REV-3',
    on: until('RecordReview'),
    actor: reviewer,
    command: { ...opinion, databases: ['KAIGO'] },
  },
  {
    code: 'other-database',
    requirement: 'REV-2',
    on: until('RecordOpinion'),
    actor: publicHolder,
    command: { ...approve, database: 'KAIGO' },
  },
  {
    code: 'not-a-person',
    requirement: 'REV-2',
    on: until('AssignReviewers'),
    actor: people.machine,
    command: review,
  },
  {
    code: 'not-a-reviewer',
    requirement: 'REV-2',
    on: until('AssignReviewers'),
    actor: { ...reviewer, id: 'r.other' },
    command: review,
  },
  { code: 'not-a-reviewer', requirement: 'REV-2', on: until('RecordReview'), actor: operator, command: opinion },
  {
    code: 'unanswered',
    requirement: 'REV-1',
    on: until('AssignReviewers'),
    actor: reviewer,
    command: { ...review, checklist: unfinished },
  },
  {
    code: 'unknown-item',
    requirement: 'REV-1',
    on: until('AssignReviewers'),
    actor: reviewer,
    command: { ...review, checklist: { ...checklist(), purpos: { verdict: 'met', comment: 'x' } } },
  },
  {
    code: 'unknown-item',
    requirement: 'REV-1',
    on: until('AssignReviewers'),
    actor: reviewer,
    command: { ...review, checklist: { ...checklist(), weather: { verdict: 'met', comment: 'x' } } },
  },
  { code: 'opinion-recorded', requirement: 'REV-2', on: partly, actor: secondReviewer, command: review },
  {
    code: 'opinion-recorded',
    requirement: 'REV-2',
    on: partly,
    actor: reviewer,
    command: { ...opinion, databases: ['NDB'] },
  },
  {
    code: 'no-quorum',
    requirement: 'REV-2',
    on: take(until('AssignReviewers'), { actor: reviewer, command: review }),
    actor: reviewer,
    command: opinion,
  },
  {
    code: 'no-quorum',
    requirement: 'REV-2',
    on: until('RecordOpinion'),
    actor: publicHolder,
    command: approve,
    over: moved(secondReviewer),
  },
  {
    code: 'no-risk-profile',
    requirement: 'REV-3',
    on: until('RecordReview'),
    actor: reviewer,
    command: { ...opinion, riskProfile: undefined },
  },
  {
    code: 'not-the-holder',
    requirement: 'REV-2',
    on: until('RecordOpinion'),
    actor: people.privateHolder,
    command: approve,
  },
  {
    code: 'decided-already',
    requirement: 'REV-2',
    on: take(until('RecordOpinion'), { actor: publicHolder, command: approve }),
    actor: publicHolder,
    command: approve,
  },
  {
    code: 'no-opinion',
    requirement: 'REV-2',
    on: { ...until('RecordOpinion'), opinions: new Map() },
    actor: publicHolder,
    command: approve,
  },
  {
    code: 'unfavourable-opinion',
    requirement: 'REV-2',
    on: take(until('RecordReview'), { actor: reviewer, command: { ...opinion, opinion: 'unfavourable' } }),
    actor: publicHolder,
    command: approve,
  },
  {
    code: 'no-longer-lawful',
    requirement: 'PDB-1',
    on: until('RecordOpinion'),
    actor: publicHolder,
    command: approve,
    over: lapsed,
  },
  {
    code: 'nothing-to-sign',
    requirement: 'CON-1',
    on: until('DecideOnDatabase'),
    actor: operator,
    command: { type: 'SignPledge', termsVersion: TERMS },
  },
  {
    code: 'other-terms',
    requirement: 'CON-1',
    on: until('DecideOnDatabase'),
    actor: people.tanaka,
    command: { type: 'SignPledge', termsVersion: '2020-01' },
  },
  {
    code: 'unsigned',
    requirement: 'CON-1',
    on: until('DecideOnDatabase'),
    actor: people.machine,
    command: { type: 'Grant' },
  },
  {
    code: 'no-form',
    requirement: 'CON-1',
    on: { ...noApplication, status: 'approved' },
    actor: people.machine,
    command: { type: 'Grant' },
  },
  {
    code: 'period-over',
    requirement: 'APP-5',
    on: until('SignPledge'),
    actor: people.machine,
    command: { type: 'Grant' },
    over: { now: '2028-09-30T15:00:00.000Z' },
  },
  {
    code: 'not-visiting',
    requirement: 'PUB-3',
    on: { ...until('SignPledge'), form: { ...granted, provision: { ...granted.provision, route: 'media' } } },
    actor: people.machine,
    command: { type: 'Grant' },
  },
  {
    code: 'no-room',
    requirement: 'CON-1',
    on: until('SignPledge'),
    actor: people.machine,
    command: { type: 'Grant' },
    over: { cell: undefined },
  },
  {
    code: 'undecided',
    requirement: 'CON-1',
    on: { ...until('SignPledge'), decisions: new Map() },
    actor: people.machine,
    command: { type: 'Grant' },
  },
  {
    code: 'not-an-operator',
    on: until('SubmitApplication'),
    actor: people.contact,
    command: { type: 'CheckFormat' },
  },
]

/** A command on a project, and the refusal it meets. */
interface ProjectCase {
  readonly code: string
  readonly requirement?: string
  readonly on: Project
  readonly actor: Actor
  readonly command: ProjectCommand
  readonly now?: string
}

const suspended = after(open, operator, { type: 'SuspendProject', reason: 'abnormal use' })
const oneSuspended = after(open, operator, { type: 'SuspendProject', reason: 'x', personId: 'p.tanaka' })
const ended = after(open, reconciler, { type: 'EndProject', cause: 'expiry' }, AFTER)
const endedByOperator = after(open, operator, { type: 'EndProject', cause: 'end-of-use' })
const closed = after(ended, reconciler, { type: 'ReportConverged', exists: [] })
const holding = (project: Project) => after(project, reconciler, { type: 'ReportHeld', digest: DIGEST, removes: held })
const approveRemoval = { type: 'ApproveRemoval', digest: DIGEST } as const
const approvedOnce = after(holding(ended), people.secondOperator, approveRemoval)
const approvedTwice = after(approvedOnce, people.thirdOperator, approveRemoval)
const alone = after(open, operator, { type: 'RemoveHandler', personId: 'p.tanaka', reason: 'left' })
const leave = (personId: string) => ({ type: 'RemoveHandler', personId, reason: 'left' }) as const

const projectCases: readonly ProjectCase[] = [
  { code: 'unknown', on: noProject, actor: operator, command: leave('p.sato') },
  { code: 'over', on: ended, actor: operator, command: { type: 'SuspendProject', reason: 'x' } },
  { code: 'over', on: closed, actor: reconciler, command: { type: 'ReportHeld', digest: DIGEST, removes: held } },
  { code: 'not-a-handler', requirement: 'CON-2', on: open, actor: operator, command: leave('p.nobody') },
  {
    code: 'exists',
    requirement: 'CON-2',
    on: open,
    actor: people.machine,
    command: { type: 'OpenProject', grant: open },
  },
  {
    code: 'empty-grant',
    requirement: 'CON-2',
    on: noProject,
    actor: people.machine,
    command: { type: 'OpenProject', grant: { ...open, handlers: [] } },
  },
  { code: 'suspended-person', requirement: 'VIS-7', on: oneSuspended, actor: people.tanaka, command: leave('p.sato') },
  { code: 'suspended-project', requirement: 'VIS-7', on: suspended, actor: people.contact, command: leave('p.tanaka') },
  {
    code: 'suspended-handler',
    requirement: 'VIS-7',
    on: oneSuspended,
    actor: people.contact,
    command: leave('p.tanaka'),
  },
  { code: 'last-handler', requirement: 'APP-2', on: alone, actor: operator, command: leave('p.sato') },
  {
    code: 'expired',
    requirement: 'VIS-6',
    on: suspended,
    actor: operator,
    command: { type: 'ResumeProject', reason: 'late' },
    now: AFTER,
  },
  { code: 'not-suspended', on: open, actor: operator, command: { type: 'ResumeProject', reason: 'x' } },
  { code: 'not-suspended', on: oneSuspended, actor: operator, command: { type: 'ResumeProject', reason: 'x' } },
  {
    code: 'not-suspended',
    on: open,
    actor: operator,
    command: { type: 'ResumeProject', reason: 'x', personId: 'p.sato' },
  },
  {
    code: 'not-suspended',
    on: oneSuspended,
    actor: operator,
    command: { type: 'ResumeProject', reason: 'x', personId: 'p.sato' },
  },
  {
    code: 'not-expired',
    requirement: 'VIS-6',
    on: open,
    actor: reconciler,
    command: { type: 'EndProject', cause: 'expiry' },
    now: LAST_SECOND,
  },
  {
    code: 'not-the-applicant',
    requirement: 'CON-3',
    on: open,
    actor: people.tanaka,
    command: { type: 'EndProject', cause: 'end-of-use' },
  },
  { code: 'nothing-held', requirement: 'C-11', on: ended, actor: operator, command: approveRemoval },
  {
    code: 'other-removal',
    requirement: 'C-11',
    on: holding(ended),
    actor: operator,
    command: { type: 'ApproveRemoval', digest: 'cd'.repeat(32) },
  },
  { code: 'not-an-operator', requirement: 'C-11', on: holding(ended), actor: people.contact, command: approveRemoval },
  { code: 'own-request', requirement: 'C-11', on: holding(endedByOperator), actor: operator, command: approveRemoval },
  {
    code: 'approved-already',
    requirement: 'C-11',
    on: approvedOnce,
    actor: people.secondOperator,
    command: approveRemoval,
  },
  { code: 'approved-already', requirement: 'C-11', on: approvedTwice, actor: operator, command: approveRemoval },
  {
    code: 'machine-only',
    requirement: 'C-5',
    on: open,
    actor: operator,
    command: { type: 'ReportConverged', exists: everything },
  },
  {
    code: 'unnamed',
    requirement: 'C-11',
    on: open,
    actor: reconciler,
    command: { type: 'ReportDestroyed', destroyed: [{ kind: 'key', id: 'key-1' }] },
  },
]

/** Codes are what programs and records go by: each stays, with the requirement it comes from. */
for (const { code, requirement, on, actor, command, over } of applicationCases) {
  test(`[${requirement ?? 'APP-6'}] application.${code} is said of ${command.type} where it is ${on.status}`, () =>
    wellRefused(refusalsOf(decideAs(on, actor, command, over)), `application.${code}`, requirement))
}
for (const { code, requirement, on, actor, command, now } of projectCases) {
  test(`[${requirement ?? 'APP-6'}] project.${code} is said of ${command.type} on a project that is ${on.status}`, () =>
    wellRefused(refusalsOf(decideOn(on, actor, command, now)), `project.${code}`, requirement))
}

function wellRefused(refusals: readonly Refusal[], code: string, requirement: string | undefined): void {
  const found = refusals.filter((refusal) => refusal.code === code)
  expectThat(
    found.map((refusal) => refusal.requirement),
    JSON.stringify(refusals),
  ).toContain(requirement)
  for (const refusal of refusals) assertWellWritten(refusal)
}

test('[ARC-4] what any request may be refused with says what, why and next in both languages', () => {
  const said: Readonly<Record<string, string | undefined>> = {
    'request.nobody': 'AUTH-3',
    'request.failed': undefined,
    'request.idempotency-key-reused': 'C-10',
    'request.too-busy': 'C-10',
    'request.not-found': undefined,
    'request.malformed': undefined,
    'form.too-large': undefined,
  }
  const refusals = Object.values(ofRequests).map((each) =>
    typeof each === 'function' ? each('r-1' as string & number) : each,
  )
  expect(new Set(refusals.map(({ code }) => code))).toEqual(new Set(Object.keys(said)))
  for (const refusal of refusals) {
    assertWellWritten(refusal)
    expectThat(refusal.requirement, refusal.code).toBe(said[refusal.code])
  }
})

test('[ARC-4] who may not do something is told no more, and an operator which roles the command takes', () => {
  const plain = notPermitted('Withdraw')
  const told = forOperator(plain, ['applicant-side', 'operator'])
  for (const refusal of [oneFactor, plain, told]) assertWellWritten(refusal)
  expect([oneFactor.code, oneFactor.requirement]).toEqual(['request.one-factor', 'AUTH-1'])
  for (const { code, requirement } of [plain, told])
    expect([code, requirement]).toEqual(['request.not-permitted', 'ARC-4'])
  expect(told.next.en).toContain('the contact person, the agent or the representative or an operator')
  expect(told.what).toEqual(plain.what)
})

test('[APP-1] a form that is no form, and one that is too large, are refused in both languages', () => {
  const form = demoForm()
  const huge = { ...form.extracts[0], variables: Array.from({ length: 100 }, () => '項'.repeat(200)) }
  for (const value of [undefined, 7, [], {}, { ...form, extracts: Array.from({ length: 20 }, () => huge) }]) {
    const parsed = parseForm(value)
    assert.ok(!parsed.ok)
    for (const refusal of parsed.refusals) {
      assertWellWritten(refusal)
      expect(refusal.requirement).toMatch(/^APP-/)
    }
  }
})

test('[ARC-4] a malformed request is refused in both languages', () => {
  for (const text of [null, '[', '{}', '{"stream":"x","command":{"a":1e400},"b":1}', '{"__proto__":1}']) {
    const parsed = parseRequest(aggregates, text)
    assert.ok(!parsed.ok && parsed.refusals.length > 0)
    for (const refusal of parsed.refusals) assertWellWritten(refusal)
  }
})

test('[ARC-4] a refusal is read in one language: what with its place, why with its requirement, next', () => {
  const refusal: Refusal = {
    code: 'form.rule',
    what: { en: 'the list is empty', ja: '一覧が空です。' },
    why: { en: 'one entry is needed', ja: '一件以上必要です。' },
    next: { en: 'add one', ja: '追加してください。' },
    requirement: 'APP-2',
    path: 'form.handlers',
  }
  expect(refusalLines(refusal)).toEqual([
    'form.handlers: the list is empty',
    '  why:  one entry is needed (APP-2)',
    '  next: add one',
  ])
  expect(refusalLines(refusal, 'ja')[1]).toContain('一件以上必要です。')
  expect(localised(refusal, 'ja')).toEqual({
    code: 'form.rule',
    what: '一覧が空です。',
    why: '一件以上必要です。',
    next: '追加してください。',
    requirement: 'APP-2',
    path: 'form.handlers',
  })
})
