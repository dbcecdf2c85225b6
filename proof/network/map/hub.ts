import type { Id, Network } from '../model/network.ts'
import { COLUMN, FIREWALL, INK, LISTED, QUIET, ROW, TOP } from './page.ts'
import { box, group, text } from './svg.ts'

export interface DrawnHub {
  readonly parts: readonly string[]
  readonly bottom: number
  /** where flows come into the firewall */
  readonly firewall: { readonly x: number; readonly y: number }
  /** where they leave the hub */
  readonly out: number
}

/** A route table of the Transit Gateway. */
interface Table {
  readonly name: string
  readonly routes: readonly { readonly cidr: string; readonly to: string }[]
  /** attachments that are associated with it */
  readonly askedBy: readonly string[]
}

const TABLE_NAMES = ['visiting', 'firewall', 'databases']
const FIREWALL_HEIGHT = 118
const NOWHERE = 'nowhere (blackhole)'

export function drawHub(network: Network, bottom: number): DrawnHub {
  const { x, width } = COLUMN.hub
  const tables = tablesOf(network)
  const heights = tables.map(({ routes }) => 52 + routes.length * ROW)
  const total = 48 + FIREWALL_HEIGHT + 26 + heights.reduce((sum, height) => sum + height + 14, 0)
  const firewallTop = TOP + 48
  const parts = [drawFrame(Math.max(total, bottom - TOP)), drawFirewall(firewallTop, passesOf(network))]
  let top = firewallTop + FIREWALL_HEIGHT + 26
  for (const [index, table] of tables.entries()) {
    parts.push(drawTable(table, top, heights[index]!))
    top += heights[index]! + 14
  }
  return {
    parts,
    bottom: Math.max(TOP + total, bottom),
    firewall: { x: x + 16, y: firewallTop + FIREWALL_HEIGHT / 2 },
    out: x + width - 16,
  }
}

function tablesOf(network: Network): Table[] {
  const order = ({ name }: Table) => TABLE_NAMES.indexOf(name)
  return Object.entries(network.transitTables)
    .map(([id, { routes }]) => ({
      name: tableName(id),
      routes: routes.map(({ cidr, attachment }) => ({ cidr, to: attachmentName(network, attachment) })),
      askedBy: Object.entries(network.associations)
        .filter(([, table]) => table === id)
        .map(([attachment]) => attachmentName(network, attachment)),
    }))
    .sort((a, b) => order(a) - order(b))
}

const tableName = (id: Id): string =>
  TABLE_NAMES.find((name) => new RegExp(`RouteTable-?${name}`, 'i').test(id)) ?? id.split('/').at(-1)!

function attachmentName({ attachments }: Network, id: Id | undefined): string {
  if (id === undefined) return NOWHERE
  const found = attachments[id]
  if (found?.kind === 'firewall') return 'firewall'
  if (found?.kind === 'vpn') return found.party.kind === 'database' ? `${found.party.id} (VPN)` : 'unknown VPN'
  return id.split('/')[0]!.replace('visiting-', 'cell ')
}

const passesOf = ({ firewalls }: Network): number =>
  Object.values(firewalls)
    .flatMap(({ stateful }) => stateful)
    .filter(({ action }) => action === 'pass').length

function drawFrame(height: number): string {
  const { x, width } = COLUMN.hub
  return group('Transit Gateway', [
    box({ x, y: TOP, width, height, fill: '#f8f8f4', line: 1.6 }),
    text('Transit Gateway', { x: x + 16, y: TOP + 28, size: 15, weight: 700 }),
    text('no default association or propagation', {
      x: x + width - 16,
      y: TOP + 28,
      size: 11,
      fill: QUIET,
      anchor: 'end',
    }),
  ])
}

function drawFirewall(top: number, passes: number): string {
  const x = COLUMN.hub.x + 16
  const width = COLUMN.hub.width - 32
  const left = x + 16
  return group('firewall', [
    box({ x, y: top, width, height: FIREWALL_HEIGHT, fill: '#fdf3ea', stroke: FIREWALL, line: 2 }),
    text('Network Firewall', { x: left, y: top + 28, size: 15, weight: 700, fill: FIREWALL }),
    text('1. blocked desktops: drop', { x: left, y: top + 52 }),
    text(`2. ${passes} ${passes === 1 ? 'rule' : 'rules'}: granted set → its database's one port`, {
      x: left,
      y: top + 74,
    }),
    text('3. everything else: drop, alarm', { x: left, y: top + 96 }),
  ])
}

function drawTable({ name, routes, askedBy }: Table, top: number, height: number): string {
  const { x, width } = COLUMN.hub
  return group(`route table ${name}`, [
    box({ x: x + 16, y: top, width: width - 32, height, stroke: QUIET }),
    text(`Route table “${name}”`, { x: x + 30, y: top + 22, weight: 600 }),
    text(`asked by ${shortened(askedBy)}`, { x: x + 30, y: top + 40, size: 11, fill: QUIET }),
    ...routes.flatMap(({ cidr, to }, line) => {
      const y = top + 60 + line * ROW
      const fill = to === NOWHERE ? QUIET : INK
      return [
        text(cidr, { x: x + 30, y, size: 12 }),
        text(`→ ${to}`, { x: x + width - 30, y, size: 12, anchor: 'end', fill }),
      ]
    }),
  ])
}

function shortened(names: readonly string[]): string {
  if (names.length <= LISTED) return names.join(', ') || 'nobody'
  return `${names.slice(0, LISTED - 1).join(', ')} and ${names.length - LISTED + 1} more`
}
