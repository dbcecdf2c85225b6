import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { ProjectCommand } from '#domain/project/commands.ts'
import { projectAggregate } from '#domain/project/aggregate.ts'
import { cellAggregate, cellDecider, chooseCell, type Cell } from '#domain/project/cell.ts'
import { dueCommands, nextDeadline, usable } from '#domain/project/deadlines.ts'
import type { Project } from '#domain/project/state.ts'
import {
  AFTER,
  after,
  codes,
  decideAs,
  DIGEST,
  DURING,
  everything,
  held,
  LAST_SECOND,
  open,
  refuses,
} from './support.ts'
import { runs, seed } from '../support/effort.ts'
import { expectThat } from '../support/expect.ts'
import { bodies, people, reconciler } from '../support/people.ts'

const { operator, secondOperator, thirdOperator, contact, tanaka } = people
const ended = after(open, reconciler, { type: 'EndProject', cause: 'expiry' }, AFTER)
const converged = after(open, reconciler, { type: 'ReportConverged', exists: everything })

test('[VIS-6] the period ends with the last day in Japan, not before and not in another zone', () => {
  refuses(open, reconciler, { type: 'EndProject', cause: 'expiry' }, 'not-expired', LAST_SECOND)
  expect(ended.status).toBe('ended')
  expect(dueCommands(open, LAST_SECOND)).toEqual([])
  expect(dueCommands(open, AFTER)).toEqual([{ type: 'EndProject', cause: 'expiry' }])
  expect(dueCommands(ended, AFTER)).toEqual([])
  expect(nextDeadline(open)).toBe(AFTER)
  expect(nextDeadline(ended)).toBe(undefined)
})

test('[VIS-6] a suspended project ends by its last day as well, and the sweep looks for it', () => {
  const suspended = after(open, operator, { type: 'SuspendProject', reason: 'abnormal use' })
  expect(nextDeadline(suspended)).toBe(AFTER)
  expect(dueCommands(suspended, LAST_SECOND)).toEqual([])
  expect(dueCommands(suspended, AFTER)).toEqual([{ type: 'EndProject', cause: 'expiry' }])
})

test('[VIS-6] after the last day access is denied even before any sweep has run', () => {
  expect(usable(open, LAST_SECOND)).toBe(true)
  expect(usable(open, AFTER)).toBe(false)
  expect(usable(open, '2026-11-21T14:59:59.000Z')).toBe(false)
  expect(usable(ended, DURING)).toBe(false)
})

test('[C-11] an end event names everything the project has, and what a leaver had was named when they left', () => {
  const one = after(open, operator, { type: 'RemoveHandler', personId: 'p.tanaka', reason: 'left' })
  expect(one.named).toEqual([
    { kind: 'desktop', personId: 'p.tanaka' },
    { kind: 'user', personId: 'p.tanaka' },
  ])
  const { named } = after(one, contact, { type: 'EndProject', cause: 'end-of-use' })
  expect(named.slice(2)).toEqual([
    { kind: 'desktop', personId: 'p.sato' },
    { kind: 'user', personId: 'p.sato' },
    { kind: 'file-system' },
    { kind: 'security-group' },
    { kind: 'key' },
  ])
})

test('[CON-3] use is ended by the applicant or an operator, at any time, and by nobody else', () => {
  assert.ok(decideAs(open, contact, { type: 'EndProject', cause: 'end-of-use' }).ok)
  assert.ok(decideAs(open, operator, { type: 'EndProject', cause: 'end-of-use' }).ok)
  refuses(open, tanaka, { type: 'EndProject', cause: 'end-of-use' }, 'not-the-applicant')
  refuses(open, reconciler, { type: 'EndProject', cause: 'end-of-use' }, 'not-the-applicant')
})

test('[APP-2] the last handler and unknown people are not removed', () => {
  const one = after(open, operator, { type: 'RemoveHandler', personId: 'p.tanaka', reason: 'left' })
  refuses(one, operator, { type: 'RemoveHandler', personId: 'p.sato', reason: 'left' }, 'last-handler')
  refuses(one, operator, { type: 'RemoveHandler', personId: 'p.tanaka', reason: 'left' }, 'not-a-handler')
})

