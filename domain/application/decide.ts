import { accept, refuse, type Actor, type Decider, type Decision } from '../kernel/decider.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { sameOrganisation } from '../kernel/organisation.ts'
import { digestOf } from '../ledger/canonical.ts'
import { mayAdminister } from './administer.ts'
import type { ApplicationCommand, ApplicationCommandType, CommandOf } from './commands.ts'
import { asPerson, conflictOf } from './conflicts.ts'
import type { ApplicationContext } from './context.ts'
import type { ApplicationEvent } from './events.ts'
import { evolve, noApplication } from './evolve.ts'
import { parseForm, type ApplicationForm } from './form.ts'
import { checkFormat } from './format.ts'
import { grant } from './grant.ts'
import { signPledge } from './pledge.ts'
import { refusal } from './refusal.ts'
import { decideOnDatabase, recordOpinion, recordReview } from './review.ts'
import { databasesOf, type Application, type ApplicationStatus } from './state.ts'

/**
 * In which states a command makes sense; everything else is refused with the state and the next step.
 *
 * | command | from | to | by |
 * |---|---|---|---|
 * | SubmitApplication | absent, returned | submitted | contact person, agent or representative |
 * | CheckFormat | submitted | returned or format-accepted | a machine or an operator |
 * | AssignReviewers | format-accepted, under-review | under-review | an operator |
 * | RecordReview | under-review | – | an assigned reviewer without conflict |
 * | RecordOpinion | under-review | under-decision, when every database has one | a reviewer who reviewed |
 * | DecideOnDatabase | under-decision | approved when all approve; refused by the first refusal | the holder of that database |
 * | SignPledge | approved | – | the representative, every handler |
 * | Grant | approved | granted | a machine or an operator |
 * | Withdraw | all before granted | withdrawn | the applicant's side |
 * | Reject | submitted, returned, format-accepted | rejected | an operator |
 */
export const possibleIn: Readonly<Record<ApplicationCommandType, readonly ApplicationStatus[]>> = {
  SubmitApplication: ['absent', 'returned'],
  CheckFormat: ['submitted'],
  AssignReviewers: ['format-accepted', 'under-review'],
  RecordReview: ['under-review'],
  RecordOpinion: ['under-review'],
  DecideOnDatabase: ['under-decision'],
  SignPledge: ['approved'],
  Grant: ['approved'],
  Withdraw: ['submitted', 'returned', 'format-accepted', 'under-review', 'under-decision', 'approved'],
  Reject: ['submitted', 'returned', 'format-accepted'],
}

const nextStep: Readonly<Record<ApplicationStatus, string>> = {
  absent: 'submit the application (SubmitApplication)',
  submitted: 'the format check comes next (CheckFormat)',
  returned: 'correct the form and submit it again (SubmitApplication)',
  'format-accepted': 'reviewers are assigned next (AssignReviewers)',
  'under-review': 'reviews (RecordReview) and the opinion of each committee (RecordOpinion) come next',
  'under-decision': 'every database holder decides next (DecideOnDatabase)',
  approved: 'the representative and every handler sign (SignPledge), then it is granted (Grant)',
  refused: 'a changed plan needs a new application',
  granted: 'go on with its project',
  withdrawn: 'submit a new application',
  rejected: 'submit a new application',
}

/** What a command does to an application: events, or every reason why not. */
function decide(
  application: Application,
  command: ApplicationCommand,
  context: ApplicationContext,
): Decision<ApplicationEvent> {
  if (!possibleIn[command.type].includes(application.status)) {
    const state =
      application.status === 'absent' ? 'there is no such application' : `the application is ${application.status}`
    return refuse(
      refusal(
        'wrong-state',
        `${state}; ${command.type} is possible only when it is ${possibleIn[command.type].join(' or ')}`,
        nextStep[application.status],
      ),
    )
  }
  switch (command.type) {
    case 'SubmitApplication':
      return submit(application, command, context)
    case 'CheckFormat':
      return check(application, context)
    case 'AssignReviewers':
      return assignReviewers(application, command, context)
    case 'RecordReview':
      return recordReview(application, command, context)
    case 'RecordOpinion':
      return recordOpinion(application, command, context)
    case 'DecideOnDatabase':
      return decideOnDatabase(application, command, context)
    case 'SignPledge':
      return signPledge(application, command, context)
    case 'Grant':
      return grant(application, context)
    case 'Withdraw':
      return withdraw(application, command, context)
    case 'Reject':
      return rejectFormally(application, command, context)
  }
}

export const applicationDecider: Decider<Application, ApplicationCommand, ApplicationEvent, ApplicationContext> = {
  initial: noApplication,
  decide,
  evolve,
}

