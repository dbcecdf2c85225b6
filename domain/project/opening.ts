import type { ApplicationEvent } from '../application/events.ts'
import { accept, refuse, type Context, type Decision } from '../kernel/decider.ts'
import type { Companion, CompanionStream, Followed, Reader } from '../ledger/aggregate.ts'
import { cellAggregate, cellDecider, cellStream, chooseCell, type Cell, type CellCapacity } from './cell.ts'
import { projectDecider } from './decide.ts'
import type { ProjectEvent } from './events.ts'
import type { Project } from './state.ts'

/**
 * The project that a grant opens; any other event opens nothing. One transaction appends both streams (CON-2);
 * `project` is the state of `project/<id of the grant>`, absent until then.
 */
export function grantProject(event: ApplicationEvent, project: Project, context: Context): Decision<ProjectEvent> {
  return event.type === 'ApplicationGranted'
    ? projectDecider.decide(project, { type: 'OpenProject', grant: event.grant }, context)
    : accept()
}

const kind = { name: 'project', decider: projectDecider }

/** A cell as it stands now: a seat whose project was closed by version 0.1 is free, though no event says so. */
async function cellNow(reader: Reader, id: number): Promise<Cell> {
  const cell = await reader.load(cellAggregate, String(id))
  if (cell.uncounted === undefined) return cell
  const projects = await Promise.all(cell.occupants.map((project) => reader.load(kind, project)))
  return { occupants: cell.occupants.filter((_, index) => projects[index]?.status !== 'closed') }
}

/**
 * A grant opens its project and takes a seat of a cell, all in one transaction: there is never one without the others
 * (CON-1, CON-2).
 */
export const opening: Companion = {
  of: 'application',
  /** the cell with room that a grant places its project in, under the number of its application */
  async surroundings(reader, command, id) {
    if (command.type !== 'Grant') return {}
    const cells = await reader.published<CellCapacity>('cell')
    const states = await Promise.all(cells.map(({ id: cell }) => cellNow(reader, cell)))
    const cell = chooseCell(id, cells, new Map(cells.map((each, index) => [each.id, states[index]?.occupants ?? []])))
    return cell === undefined ? {} : { cell }
  },
  async follow({ reader, events, context }) {
    const granted = (events as readonly ApplicationEvent[]).find((event) => event.type === 'ApplicationGranted')
    if (granted === undefined) return accept()
    const { projectId, cell } = granted.grant
    const opened = grantProject(granted, await reader.load(kind, projectId), context)
    if (!opened.ok) return refuse(...opened.refusals)
    const seat = cellDecider.decide(await cellNow(reader, cell), { type: 'TakeSeat', projectId }, context)
    return accept<CompanionStream>(
      { stream: `project/${projectId}`, events: opened.events },
      { stream: cellStream(cell), events: seat.ok ? seat.events : [] },
    )
  },
}

/** A project that closes gives its seat back in the same transaction: the cell's own stream tells how full it is. */
export const closing: Companion = {
  of: 'project',
  async follow({ reader, before, after, context }: Followed) {
    const [was, is] = [before as Project, after as Project]
    if (is.status !== 'closed' || was.status === 'closed') return accept()
    const cell = await cellNow(reader, is.cell)
    const seat = cellDecider.decide(cell, { type: 'ReturnSeat', projectId: is.projectId }, context)
    return accept<CompanionStream>({ stream: cellStream(is.cell), events: seat.ok ? seat.events : [] })
  },
}
