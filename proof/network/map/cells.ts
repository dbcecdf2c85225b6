import type { Config } from '#lib/kernel/config/load.ts'
import type { Flow } from '../intent.ts'
import type { Id, Network } from '../model/network.ts'
import { COLUMN, FLOW, QUIET, ROW, TOP } from './page.ts'
import { box, group, text } from './svg.ts'

type Cell = Config['cells'][number]

/** Subnets of a cell that share a route table. */
interface Zone {
  readonly name: string
  readonly cidrs: readonly string[]
  /** networks that its route table leads to */
  readonly routed: readonly string[]
}

interface Drawn {
  readonly parts: readonly string[]
  readonly bottom: number
}

/** The column of cells. `doors`: where the flows of each cell begin. */
interface DrawnCells extends Drawn {
  readonly doors: ReadonlyMap<string, number>
}

const ZONE_NAMES = ['desktops', 'storage', 'directory', 'resolver', 'attachment']

const PURPOSE: Readonly<Record<string, string>> = {
  desktops: 'Desktops 仮想デスクトップ',
  storage: 'Project files 保存',
  directory: 'Directory 認証',
  resolver: 'Names 名前解決',
  attachment: 'To the hub 接続口',
}

export function drawCells(config: Config, network: Network, flows: readonly Flow[], bottom: number): DrawnCells {
  const doors = new Map<string, number>()
  const parts: string[] = []
  let y = TOP
  for (const cell of config.cells) {
    const vpc = Object.entries(network.vpcs).find(([, { cidrs }]) => cidrs.includes(cell.cidr))?.[0]
    if (vpc === undefined) continue
    const drawn = drawCell({ cell, y, zones: zonesOf(network, vpc), projects: projectsOf(cell, flows) })
    parts.push(...drawn.parts)
    if (drawn.door !== undefined) doors.set(String(cell.id), drawn.door)
    y = drawn.bottom + 18
  }
  return { parts, bottom: Math.max(y, bottom), doors }
}

function zonesOf(network: Network, vpc: Id): Zone[] {
  const own = Object.entries(network.subnets).filter(([, subnet]) => subnet.vpc === vpc)
  const byTable = Map.groupBy(own, ([, { routeTable }]) => routeTable)
  return [...byTable].map(([table, subnets]) => ({
    name: ZONE_NAMES.find((name) => table.includes(name)) ?? table.split('/').at(-1)!,
    cidrs: subnets.map(([, { cidr }]) => cidr),
    routed: network.routeTables[table]?.routes.map(({ cidr }) => cidr) ?? [],
  }))
}

/** Projects with a granted desktop in a cell. */
function projectsOf({ id }: Cell, flows: readonly Flow[]): readonly string[] {
  const granted = flows.flatMap(({ from }) =>
    from.kind === 'desktop' && from.cell === String(id) && from.access === 'granted' ? [from.project] : [],
  )
  return [...new Set(granted)]
}

interface CellShape {
  readonly cell: Cell
  readonly y: number
  readonly zones: readonly Zone[]
  readonly projects: readonly string[]
}

function drawCell({ cell, y, zones, projects }: CellShape): Drawn & { readonly door?: number } {
  const { x, width } = COLUMN.cell
  const heights = zones.map(({ name }) => (name === 'desktops' ? 62 + projects.length * ROW : 52))
  const height = 44 + heights.reduce((sum, each) => sum + each + 10, 0) + 34
  const parts = [
    group(`cell ${cell.id}`, [
      box({ x, y, width, height, fill: '#f4f7fa', line: 1.6 }),
      text(`Cell ${cell.id}`, { x: x + 14, y: y + 27, size: 15, weight: 700 }),
      text(cell.cidr, { x: x + width - 14, y: y + 27, anchor: 'end', fill: QUIET }),
    ]),
  ]
  let door: number | undefined
  let top = y + 44
  for (const [index, zone] of zones.entries()) {
    const zoneHeight = heights[index]!
    const listed = zone.name === 'desktops' ? projects : []
    parts.push(drawZone({ zone, top, height: zoneHeight, title: `${zone.name} of cell ${cell.id}`, projects: listed }))
    if (zone.name === 'desktops') door = top + zoneHeight / 2
    top += zoneHeight + 10
  }
  parts.push(text('No Internet gateway, NAT or endpoint', { x: x + 14, y: top + 16, size: 11, fill: QUIET }))
  return { parts, bottom: y + height, door }
}

interface ZoneShape {
  readonly zone: Zone
  readonly top: number
  readonly height: number
  readonly title: string
  readonly projects: readonly string[]
}

function drawZone({ zone: { name, cidrs, routed }, top, height, title, projects }: ZoneShape): string {
  const { x, width } = COLUMN.cell
  const leads = routed.length > 0
  return group(title, [
    box({ x: x + 14, y: top, width: width - 28, height, stroke: name === 'desktops' ? FLOW : QUIET }),
    text(PURPOSE[name] ?? name, { x: x + 26, y: top + 22, weight: 600 }),
    text(cidrs.join(', '), { x: x + 26, y: top + 41, size: 11, fill: QUIET }),
    text(leads ? `→ ${routed.join(', ')}` : 'no route out', {
      x: x + width - 26,
      y: top + 22,
      size: 11,
      fill: leads ? FLOW : QUIET,
      anchor: 'end',
    }),
    ...projects.map((project, line) => text(project, { x: x + 32, y: top + 62 + line * ROW, size: 12 })),
  ])
}