test('[VIS-7] a project or a person is suspended at once, again if need be, and resumed only within the period', () => {
  const person = after(open, operator, { type: 'SuspendProject', reason: 'illicit login', personId: 'p.tanaka' })
  expect(person.suspendedPersons).toEqual(['p.tanaka'])
  expect(person.status).toBe('open')
  const whole = after(person, operator, { type: 'SuspendProject', reason: 'abnormal use' })
  expect(whole.status).toBe('suspended')
  assert.ok(decideAs(whole, operator, { type: 'SuspendProject', reason: 'second reason' }).ok)
  const resumed = after(whole, operator, { type: 'ResumeProject', reason: 'cleared' })
  expect(resumed.status).toBe('open')
  expectThat(resumed.suspendedPersons, 'a person suspended apart stays suspended').toEqual(['p.tanaka'])
  refuses(whole, operator, { type: 'ResumeProject', reason: 'late' }, 'expired', AFTER)
  refuses(resumed, operator, { type: 'ResumeProject', reason: 'x', personId: 'p.sato' }, 'not-suspended')
})

test('[VIS-7] suspending and resuming are recorded with whom they concern and why', () => {
  const oneSuspended = after(open, operator, { type: 'SuspendProject', reason: 'x', personId: 'p.tanaka' })
  const suspended = after(oneSuspended, operator, { type: 'SuspendProject', reason: 'x' })
  for (const said of [{ reason: 'abnormal use' }, { reason: 'illicit login', personId: 'p.tanaka' }]) {
    expect(decideAs(open, operator, { type: 'SuspendProject', ...said })).toEqual({
      ok: true,
      events: [{ type: 'ProjectSuspended', ...said }],
    })
    expect(decideAs(suspended, operator, { type: 'ResumeProject', ...said })).toEqual({
      ok: true,
      events: [{ type: 'ProjectResumed', ...said }],
    })
  }
})

test('[APP-6] a project is found by its handlers and by the representative, who is none of them', () => {
  const persons = ['p.kondo', 'p.sato']
  const project = { ...open, applicant: { organisation: bodies.applicant, persons } }
  expect([...(projectAggregate.view?.(project).keys ?? [])].sort()).toEqual([
    'database/DPC',
    'database/NDB',
    'person/p.kondo',
    'person/p.sato',
    'person/p.tanaka',
  ])
})

function heldProject(project: Project): Project {
  return after(project, reconciler, { type: 'ReportHeld', digest: DIGEST, removes: held })
}

test('[C-11] a held removal takes two different operators, neither of whom asked for it, and its digest', () => {
  const byOperator = heldProject(after(open, operator, { type: 'EndProject', cause: 'end-of-use' }))
  const approve = (project: Project, actor: typeof operator, digest = DIGEST) =>
    decideAs(project, actor, { type: 'ApproveRemoval', digest })
  expect(codes(approve(byOperator, operator))).toEqual(['project.own-request'])
  expect(codes(approve(byOperator, secondOperator, 'cd'.repeat(32)))).toEqual(['project.other-removal'])
  expect(codes(approve(byOperator, contact))).toEqual(['project.not-an-operator'])
  refuses(
    byOperator,
    { ...reconciler, roles: ['system', 'operator'] },
    { type: 'ApproveRemoval', digest: DIGEST },
    'not-an-operator',
  )
  const once = after(byOperator, secondOperator, { type: 'ApproveRemoval', digest: DIGEST })
  expect(codes(approve(once, secondOperator))).toEqual(['project.approved-already'])
  const twice = after(once, thirdOperator, { type: 'ApproveRemoval', digest: DIGEST })
  expect(twice.approvals[DIGEST]?.map(({ approver }) => approver)).toEqual(['o.ueda', 'o.endo'])
  expect(codes(approve(ended, secondOperator))).toEqual(['project.nothing-held'])
})

