import { accept, refuse, type Decision } from '../kernel/decider.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { mayAdminister } from './administer.ts'
import type { CommandOf } from './commands.ts'
import { conflictOf } from './conflicts.ts'
import type { ApplicationContext } from './context.ts'
import type { ApplicationEvent } from './events.ts'
import { otherDatabase } from './judging.ts'
import { conflictOfInterest, hasReviewed, repeatedReviewer } from './refusals/assignment.ts'
import { databasesOf, type Application } from './state.ts'

/** An operator assigns the reviewers, each without conflict by what is known today (REV-2, C-4). */
export function assignReviewers(
  application: Application,
  { reviewers }: CommandOf<'AssignReviewers'>,
  { actor, organisations }: ApplicationContext,
): Decision<ApplicationEvent> {
  const refused = mayAdminister(application, actor, { machine: false })
  if (refused) return refuse(refused)
  const all = databasesOf(application)
  const faults = reviewers.flatMap((reviewer, index) => {
    const path = `reviewers[${index}]`
    const person = `${path}.personId`
    const { personId } = reviewer
    const found: Refusal[] = []
    const conflict =
      conflictOf(application, reviewer) ??
      conflictOf(application, { personId, organisation: organisations?.get(personId) ?? reviewer.organisation })
    if (conflict) found.push(conflictOfInterest(person, personId, conflict))
    if (reviewers.findIndex((other) => other.personId === personId) < index)
      found.push(repeatedReviewer(person, personId))
    if (application.reviews.some((review) => review.reviewer.personId === personId))
      found.push(hasReviewed(person, personId))
    for (const id of reviewer.databases ?? [])
      if (!all.includes(id)) found.push(otherDatabase({ id, all, requirement: 'REV-3', path: `${path}.databases` }))
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