function submit(
  application: Application,
  command: CommandOf<'SubmitApplication'>,
  { actor, applicationId }: ApplicationContext,
): Decision<ApplicationEvent> {
  const parsed = parseForm(command.form)
  if (!parsed.ok) return refuse(...parsed.refusals)
  const form = parsed.value
  const faults: Refusal[] = []
  if (!speaksFor(form, actor)) {
    faults.push(
      refusal(
        'not-the-applicant',
        `${actor.id} of ${actor.organisation} does not speak for ${form.applicant.organisation}`,
        'the contact person, the agent or the representative named in the form submits it, from their own organisation',
        'APP-1',
        'form.contact.personId',
      ),
    )
  }
  if (application.form && !sameOrganisation(application.form.applicant.organisation, form.applicant.organisation)) {
    faults.push(
      refusal(
        'other-applicant',
        `the returned application is ${application.form.applicant.organisation}'s`,
        'another applicant submits an application of its own',
        'APP-1',
        'form.applicant.organisation',
      ),
    )
  }
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

/** The contact person and the representative speak from the applicant's organisation, an agent from their own. */
function speaksFor({ contact, applicant }: ApplicationForm, actor: Actor): boolean {
  if (contact.agent?.personId === actor.id) return sameOrganisation(contact.agent.organisation, actor.organisation)
  return (
    [contact.personId, applicant.representative.personId].includes(actor.id) &&
    sameOrganisation(applicant.organisation, actor.organisation)
  )
}

function check(application: Application, context: ApplicationContext): Decision<ApplicationEvent> {
  const refused = mayAdminister(application, context.actor, { machine: true })
  if (refused) return refuse(refused)
  const { form, formDigest } = application
  if (!form) return accept()
  const problems = checkFormat(form, context)
  return accept(
    problems.length > 0
      ? { type: 'ApplicationReturned', formDigest, problems }
      : { type: 'FormatAccepted', formDigest },
  )
}

function assignReviewers(
  application: Application,
  { reviewers }: CommandOf<'AssignReviewers'>,
  { actor, organisations }: ApplicationContext,
): Decision<ApplicationEvent> {
  const refused = mayAdminister(application, actor, { machine: false })
  if (refused) return refuse(refused)
  const all = databasesOf(application)
  const faults = reviewers.flatMap((reviewer, index) => {
    const path = `reviewers[${index}]`
    const { personId } = reviewer
    const found: Refusal[] = []
    const conflict =
      conflictOf(application, reviewer) ??
      conflictOf(application, { personId, organisation: organisations?.get(personId) ?? reviewer.organisation })
    if (conflict)
      found.push(
        refusal(
          'conflict-of-interest',
          `${personId} ${conflict}`,
          'assign a reviewer without a part in it',
          'REV-2',
          `${path}.personId`,
        ),
      )
    if (reviewers.findIndex((other) => other.personId === personId) < index)
      found.push(
        refusal('repeated', `${personId} is listed twice`, 'list every reviewer once', 'REV-2', `${path}.personId`),
      )
    if (application.reviews.some((review) => review.reviewer.personId === personId))
      found.push(
        refusal(
          'reviewed-already',
          `${personId} has recorded a review`,
          'leave the assignment as it is',
          'REV-2',
          `${path}.personId`,
        ),
      )
    for (const id of reviewer.databases ?? [])
      if (!all.includes(id))
        found.push(
          refusal(
            'other-database',
            `${id} is not asked for`,
            `write one of ${all.join(', ')}`,
            'REV-3',
            `${path}.databases`,
          ),
        )
    return found
  })
  if (faults.length > 0) return refuse(...faults)
  return accept({
    type: 'ReviewersAssigned',
    reviewers: reviewers.map(({ personId, organisation, databases }) => ({
      personId,
      organisation,
      databases: databases ?? all,
    })),
  })
}

function withdraw(
  application: Application,
  { reason }: CommandOf<'Withdraw'>,
  { actor }: ApplicationContext,
): Decision<ApplicationEvent> {
  const own =
    application.submittedBy?.personId === actor.id ||
    (application.form !== undefined && speaksFor(application.form, actor))
  if (!own)
    return refuse(
      refusal(
        'not-the-applicant',
        `${actor.id} does not speak for the applicant`,
        'the contact person, the agent or the representative withdraws it',
        'APP-1',
      ),
    )
  return accept({ type: 'ApplicationWithdrawn', reason })
}

function rejectFormally(
  application: Application,
  { reason }: CommandOf<'Reject'>,
  { actor }: ApplicationContext,
): Decision<ApplicationEvent> {
  const refused = mayAdminister(application, actor, { machine: false })
  return refused ? refuse(refused) : accept({ type: 'ApplicationRejected', reason })
}