test('[C-11] who removed a handler may approve the removal of other things, which they did not ask for', () => {
  const one = after(open, operator, { type: 'RemoveHandler', personId: 'p.tanaka', reason: 'left' })
  const project = heldProject(after(one, reconciler, { type: 'EndProject', cause: 'expiry' }, AFTER))
  assert.ok(decideAs(project, operator, { type: 'ApproveRemoval', digest: DIGEST }).ok)
})

test('[C-11] who removed a handler does not approve the removal of that desktop, and two others may', () => {
  const one = after(open, operator, { type: 'RemoveHandler', personId: 'p.tanaka', reason: 'left' })
  const removes = [{ kind: 'desktop', personId: 'p.tanaka' }] as const
  const project = after(one, reconciler, { type: 'ReportHeld', digest: DIGEST, removes })
  refuses(project, operator, { type: 'ApproveRemoval', digest: DIGEST }, 'own-request')
  assert.ok(decideAs(project, secondOperator, { type: 'ApproveRemoval', digest: DIGEST }).ok)
})

test('[C-11] once everything agrees no removal is held any more, and none is approved', () => {
  const holding = heldProject(ended)
  assert.ok(decideAs(holding, secondOperator, { type: 'ApproveRemoval', digest: DIGEST }).ok)
  const agreed = after(holding, reconciler, { type: 'ReportConverged', exists: everything })
  refuses(agreed, secondOperator, { type: 'ApproveRemoval', digest: DIGEST }, 'nothing-held')
})

test('[C-11] destruction of what no end event named is not recorded as evidence but refused as an incident', () => {
  refuses(converged, reconciler, { type: 'ReportDestroyed', destroyed: [{ kind: 'key', id: 'key-1' }] }, 'unnamed')
  const one = after(converged, operator, { type: 'RemoveHandler', personId: 'p.tanaka', reason: 'left' })
  assert.ok(
    decideAs(one, reconciler, {
      type: 'ReportDestroyed',
      destroyed: [
        { kind: 'desktop', id: 'ws-p.tanaka', personId: 'p.tanaka' },
        { kind: 'interface', id: 'eni-p.tanaka', personId: 'p.tanaka' },
      ],
    }).ok,
  )
  refuses(
    one,
    reconciler,
    {
      type: 'ReportDestroyed',
      destroyed: [{ kind: 'desktop', id: 'ws-p.sato', personId: 'p.sato' }],
    },
    'unnamed',
  )
})

test('[C-10] a report that comes twice changes nothing the second time', () => {
  expect(decideAs(converged, reconciler, { type: 'ReportConverged', exists: everything.toReversed() })).toEqual({
    ok: true,
    events: [],
  })
  const waiting = heldProject(ended)
  expect(decideAs(waiting, reconciler, { type: 'ReportHeld', digest: DIGEST, removes: held })).toEqual({
    ok: true,
    events: [],
  })
  const destroyed: ProjectCommand = { type: 'ReportDestroyed', destroyed: [{ kind: 'file-system', id: 'fs-1' }] }
  expect(decideAs(after(waiting, reconciler, destroyed), reconciler, destroyed)).toEqual({ ok: true, events: [] })
  const unknown = { type: 'ReportQuarantined', resource: { kind: 'desktop', id: 'ws-unknown' } } as const
  expect(decideAs(after(open, reconciler, unknown), reconciler, unknown)).toEqual({ ok: true, events: [] })
})

test('[C-10] a change after convergence makes the same report news again', () => {
  const suspended = after(converged, operator, { type: 'SuspendProject', reason: 'abnormal use' })
  const decision = decideAs(suspended, reconciler, { type: 'ReportConverged', exists: everything })
  assert.ok(decision.ok && decision.events.length === 1)
})

test('[C-10] a report of other things than the last one is recorded, also where they are as many', () => {
  const [first, ...rest] = everything
  assert.ok(first)
  const more = [...everything, { kind: 'access-point', id: 'fsap-1' } as const]
  for (const exists of [rest, more, [{ ...first, id: 'key-2' }, ...rest]]) {
    expect(decideAs(converged, reconciler, { type: 'ReportConverged', exists })).toEqual({
      ok: true,
      events: [{ type: 'ProvisioningConverged', exists, at: DURING }],
    })
  }
})

