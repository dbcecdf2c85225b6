import { accept, hasRole, refuse, type Decision } from '../kernel/decider.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { CommandOf } from './commands.ts'
import { asPerson } from './conflicts.ts'
import type { ApplicationContext } from './context.ts'
import type { ApplicationEvent } from './events.ts'
import { conflictNow, countedReviewers, otherDatabase } from './judging.ts'
import {
  hasNotReviewed,
  noRiskProfile,
  notAssigned,
  opinionRecorded,
  opinionsGiven,
  tooFewReviews,
  unanswered,
  unknownItem,
} from './refusals/review.ts'
import { databasesOf, type Application } from './state.ts'

/** One reviewer's review: the whole checklist, each item with verdict and comment (REV-1). */
export function recordReview(
  application: Application,
  { checklist, verdict, comment }: CommandOf<'RecordReview'>,
  { actor, rules }: ApplicationContext,
): Decision<ApplicationEvent> {
  const conflict = conflictNow(application, actor)
  if (conflict) return refuse(conflict)
  const assigned = application.reviewers.find(({ personId }) => personId === actor.id)
  if (!assigned || !hasRole(actor, 'reviewer')) return refuse(notAssigned(actor.id))
  const items = rules.checklist.map(({ id }) => id)
  const faults = [
    ...items.filter((id) => !Object.hasOwn(checklist, id)).map(unanswered),
    ...Object.keys(checklist)
      .filter((id) => !items.includes(id))
      .map((id) => unknownItem(id, items)),
  ]
  if (faults.length > 0) return refuse(...faults)
  const decided = assigned.databases.filter((database) => application.opinions.has(database))
  if (decided.length > 0) return refuse(opinionsGiven(decided))
  return accept({
    type: 'ReviewRecorded',
    reviewer: asPerson(actor),
    databases: assigned.databases,
    checklist,
    verdict,
    comment,
  })
}

/**
 * A committee's opinion on the databases it answers for: quorum, and a risk profile where several are concerned (REV-2,
 * REV-3).
 */
export function recordOpinion(
  application: Application,
  command: CommandOf<'RecordOpinion'>,
  context: ApplicationContext,
): Decision<ApplicationEvent> {
  const { actor, organisations } = context
  const { opinion, reason, riskProfile, experts } = command
  const conflict = conflictNow(application, actor)
  if (conflict) return refuse(conflict)
  const all = databasesOf(application)
  const databases = [...new Set(command.databases ?? all)]
  const faults = databases.flatMap((id) => opinionFaults(application, id, context))
  if (all.length > 1 && riskProfile === undefined) faults.push(noRiskProfile(all.length))
  if (faults.length > 0) return refuse(...faults)
  const persons = new Map(
    databases
      .flatMap((id) => countedReviewers(application, id, organisations))
      .map((person) => [person.personId, person]),
  )
  return accept({
    type: 'OpinionRecorded',
    databases,
    opinion,
    reason,
    reviewers: [...persons.values()],
    recordedBy: asPerson(actor),
    ...(riskProfile && { riskProfile }),
    ...(experts && { experts }),
  })
}

/** What stands against an opinion on one database. */
function opinionFaults(
  application: Application,
  id: string,
  { actor, rules, organisations }: ApplicationContext,
): Refusal[] {
  const all = databasesOf(application)
  if (!all.includes(id)) return [otherDatabase({ id, all, requirement: 'REV-3', path: 'databases' })]
  if (application.opinions.has(id)) return [opinionRecorded(id)]
  const counted = countedReviewers(application, id, organisations)
  const found: Refusal[] = []
  if (!counted.some(({ personId }) => personId === actor.id)) found.push(hasNotReviewed(actor.id, id))
  if (counted.length < rules.quorum) found.push(tooFewReviews({ id, counted: counted.length, quorum: rules.quorum }))
  return found
}
