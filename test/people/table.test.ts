import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import { applicationEntity } from '#domain/application/entity.ts'
import { personValue, platformEntity } from '#domain/people/entities.ts'
import { projectEntity } from '#domain/project/entity.ts'
import { authorizationRequest } from '#domain/people/request.ts'
import type { Entity, RequestContext, Sender } from '#domain/ledger/aggregate.ts'
import { aggregates } from '#domain/registry.ts'
import type { Actor } from '#domain/kernel/decider.ts'
import { replay } from '#domain/kernel/decider.ts'
import { grantProject } from '#domain/project/opening.ts'
import { noProject, evolve } from '#domain/project/evolve.ts'
import { noApplication } from '#domain/application/evolve.ts'
import { contextOf, decideAs, until } from '../application/support.ts'
import { people } from '../support/people.ts'
import { allowed } from './support.ts'

const application = applicationEntity('A-2026-0001', until('SignPledge'))
const absent = applicationEntity('A-2026-0002', noApplication)
const project = (() => {
  const granted = decideAs(until('SignPledge'), people.machine, { type: 'Grant' })
  assert.ok(granted.ok && granted.events[0])
  const opened = grantProject(granted.events[0], noProject, contextOf(people.machine))
  assert.ok(opened.ok)
  return projectEntity('A-2026-0001', replay({ initial: noProject, evolve }, opened.events))
})()

const stranger: Actor = { id: 'x.nobody', organisation: 'elsewhere', roles: [], factors: ['pwd', 'otp'] }
const otherApplicant: Actor = { ...stranger, id: 'x.other', roles: ['applicant', 'handler'] }
const otherHolder: Actor = { ...stranger, id: 'h.other', roles: ['holder'], databases: ['KAIGO'] }
const unassigned: Actor = { ...stranger, id: 'r.other', roles: ['reviewer'] }
const everybody = { ...people, stranger, otherApplicant, otherHolder, unassigned }
type Who = keyof typeof everybody

const applicants: readonly Who[] = ['contact', 'representative']
const handlers: readonly Who[] = ['tanaka', 'suzuki', 'yamada']
const holders: readonly Who[] = ['publicHolder', 'privateHolder']
const operators: readonly Who[] = ['operator', 'secondOperator', 'thirdOperator']

/** Role × command: everybody named is allowed, everybody else is denied. */
interface Duty {
  readonly action: string
  readonly resource: Entity
  readonly who: readonly Who[]
  readonly context?: RequestContext
}
const table: readonly Duty[] = [
  { action: 'SubmitApplication', resource: absent, who: [...applicants, 'otherApplicant'] },
  { action: 'SubmitApplication', resource: application, who: [...applicants] },
  { action: 'Withdraw', resource: application, who: [...applicants] },
  { action: 'CheckFormat', resource: application, who: [...operators, 'machine'] },
  { action: 'AssignReviewers', resource: application, who: [...operators] },
  { action: 'Reject', resource: application, who: [...operators] },
  { action: 'Grant', resource: application, who: [...operators, 'machine'] },
  { action: 'RecordReview', resource: application, who: ['reviewer', 'secondReviewer'] },
  { action: 'RecordOpinion', resource: application, who: ['reviewer', 'secondReviewer'] },
  { action: 'DecideOnDatabase', resource: application, who: ['publicHolder'], context: { database: 'NDB' } },
  { action: 'DecideOnDatabase', resource: application, who: ['privateHolder'], context: { database: 'RWD1' } },
  { action: 'SignPledge', resource: application, who: [...applicants, ...handlers] },
  {
    action: 'RemoveHandler',
    resource: project,
    who: [...applicants, ...operators],
    context: { person: personValue('p.tanaka') },
  },
  { action: 'SuspendProject', resource: project, who: [...operators] },
  { action: 'ResumeProject', resource: project, who: [...operators] },
  {
    action: 'EndProject',
    resource: project,
    who: [...applicants, ...operators, 'machine'],
  },
  { action: 'ApproveRemoval', resource: project, who: [...operators] },
  { action: 'ReportHeld', resource: project, who: ['machine'] },
  { action: 'ReportConverged', resource: project, who: ['machine'] },
  { action: 'ReportDestroyed', resource: project, who: ['machine'] },
  { action: 'ReportQuarantined', resource: project, who: ['machine'] },
  {
    action: 'ReadApplication',
    resource: application,
    who: [...applicants, ...handlers, 'reviewer', 'secondReviewer', ...holders, ...operators],
  },
  {
    action: 'ReadProject',
    resource: project,
    who: [...applicants, ...handlers, ...holders, ...operators],
  },
  {
    action: 'ReadApplicationLedger',
    resource: application,
    who: [...holders, ...operators],
  },
  {
    action: 'ReadProjectLedger',
    resource: project,
    who: [...holders, ...operators],
  },
  {
    action: 'ListApplications',
    resource: platformEntity(),
    who: [
      ...applicants,
      ...handlers,
      ...holders,
      ...operators,
      'reviewer',
      'secondReviewer',
      'conflictedReviewer',
      'otherApplicant',
      'otherHolder',
      'unassigned',
    ],
  },
  {
    action: 'ListProjects',
    resource: platformEntity(),
    who: [...applicants, ...handlers, ...holders, ...operators, 'otherApplicant', 'otherHolder'],
  },
]

/** What the schema itself refuses before any policy: a machine where only people act. */
function passes(actor: Actor, action: string, resource: Entity, context?: RequestContext): boolean {
  try {
    return allowed(authorizationRequest(actor, action, resource, context))
  } catch (error) {
    if (actor.id.startsWith('system/')) return false
    throw error
  }
}

for (const { action, resource, who, context } of table) {
  const database = context?.['database'] ? ` ${String(context['database'])}` : ''
  test(`[ARC-4] ${action} on ${resource.uid.type.slice(8)}${database}: exactly ${who.join(', ')}`, () => {
    const found = (Object.keys(everybody) as Who[]).filter((name) => passes(everybody[name], action, resource, context))
    expect(found.sort()).toEqual([...who].sort())
  })
}

test('[CON-2] opening a project is no action that anybody can ask for', () => {
  expect(() => allowed(authorizationRequest(people.operator, 'OpenProject' as string, project))).toThrow()
})

/** One person who sends as each of the senders that a command's document names. */
const sending: Readonly<Record<Sender, Who>> = {
  applicant: 'otherApplicant',
  'applicant-side': 'contact',
  signatory: 'tanaka',
  reviewer: 'reviewer',
  holder: 'publicHolder',
  operator: 'operator',
  machine: 'machine',
}
const onto: Readonly<Record<string, Entity>> = { application, project }
for (const { name, commands } of aggregates) {
  for (const [type, { by }] of Object.entries(commands?.documents ?? {})) {
    test(`[ARC-4] what the documents say of who sends ${type} is what the policies permit`, () => {
      const row = table.find(({ action }) => action === type)
      assert.ok(row !== undefined, `no row for ${type}`)
      const permitted = (Object.keys(sending) as Sender[]).filter((sender) => {
        const resource = type === 'SubmitApplication' && sender === 'applicant' ? absent : onto[name]!
        return passes(everybody[sending[sender]], type, resource, row.context)
      })
      // A person of the applicant's side signs too, and the contact person of the case is one of its handlers.
      const implied = (sender: Sender) => type === 'SignPledge' && sender === 'applicant-side'
      expect(permitted.filter((sender) => !implied(sender)).sort()).toEqual([...by].sort())
    })
  }
}
