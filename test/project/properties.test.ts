import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { projectCommand, type ProjectCommand } from '#domain/project/commands.ts'
import { projectDecider } from '#domain/project/decide.ts'
import type { NamedResource, ProjectEvent, ProvisionedResource } from '#domain/project/events.ts'
import { covers } from '#domain/project/evolve.ts'
import type { Actor } from '#domain/kernel/decider.ts'
import type { Project } from '#domain/project/state.ts'
import { AFTER, decideAs, DIGEST, DURING, everything, held, open } from './support.ts'
import { expectThat } from '../support/expect.ts'
import { assertWellWritten } from '../support/refusal.ts'
import { people, reconciler } from '../support/people.ts'

interface Step {
  readonly actor: Actor
  readonly command: ProjectCommand
  readonly now: string
}

const { operator, secondOperator, thirdOperator, contact, tanaka } = people
const actors: readonly Actor[] = [operator, secondOperator, thirdOperator, contact, tanaka, reconciler]

const personId = fc.constantFrom('p.sato', 'p.tanaka', 'p.nobody')
const digest = fc.constantFrom(DIGEST, 'cd'.repeat(32))
const named: fc.Arbitrary<NamedResource> = fc.oneof(
  fc.record({ kind: fc.constantFrom('desktop' as const, 'user' as const), personId }),
  fc.record({ kind: fc.constantFrom('file-system' as const, 'security-group' as const, 'key' as const) }),
)
const resource: fc.Arbitrary<ProvisionedResource> = fc.constantFrom(...everything)
const command: fc.Arbitrary<ProjectCommand> = fc.oneof(
  fc.record({ type: fc.constant('RemoveHandler' as const), personId, reason: fc.constant('left') }),
  fc.record({
    type: fc.constantFrom('SuspendProject' as const, 'ResumeProject' as const),
    reason: fc.constant('x'),
    personId: fc.option(personId, { nil: undefined }),
  }),
  fc.record({
    type: fc.constant('EndProject' as const),
    cause: fc.constantFrom('expiry' as const, 'end-of-use' as const),
  }),
  fc.record({ type: fc.constant('ApproveRemoval' as const), digest }),
  fc.record({
    type: fc.constant('ReportHeld' as const),
    digest,
    removes: fc.array(named, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ type: fc.constant('ReportConverged' as const), exists: fc.uniqueArray(resource) }),
  fc.record({ type: fc.constant('ReportDestroyed' as const), destroyed: fc.uniqueArray(resource, { minLength: 1 }) }),
  fc.record({ type: fc.constant('ReportQuarantined' as const), resource }),
)
const step = fc.record({
  actor: fc.constantFrom(...actors),
  command,
  now: fc.constantFrom(DURING, AFTER),
})

/** Every state on the way through random commands, with the events that led there. */
function walk(
  steps: readonly Step[],
  look: (before: Project, after: Project, events: readonly ProjectEvent[], actor: Actor) => void,
): void {
  let project = open
  for (const { actor, command: sent, now } of steps) {
    const frozen = JSON.stringify(project)
    const decision = decideAs(project, actor, sent, now)
    expectThat(JSON.stringify(project), 'deciding changes nothing').toBe(frozen)
    if (!decision.ok) for (const refusal of decision.refusals) assertWellWritten(refusal)
    const next = decision.ok ? decision.events.reduce(projectDecider.evolve, project) : project
    look(project, next, decision.ok ? decision.events : [], actor)
    project = next
  }
}
/** A removal that is held, and operators who approve it between other commands: seldom met by chance. */
const approval = fc.record({
  actor: fc.constantFrom<Actor>(operator, secondOperator, thirdOperator),
  command: fc.constant<ProjectCommand>({ type: 'ApproveRemoval', digest: DIGEST }),
  now: fc.constant(DURING),
})
const end: Step = { actor: operator, command: { type: 'EndProject', cause: 'end-of-use' }, now: DURING }
const hold: Step = {
  actor: reconciler,
  command: { type: 'ReportHeld', digest: DIGEST, removes: [...held] },
  now: DURING,
}
const walks: fc.Arbitrary<readonly Step[]> = fc.oneof(
  fc.array(step, { maxLength: 25 }),
  fc.array(fc.oneof(approval, step), { maxLength: 12 }).map((more) => [end, hold, ...more]),
)

test('[C-11] only an explicit end event ever adds to what may be destroyed, and nothing takes from it', () => {
  fc.assert(
    fc.property(walks, (steps) =>
      walk(steps, (before, after, events) => {
        const ending = events.some(({ type }) => type === 'HandlerRemoved' || type === 'ProjectEnded')
        if (!ending) expect(after.named).toEqual(before.named)
        expect(after.named.slice(0, before.named.length)).toEqual(before.named)
      }),
    ),
  )
})

test('[C-11] whatever is recorded as destroyed was named before', () => {
  fc.assert(
    fc.property(walks, (steps) =>
      walk(steps, (_, { destroyed, named: names }) => {
        for (const thing of destroyed)
          assert.ok(
            names.some((name) => covers(name, thing)),
            `${thing.kind} ${thing.id}`,
          )
      }),
    ),
  )
})

test('[C-11] approvals come from different operators who did not name what is held', () => {
  let approved = 0
  fc.assert(
    fc.property(walks, (steps) =>
      walk(steps, (before, after, events, actor) => {
        if (!events.some(({ type }) => type === 'RemovalApproved')) return
        approved += 1
        assert.ok(actor.roles.some((role) => role === 'operator'))
        const approvers = Object.values(after.approvals).map((given) => given.map(({ approver }) => approver))
        for (const list of approvers) assert.ok(new Set(list).size === list.length && list.length <= 2)
        const asked = (before.askers ?? [])
          .filter(({ askedBy }) => askedBy === actor.id)
          .flatMap(({ destroys }) => destroys.map((name) => JSON.stringify(name)))
        assert.ok(!(before.heldRemoves ?? []).some((name) => asked.includes(JSON.stringify(name))))
      }),
    ),
  )
  assert.ok(approved > 0, 'the generator reaches approvals, or this test shows nothing')
})

test('[VIS-6] an ended project is never in use again', () => {
  fc.assert(
    fc.property(walks, (steps) =>
      walk(steps, (before, after) => {
        if (before.status === 'ended') assert.ok(after.status === 'ended' || after.status === 'closed')
        if (before.status === 'closed') expect(after.status).toBe('closed')
      }),
    ),
  )
})

test('[C-5] any sequence of events gives a state, even one no decision would give', () => {
  const event: fc.Arbitrary<ProjectEvent> = fc.oneof(
    fc.constantFrom<ProjectEvent>({
      type: 'ProjectOpened',
      projectId: 'x',
      applicationId: 'x',
      databases: [],
      handlers: [],
      cell: 1,
      from: '',
      until: '',
    }),
    fc.record({
      type: fc.constant('HandlerRemoved' as const),
      personId,
      reason: fc.string(),
      destroys: fc.array(named),
    }),
    fc.record({
      type: fc.constant('ProjectEnded' as const),
      cause: fc.constant('expiry' as const),
      destroys: fc.array(named),
    }),
    fc.record({
      type: fc.constant('RemovalApproved' as const),
      digest: fc.constantFrom('__proto__', 'constructor', DIGEST),
      approver: fc.string(),
      organisation: fc.string(),
    }),
    fc.record({
      type: fc.constant('ProvisioningConverged' as const),
      exists: fc.array(resource),
      at: fc.constant(DURING),
    }),
    fc.record({
      type: fc.constant('ResourcesDestroyed' as const),
      destroyed: fc.array(resource),
      at: fc.constant(DURING),
    }),
  )
  fc.assert(
    fc.property(fc.array(event), (events) => {
      assert.ok(events.reduce(projectDecider.evolve, projectDecider.initial).status)
    }),
  )
})

test('[C-10] every command that can be decided can also be parsed from outside, and opening a project cannot', () => {
  fc.assert(fc.property(command, (sent) => assert.ok(projectCommand.safeParse(sent).success)))
  expect(projectCommand.safeParse({ type: 'OpenProject', grant: {} }).success).toBe(false)
})
