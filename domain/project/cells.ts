/** A cell of `config.cells`: how many projects it may hold. */
export interface CellRoom {
  readonly id: number
  readonly projects: number
}

/**
 * The first cell with room, in the order of the configuration; undefined where none has any.
 * `occupied` counts the projects per cell that are not closed.
 */
export function chooseCell(cells: readonly CellRoom[], occupied: ReadonlyMap<number, number>): number | undefined {
  return cells.find(({ id, projects }) => (occupied.get(id) ?? 0) < projects)?.id
}
