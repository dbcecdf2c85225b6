import { accept, hasRole, refuse, type Decision } from '../kernel/decider.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { CommandOf } from './commands.ts'
import { asPerson } from './conflicts.ts'
import type { ApplicationContext } from './context.ts'
import type { ApplicationEvent } from './events.ts'
import { conflictNow, countedReviewers, otherDatabase } from './judging.ts'
import { legalProblems } from './legal.ts'
import {
  decidedAlready,
  isReviewer,
  noOpinion,
  notTheHolder,
  quorumLost,
  unfavourableOpinion,
} from './refusals/decision.ts'
import { databasesOf, type Application } from './state.ts'

/** A holder's decision on their own database, after its committee's opinion and apart from it (REV-2). */
export function decideOnDatabase(
  application: Application,
  { database, decision, reason }: CommandOf<'DecideOnDatabase'>,
  context: ApplicationContext,
): Decision<ApplicationEvent> {
  const { actor } = context
  const conflict = conflictNow(application, actor)
  if (conflict) return refuse(conflict)
  const all = databasesOf(application)
  if (!all.includes(database))
    return refuse(otherDatabase({ id: database, all, requirement: 'REV-2', path: 'database' }))
  if (!hasRole(actor, 'holder') || !actor.databases?.includes(database)) return refuse(notTheHolder(actor.id, database))
  const reviewers = [...application.reviewers, ...application.reviews.map(({ reviewer }) => reviewer)]
  if (reviewers.some(({ personId }) => personId === actor.id)) return refuse(isReviewer(actor.id, database))
  if (application.decisions.has(database)) return refuse(decidedAlready(database))
  const opinion = application.opinions.get(database)
  if (!opinion) return refuse(noOpinion(database))
  if (decision === 'approve') {
    const faults = obstacles(application, database, opinion.opinion, context)
    const legal = application.form ? legalProblems(application.form, context) : []
    if (faults.length + legal.length > 0) return refuse(...faults, ...asRefusals(legal))
  }
  return accept({ type: 'DatabaseDecided', database, decision, reason, decidedBy: asPerson(actor) })
}

/** What stands against approving, by what is known at this moment. */
function obstacles(
  application: Application,
  database: string,
  opinion: string,
  { rules, organisations }: Pick<ApplicationContext, 'rules' | 'organisations'>,
): Refusal[] {
  const counted = countedReviewers(application, database, organisations).length
  const found: Refusal[] = []
  if (opinion !== 'favourable') found.push(unfavourableOpinion(database))
  if (counted < rules.quorum) found.push(quorumLost({ database, counted, quorum: rules.quorum }))
  return found
}

/** Faults of the form that arose since it was accepted are no format faults any more. */
export const asRefusals = (problems: readonly Refusal[]): readonly Refusal[] =>
  problems.map((problem) => ({ ...problem, code: 'application.no-longer-lawful' }))
