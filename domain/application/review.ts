import { accept, hasRole, isMachine, refuse, type Actor, type Decision } from '../kernel/decider.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { CommandOf } from './commands.ts'
import { asPerson, conflictOf } from './conflicts.ts'
import type { ApplicationContext } from './context.ts'
import type { ApplicationEvent, Person } from './events.ts'
import { legalProblems } from './legal.ts'
import { refusal } from './refusal.ts'
import { databasesOf, type Application } from './state.ts'

/** A conflict found now, by the organisation the actor comes from today, whatever was assigned before (C-4). */
function conflictNow(application: Application, actor: Actor): Refusal | undefined {
  if (isMachine(actor))
    return refusal(
      'not-a-person',
      `${actor.id} is a machine; only people judge an application`,
      'ask a reviewer or the holder',
      'REV-2',
    )
  const conflict = conflictOf(application, asPerson(actor))
  return conflict === undefined
    ? undefined
    : refusal('conflict-of-interest', `${actor.id} ${conflict}`, 'a person without a part in it must act', 'REV-2')
}

/** One reviewer's review: the whole checklist, each item with verdict and comment (REV-1). */
export function recordReview(
  application: Application,
  { checklist, verdict, comment }: CommandOf<'RecordReview'>,
  { actor, rules }: ApplicationContext,
): Decision<ApplicationEvent> {
  const conflict = conflictNow(application, actor)
  if (conflict) return refuse(conflict)
  const assigned = application.reviewers.find(({ personId }) => personId === actor.id)
  if (!assigned || !hasRole(actor, 'reviewer'))
    return refuse(
      refusal(
        'not-a-reviewer',
        `${actor.id} is not assigned to this application`,
        'an operator assigns reviewers (AssignReviewers)',
        'REV-2',
      ),
    )
  const items = rules.checklist.map(({ id }) => id)
  const faults = [
    ...items
      .filter((id) => !Object.hasOwn(checklist, id))
      .map((id) =>
        refusal(
          'unanswered',
          `item ${id} is not answered`,
          'answer every item with a verdict and a comment',
          'REV-1',
          `checklist.${id}`,
        ),
      ),
    ...Object.keys(checklist)
      .filter((id) => !items.includes(id))
      .map((id) =>
        refusal(
          'unknown-item',
          `${id} is no item of the checklist`,
          `answer ${items.join(', ')}`,
          'REV-1',
          `checklist.${id}`,
        ),
      ),
  ]
  if (faults.length > 0) return refuse(...faults)
  const decided = assigned.databases.filter((database) => application.opinions.has(database))
  if (decided.length > 0)
    return refuse(
      refusal(
        'opinion-recorded',
        `the committee has given its opinion on ${decided.join(', ')}`,
        'a review comes before the opinion',
        'REV-2',
      ),
    )
  return accept({
    type: 'ReviewRecorded',
    reviewer: asPerson(actor),
    databases: assigned.databases,
    checklist,
    verdict,
    comment,
  })
}

/** The reviewers whose reviews count for a database today: they reviewed it, and have no conflict by any organisation known of them. */
function countedReviewers(
  application: Application,
  database: string,
  organisations: ApplicationContext['organisations'],
): readonly Person[] {
  return application.reviews
    .filter(({ databases }) => databases.includes(database))
    .map(({ reviewer }) => reviewer)
    .filter((reviewer) => conflictOf(application, reviewer) === undefined)
    .filter(
      ({ personId, organisation }) =>
        conflictOf(application, { personId, organisation: organisations?.get(personId) ?? organisation }) === undefined,
    )
}

