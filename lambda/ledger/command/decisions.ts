import rules from '#policies/application/rules.json' with { type: 'json' }
import type { ApplicationCommand } from '#domain/application/commands.ts'
import type { ApplicationContext, ApplicationRules } from '#domain/application/context.ts'
import { applicationDecider } from '#domain/application/decide.ts'
import type { ApplicationEvent } from '#domain/application/events.ts'
import { projectIdOf } from '#domain/application/grant.ts'
import { grantProject } from '#domain/application/opening.ts'
import type { Application } from '#domain/application/state.ts'
import { replay, type Context } from '#domain/kernel/decider.ts'
import type { Refusal } from '#domain/kernel/refusal.ts'
import { emptyHead, type StreamHead } from '#domain/ledger/record.ts'
import { chooseCell, occupiedPlaces, type CellEvent } from '#domain/project/cells.ts'
import type { ProjectCommand } from '#domain/project/commands.ts'
import { projectDecider } from '#domain/project/decide.ts'
import type { ProjectEvent } from '#domain/project/events.ts'
import type { Project } from '#domain/project/state.ts'
import { personValue } from '#domain/people/entities.ts'
import { authorize } from '#lambda/people/authorize.ts'
import { dynamoDb, ssm } from '#lambda/kernel/clients.ts'
import { setting } from '#lambda/kernel/configuration.ts'
import { decideAndAppend, type Outcome } from '../handle-command.ts'
import { publishedCells, publishedDatabases } from '../published.ts'
import { headOf, readStream, type Idempotency, type LedgerPort, type StreamAppend } from '../ledger.ts'
import { allOfView, organisationsOf } from '../view.ts'
import type { CommandRequest } from './request.ts'

/** Decides one command of either aggregate and appends what follows from it. */
export async function decideRequest(
  port: LedgerPort,
  request: CommandRequest,
  context: Context,
  idempotency: Idempotency,
): Promise<Outcome> {
  const { stream, id } = request
  if (request.aggregate === 'project') {
    return decideAndAppend<Project, ProjectCommand, ProjectEvent, Context>(port, {
      decider: projectDecider,
      stream,
      command: request.command,
      context,
      idempotency,
      permit: (state) =>
        authorize(
          context.actor,
          request.command.type,
          { aggregate: 'project', id, state },
          request.command.type === 'RemoveHandler' ? { person: personValue(request.command.personId) } : {},
        ),
    })
  }
  const { command } = request
  const places = new Places(port)
  return decideAndAppend<Application, ApplicationCommand, ApplicationEvent, ApplicationContext>(port, {
    decider: applicationDecider,
    stream,
    command,
    context,
    surroundings: (state) => surroundings(id, command, state, context, places),
    idempotency,
    permit: (state) =>
      authorize(
        context.actor,
        command.type,
        { aggregate: 'application', id, state },
        command.type === 'Decide' ? { database: command.database } : {},
      ),
    companions: (events) => openProject(port, id, events, context, places),
  })
}

/** What an application's commands need to know beside the stream; only a grant needs a cell. */
async function surroundings(
  applicationId: string,
  command: ApplicationCommand,
  state: Application,
  context: Context,
  places: Places,
): Promise<ApplicationContext> {
  const environment = setting('RENKEI_ENVIRONMENT')
  const [databases, organisations, cell] = await Promise.all([
    publishedDatabases(ssm(), environment),
    organisationsOf(views(), judges(command, state)),
    command.type === 'Grant' ? places.choose(environment) : undefined,
  ])
  return {
    ...context,
    applicationId,
    rules: rules as unknown as ApplicationRules,
    databases,
    organisations,
    ...(cell !== undefined && { cell }),
  }
}

const views = () => ({ dynamoDb: dynamoDb(), view: setting('VIEW_TABLE') })

/** Everybody whose independence the command rests on (REV-2); the actor's own organisation stands in their token. */
function judges(command: ApplicationCommand, { reviewers, reviews, decisions }: Application): readonly string[] {
  const named = command.type === 'AssignReviewers' ? command.reviewers.map(({ personId }) => personId) : []
  const asked = ['AssignReviewers', 'RecordOpinion', 'Decide', 'Grant'].includes(command.type)
  return asked
    ? [
        ...named,
        ...reviewers.map(({ personId }) => personId),
        ...reviews.map(({ reviewer }) => reviewer.personId),
        ...[...decisions.values()].map(({ decidedBy }) => decidedBy.personId),
      ]
    : []
}

/**
 * The places of the cells, each cell a stream of its own: a grant continues it in its own transaction, so that two grants at once never
 * take the same last place. Only a project that the view says is closed has left its place: a lagging view makes cells seem fuller.
 */
class Places {
  private readonly port: LedgerPort
  private readonly heads = new Map<number, StreamHead>()

  constructor(port: LedgerPort) {
    this.port = port
  }

  async choose(environment: string): Promise<number | undefined> {
    const cells = await publishedCells(ssm(), environment)
    const closed = new Set<string>()
    for await (const { id, state } of allOfView<Project>(views(), 'project'))
      if (state.status === 'closed') closed.add(id)
    const streams = await Promise.all(
      cells.map(async ({ id }) => ({ id, records: await readStream(this.port, placesOf(id)) })),
    )
    for (const { id, records } of streams) this.heads.set(id, headOf(records))
    return chooseCell(
      cells,
      new Map(
        streams.map(({ id, records }) => [
          id,
          occupiedPlaces(
            records.map(({ event }) => event as CellEvent),
            closed,
          ),
        ]),
      ),
    )
  }

  take(cell: number, projectId: string): StreamAppend {
    const event: CellEvent = { type: 'PlaceTaken', projectId }
    return { stream: placesOf(cell), head: this.heads.get(cell) ?? emptyHead, events: [event] }
  }
}

const placesOf = (cell: number) => `cell/${cell}`

/** A grant opens its project in the same transaction: there is never one without the other (CON-1, CON-2). */
async function openProject(
  port: LedgerPort,
  applicationId: string,
  events: readonly ApplicationEvent[],
  context: Context,
  places: Places,
): Promise<readonly StreamAppend[] | { readonly refusals: readonly Refusal[] }> {
  const granted = events.find((event) => event.type === 'ApplicationGranted')
  if (granted === undefined) return []
  const stream = `project/${projectIdOf(applicationId)}`
  const records = await readStream(port, stream)
  const project = replay<Project, ProjectEvent>(
    projectDecider,
    records.map(({ event }) => event as ProjectEvent),
  )
  const decisions = events.map((event) => grantProject(event, project, context))
  const refusals = decisions.flatMap((decision) => (decision.ok ? [] : decision.refusals))
  if (refusals.length > 0) return { refusals }
  return [
    { stream, head: headOf(records), events: decisions.flatMap((decision) => (decision.ok ? decision.events : [])) },
    places.take(granted.grant.cell, granted.grant.projectId),
  ]
}
