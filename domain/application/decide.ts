import { accept, refuse, type Decider, type Decision } from '../kernel/decider.ts'
import { mayAdminister } from './administer.ts'
import { assignReviewers } from './assignment.ts'
import type { ApplicationCommand, CommandOf } from './commands.ts'
import type { ApplicationContext } from './context.ts'
import { decideOnDatabase } from './decision.ts'
import type { ApplicationEvent } from './events.ts'
import { evolve, noApplication } from './evolve.ts'
import { checkFormat } from './format.ts'
import { grant } from './grant.ts'
import { signPledge } from './pledge.ts'
import { possibleIn, wrongState } from './procedure.ts'
import { recordOpinion, recordReview } from './review.ts'
import type { Application } from './state.ts'
import { submit, withdraw } from './submission.ts'

/** What a command does to an application: events, or every reason why not. */
function decide(
  application: Application,
  command: ApplicationCommand,
  context: ApplicationContext,
): Decision<ApplicationEvent> {
  if (!possibleIn[command.type].includes(application.status))
    return refuse(wrongState(application.status, command.type))
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

function rejectFormally(
  application: Application,
  { reason }: CommandOf<'Reject'>,
  { actor }: ApplicationContext,
): Decision<ApplicationEvent> {
  const refused = mayAdminister(application, actor, { machine: false })
  return refused ? refuse(refused) : accept({ type: 'ApplicationRejected', reason })
}
