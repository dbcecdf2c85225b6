import { accept, refuse, type Decision } from '../kernel/decider.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { CommandOf } from './commands.ts'
import type { ApplicationContext } from './context.ts'
import type { ApplicationEvent, PledgeCapacity } from './events.ts'
import { refusal } from './refusal.ts'
import type { Application } from './state.ts'

/** In which capacities a person must pledge: for the applicant, as a handler, both, or not at all (CON-1). */
function capacitiesOf({ form }: Pick<Application, 'form'>, personId: string): readonly PledgeCapacity[] {
  const capacities: PledgeCapacity[] = []
  if (form?.applicant.representative.personId === personId) capacities.push('applicant')
  if (form?.handlers.some((handler) => handler.personId === personId)) capacities.push('handler')
  return capacities
}

/** A person's own pledge to the terms in force. Signing the same version again changes nothing. */
export function signPledge(
  application: Application,
  { termsVersion }: CommandOf<'SignPledge'>,
  { actor, rules }: ApplicationContext,
): Decision<ApplicationEvent> {
  const capacities = capacitiesOf(application, actor.id)
  if (capacities.length === 0)
    return refuse(
      refusal(
        'nothing-to-sign',
        `${actor.id} is neither the representative nor a handler`,
        'the representative and every handler sign, each for themselves',
        'CON-1',
      ),
    )
  if (termsVersion !== rules.terms.version)
    return refuse(
      refusal(
        'other-terms',
        `version ${termsVersion} of the terms is not in force`,
        `read and sign version ${rules.terms.version}`,
        'CON-1',
        'termsVersion',
      ),
    )
  if (application.pledges.some((pledge) => pledge.personId === actor.id && pledge.termsVersion === termsVersion))
    return accept()
  return accept({
    type: 'PledgeSigned',
    personId: actor.id,
    capacities,
    termsVersion,
    formDigest: application.formDigest,
  })
}

/** Whose pledge to the terms in force is missing (CON-1). */
export function missingPledges(
  { form, pledges }: Pick<Application, 'form' | 'pledges'>,
  termsVersion: string,
): readonly Refusal[] {
  if (!form) return []
  const signed = (personId: string, capacity: PledgeCapacity) =>
    pledges.some(
      (pledge) =>
        pledge.personId === personId && pledge.capacities.includes(capacity) && pledge.termsVersion === termsVersion,
    )
  const needed: readonly (readonly [string, PledgeCapacity])[] = [
    [form.applicant.representative.personId, 'applicant'],
    ...form.handlers.map((handler) => [handler.personId, 'handler'] as const),
  ]
  return needed
    .filter(([personId, capacity]) => !signed(personId, capacity))
    .map(([personId, capacity]) =>
      refusal(
        'unsigned',
        `${personId} has not signed as ${capacity}`,
        `${personId} signs version ${termsVersion} of the terms (SignPledge)`,
        'CON-1',
      ),
    )
}
