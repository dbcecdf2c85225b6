import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { applicationEntity } from '#domain/application/entity.ts'
import { personValue, principalOf } from '#domain/people/entities.ts'
import { projectEntity } from '#domain/project/entity.ts'
import type { Project } from '#domain/project/state.ts'
import { factorKinds } from '#domain/people/factors.ts'
import { authorizationRequest } from '#domain/people/request.ts'
import type { Entity, RequestContext } from '#domain/ledger/aggregate.ts'
import type { Actor, Role } from '#domain/kernel/decider.ts'
import { agent, formOfAgent, until } from '../application/support.ts'
import { after, open } from '../project/support.ts'
import { bodies, people } from '../support/people.ts'
import { allowed, without } from './support.ts'

const decided = until('RecordOpinion')
const application = applicationEntity('A-2026-0001', decided)
const project = projectEntity('A-2026-0001', open)
const judging: readonly string[] = [
  'CheckFormat',
  'AssignReviewers',
  'RecordReview',
  'RecordOpinion',
  'DecideOnDatabase',
  'Reject',
  'Grant',
]
const onProject: readonly string[] = [
  'RemoveHandler',
  'SuspendProject',
  'ResumeProject',
  'EndProject',
  'ApproveRemoval',
  'ReportHeld',
  'ReportConverged',
  'ReportDestroyed',
  'ReportQuarantined',
  'ReadProject',
]
const contextFor = (action: string): RequestContext =>
  action === 'DecideOnDatabase'
    ? { database: 'NDB' }
    : action === 'RemoveHandler'
      ? { person: personValue('p.suzuki') }
      : {}
const runs = { numRuns: 60 }

const roles = fc.uniqueArray(fc.constantFrom<Role>('applicant', 'handler', 'reviewer', 'holder', 'operator', 'system'))
const anyRoles: Actor['roles'] = ['applicant', 'handler', 'reviewer', 'holder', 'operator']

test('[AUTH-1] with fewer than two kinds of factor a person may do nothing, whatever their roles', () => {
  const factors = fc.constantFrom<readonly string[]>(
    [],
    ['pwd'],
    ['otp'],
    ['pwd', 'pin'],
    ['otp', 'hwk'],
    ['mfa'],
    ['pwd', 'sms'],
    ['face', 'fpt'],
  )
  fc.assert(
    fc.property(factors, roles, fc.constantFrom(...judging, ...onProject), (proved, held, action) => {
      const actor: Actor = { ...people.publicHolder, id: 'r.ito', roles: held, factors: proved }
      const resource = onProject.includes(action) ? project : application
      expect(allowed(authorizationRequest(actor, action, resource, contextFor(action)))).toBe(false)
    }),
    runs,
  )
})

test('[AUTH-1] two factors of one kind are one kind', () => {
  expect(factorKinds(['pwd', 'pin'])).toBe(1)
  expect(factorKinds(['pwd', 'otp'])).toBe(2)
  expect(factorKinds(['password', 'passkey', 'face'])).toBe(3)
  expect(factorKinds(['mfa', 'sms', 'mail', 'toString'])).toBe(0)
})

test('[REV-2] nobody with a part in an application judges it, whatever their roles and their spelling', () => {
  const own = [bodies.applicant, ' 東都医科大学 ', 'みなと統計株式会社', 'みなと統計株式会社\u3000']
  fc.assert(
    fc.property(fc.constantFrom(...own), roles, fc.constantFrom(...judging), (organisation, held, action) => {
      const actor: Actor = {
        id: 'r.ito',
        organisation,
        roles: held,
        factors: ['pwd', 'otp'],
        databases: ['NDB', 'DPC', 'RWD1'],
      }
      expect(allowed(authorizationRequest(actor, action, application, contextFor(action)))).toBe(false)
    }),
    runs,
  )
})

test('[REV-2] nobody named in an application judges it, even from another organisation', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('p.sato', 'p.kondo', 'p.tanaka', 'p.suzuki', 'p.yamada'),
      fc.constantFrom(...judging),
      (id, action) => {
        const actor: Actor = {
          id,
          organisation: 'elsewhere',
          roles: anyRoles,
          factors: ['pwd', 'otp'],
          databases: ['NDB', 'DPC', 'RWD1'],
        }
        expect(allowed(authorizationRequest(actor, action, application, contextFor(action)))).toBe(false)
      },
    ),
    runs,
  )
})

test('[REV-2] a holder decides on no database but their own', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.constantFrom('NDB', 'DPC', 'RWD1', 'KAIGO')),
      fc.constantFrom('NDB', 'DPC', 'RWD1'),
      (databases, database) => {
        const actor: Actor = { ...people.publicHolder, databases }
        expect(allowed(authorizationRequest(actor, 'DecideOnDatabase', application, { database }))).toBe(
          databases.includes(database),
        )
      },
    ),
    runs,
  )
})

