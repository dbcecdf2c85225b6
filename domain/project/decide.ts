import {
  accept,
  hasRole,
  isMachine,
  japanDate,
  refuse,
  type Actor,
  type Context,
  type Decider,
  type Decision,
  type Instant,
} from '../kernel/decider.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { APPROVALS_NEEDED } from './approvals.ts'
import type { ProjectCommand } from './commands.ts'
import type { NamedResource, ProjectEvent } from './events.ts'
import { approvalsOf, covers, evolve, nameKey, noProject, resourceKey, sameThings } from './evolve.ts'
import type { Project } from './state.ts'

const refusal = (code: string, message: string, remedy: string, requirement?: string, path?: string): Refusal => ({
  code: `project.${code}`,
  what: { en: message, ja: message },
  why: { en: message, ja: message },
  next: { en: remedy, ja: remedy },
  ...(requirement && { requirement }),
  ...(path && { path }),
})

type CommandOf<Type extends ProjectCommand['type']> = Extract<ProjectCommand, { type: Type }>

/**
 * What a command does to a project.
 *
 * | command \ status | absent | open | suspended | ended | closed |
 * |---|---|---|---|---|---|
 * | OpenProject (from a grant) | → open | – | – | – | – |
 * | RemoveHandler | – | stays | stays | – | – |
 * | SuspendProject | – | → suspended, or one person | stays, or one person | – | – |
 * | ResumeProject | – | one person | → open, or one person | – | – |
 * | EndProject | – | → ended | → ended | nothing new | – |
 * | ApproveRemoval | – | of the held digest | of the held digest | of the held digest | – |
 * | Report… (machine) | – | yes | yes | yes, → closed when all is destroyed | quarantine only |
 */
export function decide(project: Project, command: ProjectCommand, context: Context): Decision<ProjectEvent> {
  if (command.type === 'OpenProject') return open(project, command)
  if (project.status === 'absent')
    return refuse(
      refusal(
        'unknown',
        'there is no such project',
        'check the project id; a project is opened by granting its application',
      ),
    )
  const refused = cutOff(project, command, context.actor)
  if (refused) return refuse(refused)
  switch (command.type) {
    case 'RemoveHandler':
      return removeHandler(project, command, context.actor)
    case 'SuspendProject':
      return suspend(project, command)
    case 'ResumeProject':
      return resume(project, command, context.now)
    case 'EndProject':
      return end(project, command, context)
    case 'ApproveRemoval':
      return approveRemoval(project, command, context.actor)
    default:
      return report(project, command, context)
  }
}

export const projectDecider: Decider<Project, ProjectCommand, ProjectEvent> = { initial: noProject, decide, evolve }

const inUse = (project: Project) => project.status === 'open' || project.status === 'suspended'
const over = (project: Project) =>
  refusal(
    'over',
    `the project is ${project.status}`,
    'nothing in it can be used any more; a new use needs a new application',
  )
const notHandler = (personId: string) =>
  refusal(
    'not-a-handler',
    `${personId} is not a handler of this project`,
    'name one of its handlers by person id',
    'CON-2',
    'personId',
  )

function open(project: Project, { grant }: CommandOf<'OpenProject'>): Decision<ProjectEvent> {
  if (project.status !== 'absent')
    return refuse(
      refusal(
        'exists',
        `project ${project.projectId} is already open`,
        'a grant opens its project once; read the project',
        'CON-2',
      ),
    )
  if (grant.handlers.length === 0 || grant.databases.length === 0) {
    return refuse(
      refusal(
        'empty-grant',
        'the grant names no handler or no database',
        'grant an application that has both',
        'CON-2',
      ),
    )
  }
  return accept({ type: 'ProjectOpened', ...grant })
}

/**
 * A suspension takes away a person's say in the project too, not only their desktop (VIS-7): whoever is suspended commands nothing in it,
 * and whatever holds the traces of what is looked into is removed or ended by an operator only: everything while the whole of it is
 * suspended, the desktop of one who is suspended, and the project itself while a suspended person is still among its handlers.
 */
