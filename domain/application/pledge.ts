import { accept, refuse, type Decision } from '../kernel/decider.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { CommandOf } from './commands.ts'
import type { ApplicationContext } from './context.ts'
import type { ApplicationEvent, PledgeCapacity } from './events.ts'
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
    return refuse({
      code: 'application.nothing-to-sign',
      what: {
        en: `${actor.id} is neither the representative nor a handler of this application`,
        ja: `${actor.id} は、この申出の代表者でも取扱者でもありません。`,
      },
      why: {
        en: 'the representative and every handler pledge, each for themselves and nobody for another',
        ja: '誓約は、代表者と全ての取扱者が、それぞれ本人として行います。代わりに署名することはできません。',
      },
      next: {
        en: 'nothing is to be signed here; check the id of the application',
        ja: '署名は不要です。申出のIDを確認してください。',
      },
      requirement: 'CON-1',
    })
  if (termsVersion !== rules.terms.version)
    return refuse({
      code: 'application.other-terms',
      what: {
        en: `version ${termsVersion} of the terms is not in force`,
        ja: `利用条件の版 ${termsVersion} は、現行の版ではありません。`,
      },
      why: {
        en: 'a pledge is given to the terms in force on the day',
        ja: '誓約は、その日に有効な利用条件に対して行います。',
      },
      next: {
        en: `read version ${rules.terms.version} and sign it: "termsVersion": "${rules.terms.version}"`,
        ja: `版 ${rules.terms.version} を読んで署名してください（"termsVersion": "${rules.terms.version}"）。`,
      },
      requirement: 'CON-1',
      path: 'termsVersion',
    })
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

const capacityInJapanese: Readonly<Record<PledgeCapacity, string>> = {
  applicant: '提供申出者の代表者',
  handler: '取扱者',
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
    .map(([personId, capacity]): Refusal => ({
      code: 'application.unsigned',
      what: {
        en: `${personId} has not signed version ${termsVersion} of the terms as ${capacity}`,
        ja: `${personId} は${capacityInJapanese[capacity]}として、利用条件の版 ${termsVersion} に署名していません。`,
      },
      why: {
        en: 'data are used only after the representative and every handler have pledged to the terms in force',
        ja: '代表者と全ての取扱者が、現行の利用条件に誓約するまで、データは利用できません。',
      },
      next: {
        en: `${personId} signs: SignPledge with "termsVersion": "${termsVersion}"`,
        ja: `${personId} が、SignPledge（"termsVersion": "${termsVersion}"）で署名してください。`,
      },
      requirement: 'CON-1',
    }))
}