test('[C-5] no person reports what the reconciler found, even one whose token claims the role system', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('o.mori', 'system', 'system.reconcile'),
      fc.constantFrom<string>('ReportHeld', 'ReportConverged', 'ReportDestroyed', 'ReportQuarantined'),
      (id, action) => {
        const actor: Actor = { id, organisation: 'renkei', roles: [...anyRoles, 'system'], factors: ['pwd', 'otp'] }
        expect(principalOf(actor).uid.type).toBe('Renkei::Person')
        expect(allowed(authorizationRequest(actor, action, project))).toBe(false)
      },
    ),
    runs,
  )
})

test('[VIS-7] an operator suspends even a project of their own organisation, but never resumes it', () => {
  const insider: Actor = { ...people.operator, organisation: bodies.applicant }
  expect(allowed(authorizationRequest(insider, 'SuspendProject', project))).toBe(true)
  expect(allowed(authorizationRequest(insider, 'ResumeProject', project))).toBe(false)
  expect(allowed(authorizationRequest(insider, 'ApproveRemoval', project))).toBe(false)
})

/** A project whose handlers come from other bodies than the applicant, and whose representative is no handler. */
const shared: Project = {
  ...open,
  handlers: [
    { personId: 'p.tanaka', organisation: '共同研究大学' },
    { personId: 'p.yamada', organisation: bodies.outsourced },
  ],
  applicant: { organisation: bodies.applicant, persons: ['p.kondo', 'p.sato'] },
}
const sharedProject = projectEntity('A-2026-0001', shared)
const wholeSuspended = projectEntity(
  'A-2026-0001',
  after(open, people.operator, { type: 'SuspendProject', reason: 'abnormal use' }),
)
/** Each half of a condition is to hold by itself: here nobody is known to have a part in the project. */
const withoutInterests = (entity: Entity): Entity => ({ ...entity, attrs: { ...entity.attrs, interestedPersons: [] } })
const aside = '別の機関'
const interested: readonly { readonly who: string; readonly actor: Actor }[] = [
  { who: 'an operator of the applicant', actor: { ...people.operator, organisation: bodies.applicant } },
  { who: 'an operator of the contractor', actor: { ...people.operator, organisation: bodies.outsourced } },
  { who: 'an operator who is a handler', actor: { ...people.operator, id: 'p.tanaka', organisation: aside } },
  { who: 'an operator who represents', actor: { ...people.operator, id: 'p.kondo', organisation: aside } },
]

test('[VIS-7] an operator without a part in a suspended project, or one of a suspended handler, clears it up', () => {
  const may = (action: string, resource: Entity, context?: RequestContext) =>
    allowed(authorizationRequest(people.operator, action, resource, context))
  for (const resource of [wholeSuspended, withSuspendedHandler]) {
    expect(may('RemoveHandler', resource, { person: personValue('p.tanaka') })).toBe(true)
    for (const action of ['EndProject', 'ResumeProject']) expect(may(action, resource)).toBe(true)
  }
})

test('[VIS-7] the suspension of one handler takes from the users no more than that handler and the end', () => {
  const may = (action: string, resource: Entity, context?: RequestContext) =>
    allowed(authorizationRequest(people.contact, action, resource, context))
  expect(may('RemoveHandler', withSuspendedHandler, { person: personValue('p.sato') })).toBe(true)
  const removed = after(
    after(open, people.operator, { type: 'SuspendProject', reason: 'copying at night', personId: 'p.tanaka' }),
    people.operator,
    { type: 'RemoveHandler', personId: 'p.tanaka', reason: 'dismissed' },
  )
  expect(may('EndProject', projectEntity('A-2026-0001', removed))).toBe(true)
})

test("[APP-1] the agent whom the form names acts on the applicant's side", () => {
  const submitted = applicationEntity('A-2026-0001', until('SubmitApplication', formOfAgent()))
  for (const action of ['SubmitApplication', 'Withdraw', 'ReadApplication']) {
    expect(allowed(authorizationRequest(agent, action, submitted))).toBe(true)
    expect(allowed(authorizationRequest({ ...agent, id: 'a.other' }, action, submitted))).toBe(false)
  }
})

const withSuspendedHandler = projectEntity(
  'A-2026-0001',
  after(open, people.operator, { type: 'SuspendProject', reason: 'copying at night', personId: 'p.tanaka' }),
)

