import { test } from '@jest/globals'
import type { Actor } from '#domain/kernel/decider.ts'
import type { ProjectCommand } from '#domain/project/commands.ts'
import { noProject } from '#domain/project/evolve.ts'
import type { Project } from '#domain/project/state.ts'
import { people, reconciler } from '#test/support/people.ts'
import { assertRefused } from '#test/support/refusal.ts'
import { AFTER, after, decideAs, DIGEST, everything, held, LAST_SECOND, open } from './support.ts'

/** A command on a project, and the refusal it meets. */
interface ProjectCase {
  readonly code: string
  readonly requirement?: string
  /** told where two cases would have one name */
  readonly fault?: string
  readonly on: Project
  readonly actor: Actor
  readonly command: ProjectCommand
  readonly now?: string
}

const { operator } = people
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
  {
    code: 'not-suspended',
    fault: 'nobody is',
    on: open,
    actor: operator,
    command: { type: 'ResumeProject', reason: 'x' },
  },
  {
    code: 'not-suspended',
    fault: 'only a person is',
    on: oneSuspended,
    actor: operator,
    command: { type: 'ResumeProject', reason: 'x' },
  },
  {
    code: 'not-suspended',
    fault: 'this person is not',
    on: open,
    actor: operator,
    command: { type: 'ResumeProject', reason: 'x', personId: 'p.sato' },
  },
  {
    code: 'not-suspended',
    fault: 'another person is',
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
    fault: 'by the same operator',
    requirement: 'C-11',
    on: approvedOnce,
    actor: people.secondOperator,
    command: approveRemoval,
  },
  {
    code: 'approved-already',
    fault: 'by two operators',
    requirement: 'C-11',
    on: approvedTwice,
    actor: operator,
    command: approveRemoval,
  },
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
for (const { code, requirement, fault, on, actor, command, now } of projectCases) {
  const where = `on a project that is ${on.status}${fault ? `: ${fault}` : ''}`
  test(`[${requirement ?? 'APP-6'}] project.${code} is said of ${command.type} ${where}`, () =>
    assertRefused(decideAs(on, actor, command, now), { code: `project.${code}`, requirement }))
}