function cutOff(project: Project, command: ProjectCommand, actor: Actor): Refusal | undefined {
  if (isMachine(actor)) return undefined
  if (project.suspendedPersons.includes(actor.id)) {
    return refusal(
      'suspended-person',
      `${actor.id} is suspended in this project and commands nothing in it`,
      'an operator who has no part in the project acts',
      'VIS-7',
    )
  }
  if (hasRole(actor, 'operator')) return undefined
  const destroys = command.type === 'RemoveHandler' || command.type === 'EndProject'
  if (destroys && project.status === 'suspended') {
    return refusal(
      'suspended-project',
      'the project is suspended; until that is cleared only an operator removes a handler or ends the use',
      'ask the operator who suspended it',
      'VIS-7',
    )
  }
  const suspended = project.handlers
    .map(({ personId }) => personId)
    .filter((id) => project.suspendedPersons.includes(id))
  const evidenceOf = command.type === 'RemoveHandler' ? suspended.filter((id) => id === command.personId) : suspended
  if (destroys && evidenceOf.length > 0) {
    return refusal(
      'suspended-handler',
      `${evidenceOf.join(', ')} is suspended; until that is cleared the desktop may be evidence, and only an operator has it removed`,
      'ask the operator who suspended them',
      'VIS-7',
    )
  }
  return undefined
}

const thingsOf = (personId: string): readonly NamedResource[] => [
  { kind: 'desktop', personId },
  { kind: 'user', personId },
]

function removeHandler(
  project: Project,
  { personId, reason }: CommandOf<'RemoveHandler'>,
  actor: Actor,
): Decision<ProjectEvent> {
  if (!inUse(project)) return refuse(over(project))
  if (!project.handlers.some((handler) => handler.personId === personId)) return refuse(notHandler(personId))
  if (project.handlers.length === 1) {
    return refuse(
      refusal(
        'last-handler',
        `${personId} is the last handler; a project without a handler has nobody who answers for its data`,
        'end the project (EndProject, cause end-of-use), or suspend it now (SuspendProject)',
        'APP-2',
        'personId',
      ),
    )
  }
  return accept({ type: 'HandlerRemoved', personId, reason, destroys: thingsOf(personId), askedBy: actor.id })
}

/** Suspending what is suspended is recorded again: the reason is new, and the suspend lane runs once more (VIS-7). */
function suspend(project: Project, { reason, personId }: CommandOf<'SuspendProject'>): Decision<ProjectEvent> {
  if (!inUse(project)) return refuse(over(project))
  if (personId === undefined) return accept({ type: 'ProjectSuspended', reason })
  if (!project.handlers.some((handler) => handler.personId === personId)) return refuse(notHandler(personId))
  return accept({ type: 'ProjectSuspended', reason, personId })
}

function resume(
  project: Project,
  { reason, personId }: CommandOf<'ResumeProject'>,
  now: Instant,
): Decision<ProjectEvent> {
  if (!inUse(project)) return refuse(over(project))
  if (japanDate(now) > project.until)
    return refuse(
      refusal(
        'expired',
        `the period of use ended on ${project.until}`,
        'end the project; an extension is a change application',
        'VIS-6',
      ),
    )
  if (personId === undefined) {
    if (project.status !== 'suspended')
      return refuse(
        refusal('not-suspended', 'the project is not suspended', 'name the person to resume, if one is suspended'),
      )
    return accept({ type: 'ProjectResumed', reason })
  }
  if (!project.suspendedPersons.includes(personId))
    return refuse(
      refusal('not-suspended', `${personId} is not suspended`, 'name a suspended person', undefined, 'personId'),
    )
  return accept({ type: 'ProjectResumed', reason, personId })
}

function end(project: Project, { cause }: CommandOf<'EndProject'>, { now, actor }: Context): Decision<ProjectEvent> {
  if (!inUse(project)) return refuse(over(project))
  if (cause === 'expiry' && japanDate(now) <= project.until) {
    return refuse(
      refusal(
        'not-expired',
        `the period of use runs until ${project.until} in Japan, and today is ${japanDate(now)}`,
        'wait for the end of that day, or end the use with cause end-of-use',
        'VIS-6',
        'cause',
      ),
    )
  }
  if (cause === 'end-of-use' && !mayEndUse(project, actor)) {
    return refuse(
      refusal(
        'not-the-applicant',
        `${actor.id} neither represents the applicant nor operates the platform`,
        'the representative or contact person of the application sends the end-of-use form',
        'CON-3',
      ),
    )
  }
  const destroys: readonly NamedResource[] = [
    ...project.handlers.flatMap(({ personId }) => thingsOf(personId)),
    { kind: 'file-system' },
    { kind: 'security-group' },
    { kind: 'key' },
  ]
  return accept({ type: 'ProjectEnded', cause, destroys, askedBy: actor.id })
}

