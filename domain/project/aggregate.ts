import { ID, type Aggregate, type RequestContext, type View } from '../ledger/aggregate.ts'
import { personValue } from '../people/entities.ts'
import { approvalsOf } from './evolve.ts'
import { projectDocuments } from './command-documents.ts'
import { projectCommand, type ProjectCommand } from './commands.ts'
import { dueCommands, nextDeadline } from './deadlines.ts'
import { projectDecider } from './decide.ts'
import { projectEntity } from './entity.ts'
import type { ProjectEvent } from './events.ts'
import { comparison, messagesFor } from './messages.ts'
import { closing, opening } from './opening.ts'
import type { Project } from './state.ts'

/** A research project: what was granted, who uses it, what it has in AWS (VIS-1…7). */
export const projectAggregate: Aggregate<Project, ProjectCommand, ProjectEvent> = {
  name: 'project',
  plural: 'projects',
  title: { en: 'Project', ja: '研究プロジェクト' },
  idPattern: ID,
  decider: projectDecider,
  commands: { schema: projectCommand, documents: projectDocuments },
  authorization: {
    read: 'ReadProject',
    ledger: 'ReadProjectLedger',
    list: 'ListProjects',
    entity: projectEntity,
    context: (command): RequestContext =>
      command.type === 'RemoveHandler' ? { person: personValue(command.personId) } : {},
  },
  view,
  messages: messagesFor,
  comparison,
  deadlines: { due: dueCommands, next: nextDeadline },
  companions: [opening, closing],
}

/**
 * Lists show what is there now; what was ever named, seen or destroyed is told by the ledger, so that a row stays
 * small.
 */
function view(project: Project): View {
  const { named: _named, seen: _seen, destroyed: _destroyed, askers: _askers, heldRemoves, ...row } = project
  const heldRemoval = project.status === 'closed' ? undefined : project.heldRemoval
  const persons = [...project.handlers.map(({ personId }) => personId), ...(project.applicant?.persons ?? [])]
  return {
    row: {
      ...row,
      heldRemoval,
      heldRemoves: heldRemoval === undefined ? [] : heldRemoves,
      approvals: heldRemoval === undefined ? {} : { [heldRemoval]: approvalsOf(project, heldRemoval) },
    },
    keys: [
      ...new Set(persons.map((id) => `person/${id}`)),
      ...project.databases.map((database) => `database/${database}`),
    ],
    open: project.status !== 'closed',
  }
}