test('[CON-3] an ended project closes when the last named thing has its evidence, and not before', () => {
  const end = after(converged, reconciler, { type: 'EndProject', cause: 'expiry' }, AFTER)
  const things = everything.filter(({ kind }) => !['alias', 'interface'].includes(kind))
  const report = (project: Project, destroyed: typeof everything) =>
    after(project, reconciler, { type: 'ReportDestroyed', destroyed })
  for (const missing of things) {
    expectThat(
      report(
        end,
        things.filter((thing) => thing !== missing),
      ).status,
      `${missing.kind} ${missing.id} is not destroyed yet`,
    ).toBe('ended')
  }
  expect(report(end, things).status).toBe('closed')
})

test('[CON-3] a project that ended before anything was made closes after a pass that found nothing', () => {
  expect(after(ended, reconciler, { type: 'ReportConverged', exists: [] }).status).toBe('closed')
  expectThat(
    after(after(converged, reconciler, { type: 'EndProject', cause: 'expiry' }, AFTER), reconciler, {
      type: 'ReportConverged',
      exists: [],
    }).status,
    'what was seen needs evidence',
  ).toBe('ended')
})

test('[CON-2] a project gets a seat in a cell with room, or none at all; it is always offered the one it holds', () => {
  const cells = [
    { id: 1, projects: 1 },
    { id: 4, projects: 2 },
  ]
  for (const id of ['A-1', 'A-2', 'A-3', 'A-4']) {
    expect([1, 4]).toContain(chooseCell(id, cells, new Map()))
    expect(chooseCell(id, cells, new Map([[1, ['X-1']]]))).toBe(4)
    const full = new Map([
      [1, ['X-1']],
      [4, ['X-2', 'X-3']],
    ])
    expect(chooseCell(id, cells, full)).toBe(undefined)
    expect(chooseCell('X-3', cells, full)).toBe(4)
  }
})

test('[CON-2] grants of one moment are spread over the cells with room', () => {
  const cells = Array.from({ length: 4 }, (_, index) => ({ id: index + 1, projects: 1000 }))
  const chosen = Array.from({ length: 400 }, (_, index) => chooseCell(`A-2026-${index}`, cells, new Map()))
  for (const { id } of cells) expect(chosen.filter((each) => each === id).length).toBeGreaterThan(50)
})

test('[C-10] a seat is taken once and given back once, whatever is repeated', () => {
  const context = { now: DURING, actor: people.machine }
  const commanded = (state: Cell, type: 'TakeSeat' | 'ReturnSeat', projectId: string) => {
    const decision = cellDecider.decide(state, { type, projectId }, context)
    assert.ok(decision.ok)
    return {
      state: decision.events.reduce((cell, event) => cellDecider.evolve(cell, event), state),
      events: decision.events,
    }
  }
  const taken = commanded(cellDecider.initial, 'TakeSeat', 'A-1')
  expect(commanded(taken.state, 'TakeSeat', 'A-1').events).toEqual([])
  const returned = commanded(taken.state, 'ReturnSeat', 'A-1')
  expect([returned.events, returned.state.occupants]).toEqual([
    [{ type: 'SeatReturned', projectId: 'A-1', occupants: [] }],
    [],
  ])
  expect(commanded(returned.state, 'ReturnSeat', 'A-1').events).toEqual([])
})

test('[C-10] the last event of a cell tells what all of them do, in every order of taking and giving back', () => {
  const command = fc.record({
    type: fc.constantFrom('TakeSeat' as const, 'ReturnSeat' as const),
    projectId: fc.constantFrom('A-1', 'A-2', 'A-3'),
  })
  fc.assert(
    fc.property(fc.array(command, { maxLength: 30 }), (commands) => {
      let state = cellDecider.initial
      for (const each of commands) {
        const decision = cellDecider.decide(state, each, { now: DURING, actor: people.machine })
        assert.ok(decision.ok)
        state = decision.events.reduce((cell, event) => cellDecider.evolve(cell, event), state)
        const last = decision.events.at(-1)
        if (last !== undefined) expect(cellAggregate.told?.(last)).toEqual(state)
      }
    }),
    { numRuns: runs(200, 5000), seed },
  )
})
