import { presentedCidr } from '#lib/kernel/config/addresses.ts'
import type { Config } from '#lib/kernel/config/load.ts'
import type { Flow } from '../intent.ts'
import type { Attachment, Network } from '../model/network.ts'
import { COLUMN, DATABASE_GAP, DATABASE_HEIGHT, FLOW, IPSEC, LISTED, QUIET, TOP, TUNNEL_APART } from './page.ts'
import { box, element, group, label, text } from './svg.ts'

type Database = Config['databases'][number]
type Connection = Extract<Attachment, { readonly kind: 'vpn' }>

/** A database, and the connection to its holder's gateway. */
export interface Link {
  readonly database: Database
  readonly y: number
  readonly connection: Connection | undefined
}

export const linksOf = ({ databases }: Config, network: Network): Link[] =>
  databases.map((database, index) => ({
    database,
    y: TOP + index * (DATABASE_HEIGHT + DATABASE_GAP),
    connection: connectionTo(network, database.id),
  }))

const connectionTo = ({ attachments }: Network, id: string): Connection | undefined =>
  Object.values(attachments).find(
    (each): each is Connection => each.kind === 'vpn' && each.party.kind === 'database' && each.party.id === id,
  )

export function drawLink(config: Config, { database, y, connection }: Link, allowed: readonly Flow[]): string {
  const middle = y + DATABASE_HEIGHT / 2
  const projects = allowed.flatMap(({ from, to }) =>
    to.kind === 'database' && to.id === database.id && from.kind === 'desktop' ? [from.project] : [],
  )
  return group(`${database.id}: ${database.name.en}`, [
    ...drawTunnel(COLUMN.tunnel.x, COLUMN.tunnel.width, middle - TUNNEL_APART),
    ...drawTunnel(COLUMN.tunnel.x, COLUMN.tunnel.width, middle + TUNNEL_APART),
    ...drawTunnelLabels(database, connection, middle),
    ...drawDatabase(config, database, y),
    drawGrants(projects, y),
  ])
}

/** A tunnel: a wide band with a dashed line in it. */
export function drawTunnel(x1: number, length: number, y: number): string[] {
  const line = { x1, y1: y, x2: x1 + length, y2: y, stroke: IPSEC }
  return [
    element('line', { ...line, 'stroke-width': 12, opacity: 0.25 }),
    element('line', { ...line, 'stroke-width': 1.2, 'stroke-dasharray': '6 4' }),
  ]
}

function drawTunnelLabels({ peer }: Database, connection: Connection | undefined, middle: number): string[] {
  const x = COLUMN.tunnel.x + COLUMN.tunnel.width / 2
  return [
    label(strengthOf(connection), { x, y: middle - 27, size: 11, fill: IPSEC, anchor: 'middle', weight: 600 }),
    label(`${peer.address} · AS ${peer.asn} · ${peer.device}`, {
      x,
      y: middle + 36,
      size: 11,
      fill: QUIET,
      anchor: 'middle',
    }),
  ]
}

function strengthOf(connection: Connection | undefined): string {
  if (connection === undefined) return 'no connection'
  const [weakness] = connection.weaknesses
  return weakness === undefined ? 'IKEv2 · AES-GCM · SHA-2 · group ≥ 15' : `WEAK: ${weakness}`
}

function drawDatabase(config: Config, database: Database, y: number): string[] {
  const { x, width } = COLUMN.database
  const { id, kind, name, service } = database
  const [fill, kindName] = kind === 'public' ? ['#eef5ee', 'public 公的'] : ['#f3eef8', 'private 民間']
  return [
    box({ x, y, width, height: DATABASE_HEIGHT, fill, line: 1.6 }),
    text(id, { x: x + 14, y: y + 26, size: 16, weight: 700 }),
    text(`${kindName} · ${service.engine}`, { x: x + width - 14, y: y + 26, size: 12, anchor: 'end', fill: QUIET }),
    text(name.ja.slice(0, 26), { x: x + 14, y: y + 47, size: 12 }),
    text(`${presentedCidr(config, database)}   TCP ${service.port}`, { x: x + 14, y: y + 68, weight: 600 }),
  ]
}

function drawGrants(projects: readonly string[], y: number): string {
  const granted = projects.length > 0
  const names = projects.length > LISTED ? `${projects.length} projects` : projects.join(', ')
  return text(`granted to ${granted ? names : 'nobody'}`, {
    x: COLUMN.database.x + 14,
    y: y + 90,
    size: 12,
    fill: granted ? FLOW : QUIET,
  })
}