/** A committee's opinion on the databases it answers for: quorum, and a risk profile where several are concerned (REV-2, REV-3). */
export function recordOpinion(
  application: Application,
  command: CommandOf<'RecordOpinion'>,
  { actor, rules, organisations }: ApplicationContext,
): Decision<ApplicationEvent> {
  const { opinion, reason, riskProfile, experts } = command
  const conflict = conflictNow(application, actor)
  if (conflict) return refuse(conflict)
  const all = databasesOf(application)
  const databases = [...new Set(command.databases ?? all)]
  const faults: Refusal[] = []
  for (const id of databases) {
    if (!all.includes(id))
      faults.push(
        refusal('other-database', `${id} is not asked for`, `write one of ${all.join(', ')}`, 'REV-3', 'databases'),
      )
    else if (application.opinions.has(id))
      faults.push(
        refusal(
          'opinion-recorded',
          `the opinion on ${id} is recorded`,
          'it stands; the holder decides next',
          'REV-2',
          'databases',
        ),
      )
    else {
      const counted = countedReviewers(application, id, organisations).map(({ personId }) => personId)
      if (!counted.includes(actor.id))
        faults.push(
          refusal(
            'not-a-reviewer',
            `${actor.id} has not reviewed ${id}`,
            'a reviewer of the committee who recorded a review gives its opinion',
            'REV-2',
            'databases',
          ),
        )
      if (counted.length < rules.quorum)
        faults.push(
          refusal(
            'no-quorum',
            `${id} has ${counted.length} review(s) without conflict, and the quorum is ${rules.quorum}`,
            'wait for the reviews of further reviewers, or assign more',
            'REV-2',
            'databases',
          ),
        )
    }
  }
  if (all.length > 1 && riskProfile === undefined) {
    faults.push(
      refusal(
        'no-risk-profile',
        'several databases are concerned, and the risk profile is missing',
        'state geography, facility, death and rareItems in riskProfile',
        'REV-3',
        'riskProfile',
      ),
    )
  }
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

/** A holder's decision on their own database, after its committee's opinion and apart from it (REV-2). */
export function decideOnDatabase(
  application: Application,
  { database, decision, reason }: CommandOf<'DecideOnDatabase'>,
  context: ApplicationContext,
): Decision<ApplicationEvent> {
  const { actor, rules, organisations } = context
  const path = 'database'
  const conflict = conflictNow(application, actor)
  if (conflict) return refuse(conflict)
  if (!databasesOf(application).includes(database))
    return refuse(
      refusal(
        'other-database',
        `${database} is not asked for`,
        `write one of ${databasesOf(application).join(', ')}`,
        'REV-2',
        path,
      ),
    )
  if (!hasRole(actor, 'holder') || !actor.databases?.includes(database))
    return refuse(
      refusal('not-the-holder', `${actor.id} does not answer for ${database}`, 'its holder decides', 'REV-2', path),
    )
  if (
    [...application.reviewers, ...application.reviews.map(({ reviewer }) => reviewer)].some(
      ({ personId }) => personId === actor.id,
    )
  ) {
    return refuse(
      refusal(
        'reviewed-already',
        `${actor.id} is a reviewer of this application; nobody reviews and decides`,
        'another person of the holder decides',
        'REV-2',
      ),
    )
  }
  if (application.decisions.has(database))
    return refuse(
      refusal(
        'decided-already',
        `${database} is decided`,
        'the decision stands; a changed plan needs a new application',
        'REV-2',
        path,
      ),
    )
  const opinion = application.opinions.get(database)
  if (!opinion)
    return refuse(
      refusal(
        'no-opinion',
        `the committee has given no opinion on ${database}`,
        'wait for the opinion (RecordOpinion)',
        'REV-2',
        path,
      ),
    )
  if (decision === 'approve') {
    const faults = obstacles(application, database, opinion.opinion, { rules, organisations })
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
  return [
    ...(opinion === 'favourable'
      ? []
      : [
          refusal(
            'unfavourable-opinion',
            `the committee's opinion on ${database} is unfavourable`,
            'refuse; the applicant may submit a changed plan',
            'REV-2',
            'decision',
          ),
        ]),
    ...(counted >= rules.quorum
      ? []
      : [
          refusal(
            'no-quorum',
            `only ${counted} of the reviewers of ${database} are without conflict today, and the quorum is ${rules.quorum}`,
            'refuse; the application is reviewed again by others',
            'REV-2',
            'database',
          ),
        ]),
  ]
}

/** Faults of the form that arose since it was accepted are no format faults any more. */
export const asRefusals = (problems: readonly Refusal[]): readonly Refusal[] =>
  problems.map((problem) => ({ ...problem, code: 'application.no-longer-lawful' }))
