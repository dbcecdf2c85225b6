import { ID, type Aggregate, type Reader, type RequestContext, type View } from '../ledger/aggregate.ts'
import { applicationDocuments } from './command-documents.ts'
import { applicationCommand, type ApplicationCommand } from './commands.ts'
import type { ApplicationContext, ApplicationRules, PublishedDatabase } from './context.ts'
import { applicationDecider } from './decide.ts'
import { applicationEntity } from './entity.ts'
import type { ApplicationEvent } from './events.ts'
import { databasesOf, type Application } from './state.ts'

type Extra = Omit<ApplicationContext, 'now' | 'actor'>

/** An application for data (申出): its form, review, decisions, pledges, and the grant that follows (APP, REV, CON). */
export const applicationAggregate: Aggregate<Application, ApplicationCommand, ApplicationEvent, Extra> = {
  name: 'application',
  plural: 'applications',
  title: { en: 'Application', ja: '申出' },
  idPattern: ID,
  decider: applicationDecider,
  commands: { schema: applicationCommand, documents: applicationDocuments },
  authorization: {
    read: 'ReadApplication',
    ledger: 'ReadApplicationLedger',
    list: 'ListApplications',
    entity: applicationEntity,
    context: (command): RequestContext => (command.type === 'DecideOnDatabase' ? { database: command.database } : {}),
  },
  surroundings,
  view,
}

async function surroundings(
  reader: Reader,
  applicationId: string,
  command: ApplicationCommand,
  state: Application,
): Promise<Extra> {
  const [databases, organisations] = await Promise.all([
    reader.published<PublishedDatabase>('database'),
    reader.organisationsOf(judges(command, state)),
  ])
  return { applicationId, rules: reader.policy<ApplicationRules>('application'), databases, organisations }
}

/** Everybody whose independence the command rests on (REV-2); the actor's own organisation stands in their token. */
function judges(command: ApplicationCommand, { reviewers, reviews, decisions }: Application): readonly string[] {
  const named = command.type === 'AssignReviewers' ? command.reviewers.map(({ personId }) => personId) : []
  const asked = ['AssignReviewers', 'RecordOpinion', 'DecideOnDatabase', 'Grant'].includes(command.type)
  if (!asked) return []
  return [
    ...named,
    ...reviewers.map(({ personId }) => personId),
    ...reviews.map(({ reviewer }) => reviewer.personId),
    ...[...decisions.values()].map(({ decidedBy }) => decidedBy.personId),
  ]
}

const OVER: readonly Application['status'][] = ['granted', 'refused', 'withdrawn', 'rejected']

/** The form itself is read from the ledger; a list needs only this. */
function view(application: Application): View {
  const { status, applicationId, revision, submittedBy, form, reviewers } = application
  const databases = databasesOf(application)
  const persons = form
    ? [
        form.contact.personId,
        ...(form.contact.agent ? [form.contact.agent.personId] : []),
        form.applicant.representative.personId,
        ...form.handlers.map(({ personId }) => personId),
      ]
    : []
  const everybody = [
    ...persons,
    ...(submittedBy ? [submittedBy.personId] : []),
    ...reviewers.map(({ personId }) => personId),
  ]
  return {
    row: {
      status,
      applicationId,
      revision,
      submittedBy,
      databases,
      applicant: form?.applicant.organisation,
      title: form?.plan.purpose.title,
    },
    keys: [
      ...new Set(everybody.map((personId) => `person/${personId}`)),
      ...databases.map((database) => `database/${database}`),
    ],
    open: !OVER.includes(status),
  }
}
