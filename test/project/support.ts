import type { Actor, Decision } from '#domain/kernel/decider.ts'
import type { ProjectCommand } from '#domain/project/commands.ts'
import { projectAggregate } from '#domain/project/aggregate.ts'
import { documented } from '#test/support/documented.ts'
import { projectDecider } from '#domain/project/decide.ts'
import type { NamedResource, ProjectEvent, ProvisionedResource } from '#domain/project/events.ts'
import type { Project } from '#domain/project/state.ts'
import { expectThat } from '#test/support/expect.ts'
import { bodies } from '#test/support/people.ts'

export const DURING = '2027-03-01T03:00:00.000Z'
/** one second before, and the first moment after, the last day of use in Japan */
export const LAST_SECOND = '2027-03-31T14:59:59.000Z'
export const AFTER = '2027-03-31T15:00:00.000Z'

const opened: ProjectEvent = {
  type: 'ProjectOpened',
  projectId: 'A-2026-0001',
  applicationId: 'A-2026-0001',
  databases: ['NDB', 'DPC'],
  handlers: [
    { personId: 'p.sato', organisation: bodies.applicant },
    { personId: 'p.tanaka', organisation: bodies.applicant },
  ],
  cell: 1,
  from: '2026-11-22',
  until: '2027-03-31',
  applicant: { organisation: bodies.applicant, persons: ['p.sato'] },
}

export const open: Project = projectDecider.evolve(projectDecider.initial, opened)

export const decideAs = (
  project: Project,
  actor: Actor,
  command: ProjectCommand,
  now = DURING,
): Decision<ProjectEvent> =>
  documented(projectAggregate, command, projectDecider.decide(project, command, { now, actor }))

/** The state after a command that must be accepted. */
export function after(project: Project, actor: Actor, command: ProjectCommand, now = DURING): Project {
  const decision = decideAs(project, actor, command, now)
  if (!decision.ok) throw new Error(`refused: ${JSON.stringify(decision.refusals)}`)
  return decision.events.reduce(projectDecider.evolve, project)
}

export const codes = (decision: Decision<unknown>): readonly string[] =>
  decision.ok ? [] : decision.refusals.map(({ code }) => code)

/** A command is refused for this reason alone. */
export function refuses(project: Project, actor: Actor, command: ProjectCommand, reason: string, now = DURING): void {
  expectThat(codes(decideAs(project, actor, command, now)), `${actor.id}: ${JSON.stringify(command)}`).toEqual([
    `project.${reason}`,
  ])
}

const things = (personId: string): ProvisionedResource[] => [
  { kind: 'desktop', id: `ws-${personId}`, personId },
  { kind: 'interface', id: `eni-${personId}`, personId },
  { kind: 'user', id: personId, personId },
]

/** Everything the reconciler makes for `open`. */
export const everything: readonly ProvisionedResource[] = [
  { kind: 'key', id: 'key-1' },
  { kind: 'alias', id: 'alias/renkei/demo/project/A-2026-0001' },
  { kind: 'security-group', id: 'sg-desktops' },
  { kind: 'security-group', id: 'sg-store' },
  { kind: 'file-system', id: 'fs-1' },
  ...things('p.sato'),
  ...things('p.tanaka'),
]

export const DIGEST = 'ab'.repeat(32)
export const held: readonly NamedResource[] = [{ kind: 'key' }]
