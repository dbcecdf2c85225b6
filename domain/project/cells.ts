/** A cell of `config.cells`: how many projects it may hold. */
export interface CellCapacity {
  readonly id: number
  readonly projects: number
}

/**
 * The first cell with room, in the order of the configuration; undefined where none has any.
 * `occupied` counts the projects per cell that are not closed.
 */
export function chooseCell(cells: readonly CellCapacity[], occupied: ReadonlyMap<number, number>): number | undefined {
  return cells.find(({ id, projects }) => (occupied.get(id) ?? 0) < projects)?.id
}

/** In the stream of a cell: a granted project took a place in it. It leaves the place by being closed. */
export interface CellEvent {
  readonly type: 'PlaceTaken'
  readonly projectId: string
}

/** How many places of a cell are taken; `closed` names the projects that are known to have left. */
export const occupiedPlaces = (events: readonly CellEvent[], closed: ReadonlySet<string>): number =>
  new Set(events.map(({ projectId }) => projectId).filter((projectId) => !closed.has(projectId))).size
