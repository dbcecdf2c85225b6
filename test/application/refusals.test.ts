import assert from 'node:assert/strict'
import { test } from '@jest/globals'
import type { ApplicationCommand } from '#domain/application/commands.ts'
import type { ApplicationContext } from '#domain/application/context.ts'
import { noApplication } from '#domain/application/evolve.ts'
import type { Application } from '#domain/application/state.ts'
import type { Actor } from '#domain/kernel/decider.ts'
import { bodies, people } from '#test/support/people.ts'
import { assertRefused } from '#test/support/refusal.ts'
import { checklist, decideAs, demoDatabases, demoForm, riskProfile, take, TERMS, until } from './support.ts'

/** A command on an application, and the refusal it meets. */
interface ApplicationCase {
  readonly code: string
  readonly requirement?: string
  /** told where two cases would have one name */
  readonly fault?: string
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
    fault: 'a reviewer of the applicant',
    command: assign({ personId: 'r.abe', organisation: bodies.applicant }),
  },
  {
    code: 'conflict-of-interest',
    requirement: 'REV-2',
    on: until('CheckFormat'),
    actor: operator,
    fault: 'a handler who names another organisation',
    command: assign({ personId: people.yamada.id, organisation: '北信大学' }),
  },
  {
    code: 'conflict-of-interest',
    requirement: 'REV-2',
    on: until('CheckFormat'),
    actor: operator,
    fault: 'an organisation without a letter',
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
    fault: 'a misspelt item',
    command: { ...review, checklist: { ...checklist(), purpos: { verdict: 'met', comment: 'x' } } },
  },
  {
    code: 'unknown-item',
    requirement: 'REV-1',
    on: until('AssignReviewers'),
    actor: reviewer,
    fault: 'an item of nothing',
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

/** Codes are what programs and records go by: each stays, with the requirement it comes from. */
for (const { code, requirement, fault, on, actor, command, over } of applicationCases) {
  const where = `where it is ${on.status}${fault ? `: ${fault}` : ''}`
  test(`[${requirement ?? 'APP-6'}] application.${code} is said of ${command.type} ${where}`, () =>
    assertRefused(decideAs(on, actor, command, over), { code: `application.${code}`, requirement }))
}
