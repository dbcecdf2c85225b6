import { accept, japanDate, refuse, type Decision } from '../kernel/decider.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { ProjectGrant } from './project-grant.ts'
import { mayAdminister } from './administer.ts'
import { conflictOf } from './conflicts.ts'
import type { ApplicationContext } from './context.ts'
import type { ApplicationEvent } from './events.ts'
import { legalProblems } from './legal.ts'
import { missingPledges } from './pledge.ts'
import { asRefusals } from './decision.ts'
import { decidedInConflict, noForm, noRoom, notVisiting, periodOver, undecided } from './refusals/grant.ts'
import { databasesOf, type Application } from './state.ts'

/** A project carries its application's number (申出番号, LOG-2). */
const projectIdOf = (applicationId: string) => applicationId

/** Grants exactly what was approved, when everything CON-1 asks for is there (CON-2: no grant is written by hand). */
export function grant(application: Application, context: ApplicationContext): Decision<ApplicationEvent> {
  const { actor, rules, now, cell } = context
  const { form } = application
  const notAllowed = mayAdminister(application, actor, { machine: true })
  if (notAllowed) return refuse(notAllowed)
  if (!form) return refuse(noForm)
  const missing: Refusal[] = [
    ...missingApprovals(application, context.organisations),
    ...missingPledges(application, rules.terms.version),
    ...asRefusals(legalProblems(form, context)),
  ]
  const today = japanDate(now)
  const { from, until } = form.plan.period
  if (until < today) missing.push(periodOver(until, today))
  if (form.provision.route !== 'visiting') missing.push(notVisiting(form.provision.route))
  if (cell === undefined) missing.push(noRoom)
  if (missing.length > 0 || cell === undefined) return refuse(...missing)
  const opens: ProjectGrant = {
    projectId: projectIdOf(application.applicationId),
    applicationId: application.applicationId,
    databases: databasesOf(application),
    handlers: form.handlers.map(({ personId, organisation }) => ({ personId, organisation })),
    cell,
    from: from > today ? from : today,
    until,
    applicant: {
      organisation: form.applicant.organisation,
      persons: [...new Set([form.applicant.representative.personId, form.contact.personId])],
    },
  }
  return accept({ type: 'ApplicationGranted', termsVersion: rules.terms.version, grant: opens })
}

/** Databases without an approval by somebody who had no part in the application. */
function missingApprovals(
  application: Application,
  organisations: ApplicationContext['organisations'],
): readonly Refusal[] {
  return databasesOf(application).flatMap((database) => {
    const decision = application.decisions.get(database)
    if (decision?.decision !== 'approve') return [undecided(database)]
    const { personId } = decision.decidedBy
    const conflict =
      conflictOf(application, decision.decidedBy) ??
      conflictOf(application, {
        personId,
        organisation: organisations?.get(personId) ?? decision.decidedBy.organisation,
      })
    return conflict === undefined ? [] : [decidedInConflict(database, personId, conflict)]
  })
}
