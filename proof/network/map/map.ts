import type { Config } from '#lib/kernel/config/load.ts'
import type { Flow } from '../intent.ts'
import type { Network } from '../model/network.ts'
import { drawCells } from './cells.ts'
import { drawFlows } from './flows.ts'
import { drawHub } from './hub.ts'
import { drawLegend } from './legend.ts'
import { drawLink, linksOf } from './links.ts'
import { COLUMN, DATABASE_HEIGHT, FLOW, FONT, QUIET, TOP, WIDTH } from './page.ts'
import { element, escape, text } from './svg.ts'

interface MapInput {
  readonly config: Config
  /** as the templates make it */
  readonly network: Network
  /** what may flow, as intended */
  readonly flows: readonly Flow[]
  /** whether the proof found exactly these flows; if not, the picture says so */
  readonly proved: boolean
}

/**
 * Draws the platform as the templates have it: cells with their zones, the Transit Gateway's route tables, the
 * firewall, the IPsec links, the databases, and every flow that may exist. One picture, readable on a screen and in
 * print; the same content is in its description.
 */
export function networkMap({ config, network, flows, proved }: MapInput): string {
  const links = linksOf(config, network)
  const bottom = links.at(-1)!.y + DATABASE_HEIGHT
  const cells = drawCells(config, network, flows, bottom)
  const hub = drawHub(network, bottom)
  const height = Math.max(bottom, cells.bottom, hub.bottom) + 150
  const allowed = flows.filter(({ to }) => to.kind === 'database')
  const lines = [
    element('title', { id: 'map-title' }, escape(`Renkei ${config.environment}: network map`)),
    element('desc', { id: 'map-description' }, escape(description(config, allowed, proved))),
    '<defs>',
    arrowHead(),
    '</defs>',
    element('rect', { width: WIDTH, height, fill: '#fff' }),
    ...headings(config.environment),
    ...cells.parts,
    ...hub.parts,
    ...links.map((link) => drawLink(config, link, allowed)),
    ...drawFlows({ links, doors: cells.doors, hub, allowed }),
    drawLegend(height - 104, proved),
  ]
  return `${element('svg', page(height), `\n${lines.join('\n')}\n`)}\n`
}

const page = (height: number) => ({
  xmlns: 'http://www.w3.org/2000/svg',
  viewBox: `0 0 ${WIDTH} ${height}`,
  width: WIDTH,
  height,
  'font-family': FONT,
  role: 'img',
  'aria-labelledby': 'map-title map-description',
})

const arrowHead = () =>
  element(
    'marker',
    {
      id: 'arrow',
      viewBox: '0 0 10 10',
      refX: 9,
      refY: 5,
      markerWidth: 7,
      markerHeight: 7,
      orient: 'auto-start-reverse',
    },
    element('path', { d: 'M0 0L10 5L0 10z', fill: FLOW }),
  )

function headings(environment: string): string[] {
  const { cell, hub, tunnel, database } = COLUMN
  const column = { y: TOP - 18, size: 15, weight: 700 }
  const subtitle = 'Who can reach what, and over which encryption: drawn from the synthesized templates'
  return [
    text(`Renkei 連携 — ${environment}`, { x: 40, y: 48, size: 24, weight: 700 }),
    text(subtitle, { x: 40, y: 76, size: 14, fill: QUIET }),
    text('Visiting cells', { x: cell.x, ...column }),
    text('Hub', { x: hub.x, ...column }),
    text('IPsec, two tunnels each', { x: tunnel.x + tunnel.width / 2, ...column, anchor: 'middle' }),
    text("Databases, behind their holders' gateways", { x: database.x, ...column }),
  ]
}

/** What the picture shows, in words. */
function description(config: Config, allowed: readonly Flow[], proved: boolean): string {
  const reached = config.databases.map(({ id, service }) => {
    const projects = allowed
      .filter(({ to }) => to.kind === 'database' && to.id === id)
      .map(({ from }) => (from.kind === 'desktop' ? from.project : ''))
    return `${id} on TCP ${service.port} by ${projects.join(', ') || 'nobody'}`
  })
  const count = config.cells.length
  return [
    ...(proved ? [] : ['NOT PROVED: the templates let other flows pass than are drawn here.']),
    `${count} visiting ${count === 1 ? 'cell' : 'cells'} without any way to the Internet; desktops reach databases`,
    'only through the Transit Gateway, the firewall and an IPsec connection with two tunnels.',
    `Reached: ${reached.join('; ')}.`,
    'No database reaches another, or a desktop that did not ask.',
  ].join(' ')
}
