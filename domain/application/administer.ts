import { hasRole, isMachine, type Actor } from '../kernel/decider.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { asPerson, conflictOf } from './conflicts.ts'
import { refusal } from './refusal.ts'
import type { Application } from './state.ts'

/** Operators run the procedure, but not of an application they or their organisation have a part in (C-4). */
export function mayAdminister(
  application: Application,
  actor: Actor,
  { machine }: { readonly machine: boolean },
): Refusal | undefined {
  if (machine && isMachine(actor)) return undefined
  if (!hasRole(actor, 'operator') || isMachine(actor))
    return refusal('not-an-operator', `${actor.id} does not operate the platform`, 'ask an operator')
  const conflict = conflictOf(application, asPerson(actor))
  return conflict === undefined
    ? undefined
    : refusal('conflict-of-interest', `${actor.id} ${conflict}`, 'ask another operator', 'REV-2')
}
