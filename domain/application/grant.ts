import { accept, japanDate, refuse, type Decision } from '../kernel/decider.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { ProjectGrant } from './project-grant.ts'
import { mayAdminister } from './administer.ts'
import { conflictOf } from './conflicts.ts'
import type { ApplicationContext } from './context.ts'
import type { ApplicationEvent } from './events.ts'
import { legalProblems } from './legal.ts'
import { missingPledges } from './pledge.ts'
import { refusal } from './refusal.ts'
import { asRefusals } from './review.ts'
import { databasesOf, type Application } from './state.ts'

/** A project carries its application's number (申出番号, LOG-2). */
export const projectIdOf = (applicationId: string) => applicationId

/** Grants exactly what was approved, when everything CON-1 asks for is there (CON-2: no grant is written by hand). */
export function grant(application: Application, context: ApplicationContext): Decision<ApplicationEvent> {
  const { actor, rules, now, cell } = context
  const { form } = application
  const notAllowed = mayAdminister(application, actor, { machine: true })
  if (notAllowed) return refuse(notAllowed)
  if (!form) return refuse(refusal('no-form', 'there is no form to grant', 'submit the application first', 'CON-1'))
  const missing: Refusal[] = [
    ...undecided(application, context.organisations),
    ...missingPledges(application, rules.terms.version),
    ...asRefusals(legalProblems(form, context)),
  ]
  const today = japanDate(now)
  const { from, until } = form.plan.period
  if (until < today)
    missing.push(
      refusal(
        'period-over',
        `the period of use ended on ${until}`,
        'submit a new application with a later period',
        'APP-5',
      ),
    )
  if (form.provision.route !== 'visiting')
    missing.push(
      refusal(
        'not-visiting',
        `data are provided by route ${form.provision.route}, for which no project is opened here`,
        'the holder delivers by its own procedure',
        'PUB-3',
      ),
    )
  if (cell === undefined)
    missing.push(
      refusal(
        'no-room',
        'no cell has room for another project',
        'add a cell to the configuration, or wait until a project closes',
        'CON-1',
      ),
    )
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
function undecided(application: Application, organisations: ApplicationContext['organisations']): readonly Refusal[] {
  return databasesOf(application).flatMap((database) => {
    const decision = application.decisions.get(database)
    if (decision?.decision !== 'approve')
      return [refusal('undecided', `${database} is not approved`, 'its holder decides (DecideOnDatabase)', 'CON-1')]
    const { personId } = decision.decidedBy
    const conflict =
      conflictOf(application, decision.decidedBy) ??
      conflictOf(application, {
        personId,
        organisation: organisations?.get(personId) ?? decision.decidedBy.organisation,
      })
    return conflict === undefined
      ? []
      : [
          refusal(
            'conflict-of-interest',
            `${decision.decidedBy.personId}, who decided on ${database}, ${conflict}`,
            'another person of the holder decides',
            'REV-2',
          ),
        ]
  })
}
