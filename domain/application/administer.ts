import { hasRole, isMachine, type Actor } from '../kernel/decider.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { asPerson, conflictOf, conflictRefusal } from './conflicts.ts'
import type { Application } from './state.ts'

/** Operators run the procedure, but not of an application they or their organisation have a part in (C-4). */
export function mayAdminister(
  application: Application,
  actor: Actor,
  { machine }: { readonly machine: boolean },
): Refusal | undefined {
  if (machine && isMachine(actor)) return undefined
  if (!hasRole(actor, 'operator') || isMachine(actor))
    return {
      code: 'application.not-an-operator',
      what: { en: `${actor.id} does not operate the platform`, ja: `${actor.id} は運用者ではありません。` },
      why: {
        en: 'an operator, a person, takes this step of the procedure',
        ja: '手続のこの段階は、人である運用者が行います。',
      },
      next: { en: 'ask an operator to send this command', ja: '運用者に、このコマンドの送信を依頼してください。' },
    }
  const conflict = conflictOf(application, asPerson(actor))
  return conflict === undefined
    ? undefined
    : conflictRefusal({
        personId: actor.id,
        conflict,
        next: {
          en: 'ask an operator without a part in it to send this command',
          ja: '申出に関わりのない運用者に、このコマンドの送信を依頼してください。',
        },
      })
}
