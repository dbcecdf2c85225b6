import { accept, type Context, type Decider } from '../kernel/decider.ts'
import { ID, type Aggregate } from '../ledger/aggregate.ts'

/** A cell of `config.cells`: how many projects it may hold. */
export interface CellCapacity {
  readonly id: number
  readonly projects: number
}

/** A cell as its stream tells it: the projects that have a seat in it. */
export interface Cell {
  readonly occupants: readonly string[]
  /** its last event is of version 0.1, in which a project left its seat by being closed, without an event here */
  readonly uncounted?: true
}

/**
 * In the stream of a cell: a granted project took a seat in it, a closed one gave it back. Each event carries the
 * occupants that it leaves, so that the last one alone tells how full the cell is, however many there have been; those
 * of version 0.1 do not.
 */
export type CellEvent =
  | { readonly type: 'SeatTaken'; readonly projectId: string; readonly occupants?: readonly string[] }
  | { readonly type: 'SeatReturned'; readonly projectId: string; readonly occupants?: readonly string[] }

/** Commanded by the platform alone, in the transaction of what a seat is taken or given back for. */
export type CellCommand =
  | { readonly type: 'TakeSeat'; readonly projectId: string }
  | { readonly type: 'ReturnSeat'; readonly projectId: string }

/** Taking and giving back are each done once: a repetition changes nothing (C-10). */
export const cellDecider: Decider<Cell, CellCommand, CellEvent> = {
  initial: { occupants: [] },
  decide({ occupants }, { type, projectId }, _context: Context) {
    const others = occupants.filter((id) => id !== projectId)
    const holds = others.length < occupants.length
    if (type === 'TakeSeat')
      return holds ? accept() : accept({ type: 'SeatTaken', projectId, occupants: [...others, projectId] })
    return holds ? accept({ type: 'SeatReturned', projectId, occupants: others }) : accept()
  },
  evolve({ occupants }, { type, projectId, occupants: left }) {
    if (left !== undefined) return { occupants: left }
    const others = occupants.filter((id) => id !== projectId)
    return { occupants: type === 'SeatTaken' ? [...others, projectId] : others, uncounted: true }
  },
}

/** Cells are known by the numbers the configuration gives them. */
export const cellAggregate: Aggregate<Cell, CellCommand, CellEvent> = {
  name: 'cell',
  plural: 'cells',
  title: { en: 'Cell', ja: 'セル' },
  idPattern: ID,
  decider: cellDecider,
  told: ({ occupants }) => (occupants === undefined ? undefined : { occupants }),
}

export const cellStream = (cell: number) => `${cellAggregate.name}/${cell}`

/** Spreads grants: two that come at once for different projects rarely continue the same cell's stream. */
const spread = (text: string) => [...text].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)!) >>> 0, 7)

/**
 * A cell with room for this project: the one that holds it already, else one among those with room, chosen by the
 * project's id, so that the same project always asks for the same one. Undefined where none has room.
 */
export function chooseCell(
  projectId: string,
  cells: readonly CellCapacity[],
  occupants: ReadonlyMap<number, readonly string[]>,
): number | undefined {
  const held = cells.find(({ id }) => occupants.get(id)?.includes(projectId))
  if (held !== undefined) return held.id
  const free = cells.filter(({ id, projects }) => (occupants.get(id)?.length ?? 0) < projects)
  return free.length === 0 ? undefined : free[spread(projectId) % free.length]?.id
}
