import type { Flow } from '../intent.ts'
import type { DrawnHub } from './hub.ts'
import type { Link } from './links.ts'
import { COLUMN, DATABASE_HEIGHT, FLOW, TUNNEL_APART } from './page.ts'
import { arrow, element, escape } from './svg.ts'

interface Ends {
  readonly links: readonly Link[]
  /** where the flows of each cell begin */
  readonly doors: ReadonlyMap<string, number>
  readonly hub: DrawnHub
  readonly allowed: readonly Flow[]
}

/** How far apart the flows leave the hub, first to last. */
const SPREAD = 70

/** Every allowed flow as one line: desktops → firewall → tunnel → database. */
export function drawFlows({ links, doors, hub, allowed }: Ends): string[] {
  const served = links.filter(({ database }) =>
    allowed.some(({ to }) => to.kind === 'database' && to.id === database.id),
  )
  const into = [...doors]
    .filter(([cell]) => allowed.some(({ from }) => from.kind === 'desktop' && from.cell === cell))
    .map(([, y]) => drawIntoFirewall(y, hub))
  const out = served.map((link, index) => {
    const share = served.length === 1 ? 0 : index / (served.length - 1) - 0.5
    return drawOut(link, hub.out, hub.firewall.y + share * SPREAD)
  })
  return [...into, ...out]
}

function drawIntoFirewall(y: number, { firewall }: DrawnHub): string {
  const edge = COLUMN.cell.x + COLUMN.cell.width - 14
  const curve = `C${edge + 90} ${y} ${firewall.x - 100} ${firewall.y} ${firewall.x - 4} ${firewall.y}`
  return arrow({ d: `M${edge} ${y} ${curve}`, stroke: FLOW, width: 2.4 })
}

function drawOut({ database, y }: Link, x: number, from: number): string {
  const { tunnel } = COLUMN
  // Inside the first tunnel, which is preferred while it lives.
  const lane = y + DATABASE_HEIGHT / 2 - TUNNEL_APART
  const curve = `C${x + 56} ${from} ${tunnel.x - 56} ${lane} ${tunnel.x} ${lane}`
  return arrow(
    { d: `M${x} ${from} ${curve} L${COLUMN.database.x - 4} ${lane}`, stroke: FLOW, width: 2 },
    element('title', {}, escape(`desktops with a grant → ${database.id}, TCP ${database.service.port}`)),
  )
}
