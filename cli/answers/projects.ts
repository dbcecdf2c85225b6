import type { Project } from '#domain/project/state.ts'
import { parameterNames } from '#domain/kernel/parameter-names.ts'
import { answer, columns, printable, quoted } from '../output.ts'
import { APPROVALS_NEEDED } from '#domain/project/approvals.ts'
import { projects, published, waitingRemoval, wholeProject } from '../platform-view.ts'
import type { CommonOptions } from '../command.ts'
import { configOf, useAws } from '../surroundings.ts'
import { Obstacle } from '#domain/kernel/obstacle.ts'

/** `renkei project list` */
export async function listProjects(options: CommonOptions): Promise<void> {
  const { environment } = configOf(options)
  useAws(options)
  answer(await projects(environment), options.json, (found) =>
    columns(
      ['project', 'status', 'databases', 'handlers', 'until', 'removal that waits'],
      found.map((project) =>
        [
          project.projectId,
          project.status,
          project.databases.join(' '),
          String(project.handlers.length),
          project.until,
          waitingRemoval(project) ?? '',
        ].map(printable),
      ),
      'no project',
    ),
  )
}

/** `renkei project show <id>` */
export async function showProject(id: string, options: CommonOptions): Promise<void> {
  const { environment } = configOf(options)
  useAws(options)
  const table = (await published(environment))(parameterNames.ledgerTableName())
  // The ledger itself: a list's row keeps nothing of what was destroyed.
  const project = await wholeProject(table, id)
  if (project.status === 'absent')
    throw new Obstacle({
      code: 'cli.unknown-project',
      what: `no project ${quoted(id)}`,
      why: `it is not among the projects of ${environment}`,
      next: './renkei project list',
    })
  answer(project, options.json, describe)
}

function describe(project: Project): string {
  const rows: (readonly [string, string])[] = [
    ['project', project.projectId],
    ['application', project.applicationId],
    ['status', project.status],
    ['databases', project.databases.join(', ')],
    ['period', `${project.from} to ${project.until}`],
    ['cell', String(project.cell)],
    ['handlers', project.handlers.map(({ personId, organisation }) => `${personId} (${organisation})`).join(', ')],
    ['suspended', project.suspendedPersons.join(', ') || 'nobody'],
    ['exists', project.exists.map(({ kind, id }) => `${kind} ${id}`).join(', ') || 'nothing'],
    ['destroyed', project.destroyed.map(({ kind, id }) => `${kind} ${id}`).join(', ') || 'nothing'],
    [
      'held removal',
      project.heldRemoval
        ? `${project.heldRemoval}: ` +
          `${(project.approvals[project.heldRemoval] ?? []).length} of ${APPROVALS_NEEDED} approvals`
        : 'none',
    ],
  ]
  return rows.map(([name, value]) => `${name.padEnd(13)} ${printable(value)}`).join('\n')
}
