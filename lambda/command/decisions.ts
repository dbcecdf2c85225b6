import rules from '../../policies/application/rules.json' with { type: 'json' }
import type { ApplicationCommand } from '../../domain/application/commands.ts'
import type { ApplicationContext, ApplicationRules } from '../../domain/application/context.ts'
import { applicationDecider } from '../../domain/application/decide.ts'
import type { ApplicationEvent } from '../../domain/application/events.ts'
import { projectIdOf } from '../../domain/application/grant.ts'
import { grantProject } from '../../domain/application/opening.ts'
import type { Application } from '../../domain/application/state.ts'
import { replay, type Context, type Rejection } from '../../domain/kernel.ts'
import { chooseCell } from '../../domain/project/cells.ts'
import type { ProjectCommand } from '../../domain/project/commands.ts'
import { projectDecider } from '../../domain/project/decide.ts'
import type { ProjectEvent } from '../../domain/project/events.ts'
import type { Project } from '../../domain/project/state.ts'
import { authorize } from '../shared/authorize.ts'
import { dynamoDb, ssm } from '../shared/clients.ts'
import { setting } from '../shared/configuration.ts'
import { decideAndAppend, type Outcome } from '../shared/decide.ts'
import { cellFacts, databaseFacts } from '../shared/facts.ts'
import { headOf, readStream, type Idempotency, type LedgerPort, type StreamAppend } from '../shared/ledger.ts'
import { allOfView } from '../shared/view.ts'
import type { CommandRequest } from './request.ts'

/** Decides one command of either aggregate and appends what follows from it. */
export async function decideRequest(port: LedgerPort, request: CommandRequest, context: Context, idempotency: Idempotency): Promise<Outcome> {
  const { stream, id } = request
  if (request.aggregate === 'project') {
    return decideAndAppend<Project, ProjectCommand, ProjectEvent, Context>(port, {
      decider: projectDecider,
      stream,
      command: request.command,
      context,
      idempotency,
      permit: (state) => authorize(context.actor, request.command.type, { aggregate: 'project', id, state }),
    })
  }
  const { command } = request
  return decideAndAppend<Application, ApplicationCommand, ApplicationEvent, ApplicationContext>(port, {
    decider: applicationDecider,
    stream,
    command,
    context: await surroundings(id, command.type, context),
    idempotency,
    permit: (state) => authorize(context.actor, command.type, { aggregate: 'application', id, state }, command.type === 'Decide' ? { database: command.database } : {}),
    companions: (events) => openProject(port, id, events, context),
  })
}

/** What an application's commands need to know beside the stream; only a grant needs a cell. */
async function surroundings(applicationId: string, type: ApplicationCommand['type'], context: Context): Promise<ApplicationContext> {
  const environment = setting('RENKEI_ENVIRONMENT')
  return {
    ...context,
    applicationId,
    rules: rules as unknown as ApplicationRules,
    databases: await databaseFacts(ssm(), environment),
    ...(type === 'Grant' && { cell: chooseCell(await cellFacts(ssm(), environment), await occupied()) }),
  }
}

async function occupied(): Promise<ReadonlyMap<number, number>> {
  const counts = new Map<number, number>()
  for await (const { state } of allOfView<Project>({ dynamoDb: dynamoDb(), view: setting('VIEW_TABLE') }, 'project')) {
    if (state.status !== 'closed') counts.set(state.cell, (counts.get(state.cell) ?? 0) + 1)
  }
  return counts
}

/** A grant opens its project in the same transaction: there is never one without the other (CON-2). */
async function openProject(
  port: LedgerPort, applicationId: string, events: readonly ApplicationEvent[], context: Context,
): Promise<readonly StreamAppend[] | { readonly rejections: readonly Rejection[] }> {
  if (!events.some(({ type }) => type === 'ApplicationGranted')) return []
  const stream = `project/${projectIdOf(applicationId)}`
  const records = await readStream(port, stream)
  const project = replay<Project, ProjectEvent>(projectDecider, records.map(({ event }) => event as ProjectEvent))
  const decisions = events.map((event) => grantProject(event, project, context))
  const rejections = decisions.flatMap((decision) => decision.ok ? [] : decision.rejections)
  if (rejections.length > 0) return { rejections }
  return [{ stream, head: headOf(records), events: decisions.flatMap((decision) => decision.ok ? decision.events : []) }]
}
