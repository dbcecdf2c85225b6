import { accept, refuse, type Actor, type Decision } from '../kernel/decider.ts'
import { sameOrganisation } from '../kernel/organisation.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { digestOf } from '../ledger/canonical.ts'
import type { CommandOf } from './commands.ts'
import { asPerson } from './conflicts.ts'
import type { ApplicationContext } from './context.ts'
import type { ApplicationEvent } from './events.ts'
import type { ApplicationForm } from './form.ts'
import { checkSections } from './format.ts'
import { parseForm, soundSections } from './parse-form.ts'
import { mayNotSubmit, mayNotWithdraw, otherApplicant } from './refusals/submission.ts'
import type { Application } from './state.ts'

/** The applicant's side hands in a form, the first or a corrected one (APP-1). */
export function submit(
  application: Application,
  command: CommandOf<'SubmitApplication'>,
  context: ApplicationContext,
): Decision<ApplicationEvent> {
  const { actor, applicationId } = context
  const parsed = parseForm(command.form)
  // What the rules find in the sound sections is told at once, so that nobody mends a form twice for one check.
  if (!parsed.ok) return refuse(...parsed.refusals, ...checkSections(soundSections(command.form), context))
  const form = parsed.value
  const applicant = form.applicant.organisation
  const first = application.form?.applicant.organisation
  const faults: Refusal[] = []
  if (!speaksFor(form, actor)) faults.push(mayNotSubmit(actor, applicant))
  if (first !== undefined && !sameOrganisation(first, applicant)) faults.push(otherApplicant(first, applicant))
  if (faults.length > 0) return refuse(...faults)
  return accept({
    type: 'ApplicationSubmitted',
    applicationId,
    revision: application.revision + 1,
    form,
    formDigest: digestOf(form),
    submittedBy: asPerson(actor),
  })
}

/** The side that submitted an application takes it back (APP-1). */
export function withdraw(
  application: Application,
  { reason }: CommandOf<'Withdraw'>,
  { actor }: ApplicationContext,
): Decision<ApplicationEvent> {
  const own =
    application.submittedBy?.personId === actor.id ||
    (application.form !== undefined && speaksFor(application.form, actor))
  return own ? accept({ type: 'ApplicationWithdrawn', reason }) : refuse(mayNotWithdraw(actor.id))
}

/** The contact person and the representative speak from the applicant's organisation, an agent from their own. */
function speaksFor({ contact, applicant }: ApplicationForm, actor: Actor): boolean {
  if (contact.agent?.personId === actor.id) return sameOrganisation(contact.agent.organisation, actor.organisation)
  return (
    [contact.personId, applicant.representative.personId].includes(actor.id) &&
    sameOrganisation(applicant.organisation, actor.organisation)
  )
}