const mayEndUse = (project: Project, actor: Actor) =>
  hasRole(actor, 'operator') || (project.applicant?.persons.includes(actor.id) ?? false)

function approveRemoval(
  project: Project,
  { digest }: CommandOf<'ApproveRemoval'>,
  actor: Actor,
): Decision<ProjectEvent> {
  const no = (code: string, message: string, remedy: string, path?: string) =>
    refuse(refusal(code, message, remedy, 'C-11', path))
  if (project.heldRemoval === undefined)
    return no(
      'nothing-held',
      'no removal of this project waits for approval',
      'read the project; approve only what it shows as held',
    )
  if (digest !== project.heldRemoval) {
    return no(
      'other-removal',
      'this is not the removal that is held now',
      `read the held removal again and approve its digest ${project.heldRemoval}`,
      'digest',
    )
  }
  if (!hasRole(actor, 'operator') || isMachine(actor))
    return no('not-an-operator', 'only an operator, a person, approves a removal', 'ask two operators')
  if (askedFor(project, actor))
    return no('own-request', `${actor.id} asked for what is to be removed`, 'ask two other operators')
  const given = approvalsOf(project, digest)
  if (given.some(({ approver }) => approver === actor.id))
    return no('approved-already', `${actor.id} has approved this removal`, 'a second, different operator is needed')
  if (given.length >= APPROVALS_NEEDED)
    return no('approved-already', 'this removal has its two approvals', 'wait for the next pass of the reconciler')
  return accept({ type: 'RemovalApproved', digest, approver: actor.id, organisation: actor.organisation })
}

/** Whether the actor's own command named any part of what is held. */
function askedFor({ askers = [], heldRemoves = [] }: Project, actor: Actor): boolean {
  const held = new Set(heldRemoves.map(nameKey))
  return askers.some(
    ({ askedBy, destroys }) => askedBy === actor.id && destroys.some((name) => held.has(nameKey(name))),
  )
}

type Report = Extract<ProjectCommand, { type: `Report${string}` }>

/** Reports say what the reconciler found; a repeated report is accepted and changes nothing (C-10). */
function report(project: Project, command: Report, { actor, now }: Context): Decision<ProjectEvent> {
  if (!isMachine(actor))
    return refuse(
      refusal(
        'machine-only',
        `${command.type} is a report of the platform's own functions`,
        'no person sends it; read the project instead',
        'C-5',
      ),
    )
  switch (command.type) {
    case 'ReportQuarantined': {
      const known = (project.quarantined ?? []).map(resourceKey)
      return known.includes(resourceKey(command.resource))
        ? accept()
        : accept({ type: 'UnknownResourceQuarantined', resource: command.resource })
    }
    case 'ReportHeld':
      if (project.status === 'closed') return refuse(over(project))
      return project.heldRemoval === command.digest
        ? accept()
        : accept({ type: 'RemovalHeld', digest: command.digest, removes: command.removes })
    case 'ReportConverged':
      if (project.status === 'closed') return accept()
      if (project.convergedAt !== undefined && sameThings(project.exists, command.exists)) return accept()
      return accept({ type: 'ProvisioningConverged', exists: command.exists, at: command.at ?? now })
    case 'ReportDestroyed': {
      const unnamed = command.destroyed.filter((resource) => !project.named.some((name) => covers(name, resource)))
      if (unnamed.length > 0) {
        return refuse(
          refusal(
            'unnamed',
            `${unnamed.map(resourceKey).join(', ')} was destroyed, but no end event named it`,
            'treat it as an incident: stop the reconciler and find who destroyed it',
            'C-11',
            'destroyed',
          ),
        )
      }
      const known = new Set(project.destroyed.map(resourceKey))
      const fresh = command.destroyed.filter((resource) => !known.has(resourceKey(resource)))
      return fresh.length === 0
        ? accept()
        : accept({ type: 'ResourcesDestroyed', destroyed: fresh, at: command.at ?? now })
    }
  }
}
