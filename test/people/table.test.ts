import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import { applicationEntity, personValue, platformEntity, projectEntity, type Entity } from '#domain/people/entities.ts'
import { authorizationRequest, type Action, type RequestContext } from '#domain/people/request.ts'
import type { Actor } from '#domain/kernel/decider.ts'
import { replay } from '#domain/kernel/decider.ts'
import { grantProject } from '#domain/application/opening.ts'
import { noProject, evolve } from '#domain/project/evolve.ts'
import { noApplication } from '#domain/application/evolve.ts'
import { contextOf, decideAs, people, until } from '../application/support.ts'
import { allowed } from './cedar.ts'

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

/** Role × command: everybody named is allowed, everybody else is denied. */
const table: readonly (readonly [Action, Entity, readonly Who[], RequestContext?])[] = [
  ['SubmitApplication', absent, ['contact', 'representative', 'otherApplicant']],
  ['SubmitApplication', application, ['contact', 'representative']],
  ['Withdraw', application, ['contact', 'representative']],
  ['CheckFormat', application, ['operator', 'secondOperator', 'thirdOperator', 'machine']],
  ['AssignReviewers', application, ['operator', 'secondOperator', 'thirdOperator']],
  ['Reject', application, ['operator', 'secondOperator', 'thirdOperator']],
  ['Grant', application, ['operator', 'secondOperator', 'thirdOperator', 'machine']],
  ['RecordReview', application, ['reviewer', 'secondReviewer']],
  ['RecordOpinion', application, ['reviewer', 'secondReviewer']],
  ['Decide', application, ['publicHolder'], { database: 'NDB' }],
  ['Decide', application, ['privateHolder'], { database: 'RWD1' }],
  ['SignPledge', application, ['contact', 'representative', 'tanaka', 'suzuki', 'yamada']],
  [
    'RemoveHandler',
    project,
    ['contact', 'representative', 'operator', 'secondOperator', 'thirdOperator'],
    { person: personValue('p.tanaka') },
  ],
  ['SuspendProject', project, ['operator', 'secondOperator', 'thirdOperator']],
  ['ResumeProject', project, ['operator', 'secondOperator', 'thirdOperator']],
  ['EndProject', project, ['contact', 'representative', 'operator', 'secondOperator', 'thirdOperator', 'machine']],
  ['ApproveRemoval', project, ['operator', 'secondOperator', 'thirdOperator']],
  ['ReportHeld', project, ['machine']],
  ['ReportConverged', project, ['machine']],
  ['ReportDestroyed', project, ['machine']],
  ['ReportQuarantined', project, ['machine']],
  [
    'ReadApplication',
    application,
    [
      'contact',
      'representative',
      'tanaka',
      'suzuki',
      'yamada',
      'reviewer',
      'secondReviewer',
      'publicHolder',
      'privateHolder',
      'operator',
      'secondOperator',
      'thirdOperator',
    ],
  ],
  [
    'ReadProject',
    project,
    [
      'contact',
      'representative',
      'tanaka',
      'suzuki',
      'yamada',
      'publicHolder',
      'privateHolder',
      'operator',
      'secondOperator',
      'thirdOperator',
    ],
  ],
  ['ReadLedger', application, ['publicHolder', 'privateHolder', 'operator', 'secondOperator', 'thirdOperator']],
  ['ReadLedger', project, ['publicHolder', 'privateHolder', 'operator', 'secondOperator', 'thirdOperator']],
  [
    'ListProjects',
    platformEntity(),
    [
      'contact',
      'representative',
      'tanaka',
      'suzuki',
      'yamada',
      'publicHolder',
      'privateHolder',
      'operator',
      'secondOperator',
      'thirdOperator',
      'otherApplicant',
      'otherHolder',
    ],
  ],
]

/** What the schema itself refuses before any policy: a machine where only people act. */
function passes(actor: Actor, action: Action, resource: Entity, context?: RequestContext): boolean {
  try {
    return allowed(authorizationRequest(actor, action, resource, context))
  } catch (error) {
    if (actor.id.startsWith('system/')) return false
    throw error
  }
}

for (const [action, resource, who, context] of table) {
  test(`[ARC-4] ${action} on ${resource.uid.type.slice(8)}${context?.['database'] ? ` ${String(context['database'])}` : ''}: exactly ${who.join(', ')}`, () => {
    const found = (Object.keys(everybody) as Who[]).filter((name) => passes(everybody[name], action, resource, context))
    expect(found.sort()).toEqual([...who].sort())
  })
}

test('[CON-2] opening a project is no action that anybody can ask for', () => {
  expect(() => allowed(authorizationRequest(people.operator, 'OpenProject' as Action, project))).toThrow()
})
