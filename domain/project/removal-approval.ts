import { accept, hasRole, isMachine, refuse, type Actor, type Decision } from '../kernel/decider.ts'
import { APPROVALS_NEEDED } from './approvals.ts'
import type { ProjectCommandOf } from './commands.ts'
import type { ProjectEvent } from './events.ts'
import { approvalsOf, nameKey } from './evolve.ts'
import {
  approvedBefore,
  approvedFully,
  notOperator,
  nothingHeld,
  otherRemoval,
  ownRequest,
} from './removal-refusals.ts'
import type { Project } from './state.ts'

/** One of the two approvals that a held removal takes, by somebody who asked for none of it (C-11). */
export function approveRemoval(
  project: Project,
  { digest }: ProjectCommandOf<'ApproveRemoval'>,
  actor: Actor,
): Decision<ProjectEvent> {
  if (project.heldRemoval === undefined) return refuse(nothingHeld)
  if (digest !== project.heldRemoval) return refuse(otherRemoval(digest, project.heldRemoval))
  if (!hasRole(actor, 'operator') || isMachine(actor)) return refuse(notOperator(actor.id))
  if (askedFor(project, actor)) return refuse(ownRequest(actor.id))
  const given = approvalsOf(project, digest)
  if (given.some(({ approver }) => approver === actor.id)) return refuse(approvedBefore(actor.id))
  if (given.length >= APPROVALS_NEEDED) return refuse(approvedFully)
  return accept({ type: 'RemovalApproved', digest, approver: actor.id, organisation: actor.organisation })
}

/** Whether the actor's own command named any part of what is held. */
function askedFor({ askers = [], heldRemoves = [] }: Project, actor: Actor): boolean {
  const held = new Set(heldRemoves.map(nameKey))
  return askers.some(
    ({ askedBy, destroys }) => askedBy === actor.id && destroys.some((name) => held.has(nameKey(name))),
  )
}