/** Each forbid is the only thing between this request and a permit: without it, the request passes. */
interface Guarded {
  readonly forbid: string
  /** told where two would have one name */
  readonly who?: string
  readonly actor: Actor
  readonly action: string
  readonly resource: Entity
  readonly context?: RequestContext
}
const guarded: readonly Guarded[] = [
  {
    forbid: 'two-factors',
    actor: { ...people.operator, factors: ['pwd'] },
    action: 'SuspendProject',
    resource: project,
  },
  {
    forbid: 'no-judge-of-own-application',
    actor: { ...people.publicHolder, organisation: bodies.applicant },
    action: 'DecideOnDatabase',
    resource: application,
    context: { database: 'NDB' },
  },
  {
    forbid: 'no-judge-of-own-project',
    actor: { ...people.operator, organisation: bodies.applicant },
    action: 'ResumeProject',
    resource: project,
  },
  {
    forbid: 'suspended-person-has-no-say',
    actor: people.contact,
    action: 'RemoveHandler',
    resource: projectEntity(
      'A-2026-0001',
      after(open, people.operator, { type: 'SuspendProject', reason: 'illicit login', personId: 'p.sato' }),
    ),
    context: { person: personValue('p.tanaka') },
  },
  {
    forbid: 'suspended-person-has-no-say',
    actor: people.contact,
    action: 'ReadProject',
    resource: projectEntity(
      'A-2026-0001',
      after(open, people.operator, { type: 'SuspendProject', reason: 'illicit login', personId: 'p.sato' }),
    ),
  },
  {
    forbid: 'suspended-project-is-not-destroyed-by-its-users',
    actor: people.contact,
    action: 'EndProject',
    resource: projectEntity(
      'A-2026-0001',
      after(open, people.operator, { type: 'SuspendProject', reason: 'abnormal use' }),
    ),
  },
  {
    forbid: 'suspended-handler-is-not-removed-by-the-users',
    actor: people.contact,
    action: 'RemoveHandler',
    resource: withSuspendedHandler,
    context: { person: personValue('p.tanaka') },
  },
  {
    forbid: 'project-of-a-suspended-handler-is-not-ended-by-its-users',
    actor: people.contact,
    action: 'EndProject',
    resource: withSuspendedHandler,
  },
  ...interested.flatMap(({ who, actor }) =>
    ['ResumeProject', 'ApproveRemoval'].map((action): Guarded => ({
      forbid: 'no-judge-of-own-project',
      who,
      actor,
      action,
      resource: sharedProject,
    })),
  ),
  {
    forbid: 'suspended-project-is-not-destroyed-by-its-users',
    actor: people.contact,
    action: 'RemoveHandler',
    resource: wholeSuspended,
    context: { person: personValue('p.tanaka') },
  },
  {
    forbid: 'suspended-project-is-not-destroyed-by-its-users',
    who: 'an operator who is a handler',
    actor: { ...people.operator, id: 'p.tanaka' },
    action: 'RemoveHandler',
    resource: wholeSuspended,
    context: { person: personValue('p.sato') },
  },
  {
    forbid: 'suspended-project-is-not-destroyed-by-its-users',
    who: 'an operator who is a handler',
    actor: { ...people.operator, id: 'p.tanaka' },
    action: 'EndProject',
    resource: wholeSuspended,
  },
  {
    forbid: 'suspended-handler-is-not-removed-by-the-users',
    who: 'an operator who is a handler',
    actor: { ...people.operator, id: 'p.sato' },
    action: 'RemoveHandler',
    resource: withSuspendedHandler,
    context: { person: personValue('p.tanaka') },
  },
  {
    forbid: 'project-of-a-suspended-handler-is-not-ended-by-its-users',
    who: 'an operator who is a handler',
    actor: { ...people.operator, id: 'p.sato' },
    action: 'EndProject',
    resource: withSuspendedHandler,
  },
  {
    forbid: 'suspended-project-is-not-destroyed-by-its-users',
    who: 'a user whose part is unknown',
    actor: people.contact,
    action: 'EndProject',
    resource: withoutInterests(wholeSuspended),
  },
  {
    forbid: 'suspended-handler-is-not-removed-by-the-users',
    who: 'a user whose part is unknown',
    actor: people.contact,
    action: 'RemoveHandler',
    resource: withoutInterests(withSuspendedHandler),
    context: { person: personValue('p.tanaka') },
  },
  {
    forbid: 'project-of-a-suspended-handler-is-not-ended-by-its-users',
    who: 'a user whose part is unknown',
    actor: people.contact,
    action: 'EndProject',
    resource: withoutInterests(withSuspendedHandler),
  },
  {
    forbid: 'reviewer-never-decides',
    actor: { ...people.publicHolder, id: 'r.ito' },
    action: 'DecideOnDatabase',
    resource: application,
    context: { database: 'NDB' },
  },
]
for (const { forbid, who, actor, action, resource, context } of guarded) {
  test(`[ARC-4] dropping the forbid ${forbid} would let ${action}${who ? ` of ${who}` : ''} pass`, () => {
    expect(allowed(authorizationRequest(actor, action, resource, context))).toBe(false)
    expect(allowed(authorizationRequest(actor, action, resource, context), without(forbid))).toBe(true)
  })
}
