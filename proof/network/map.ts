import type { Config } from '#lib/kernel/config/load.ts'
import type { Flow } from './intent.ts'
import { presentedCidr } from '#lib/kernel/config/addresses.ts'
import type { Attachment, Id, Network } from './model/network.ts'

export interface MapInput {
  readonly config: Config
  /** as the templates make it */
  readonly network: Network
  /** what may flow, as intended */
  readonly flows: readonly Flow[]
  /** whether the proof found exactly these flows; if not, the picture says so */
  readonly proved: boolean
}

/** Colours that stay apart for every kind of sight and in grey print; meaning is never carried by colour alone. */
const INK = '#1a1a1a'
const QUIET = '#5f6b76'
const FLOW = '#0b5cad'
const IPSEC = '#1d6b3a'
const FIREWALL = '#a04000'
const FONT = "'Noto Sans JP','Noto Sans CJK JP','Hiragino Sans','Yu Gothic',Meiryo,'IPAexGothic',system-ui,sans-serif"

const WIDTH = 1600
const TOP = 132
const ROW = 19
const DATABASE_HEIGHT = 104
/** Half the distance between a link's two tunnels. */
const TUNNEL_APART = 13
const COLUMN = {
  cell: { x: 40, width: 300 },
  hub: { x: 440, width: 380 },
  tunnel: { x: 878, width: 292 },
  database: { x: 1170, width: 390 },
} as const

const escape = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

interface TextStyle {
  readonly size?: number
  readonly weight?: number
  readonly fill?: string
  readonly anchor?: 'start' | 'middle' | 'end'
}
const text = (
  x: number,
  y: number,
  words: string,
  { size = 13, weight = 400, fill = INK, anchor = 'start' }: TextStyle = {},
) =>
  `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" fill="${fill}" text-anchor="${anchor}">${escape(words)}</text>`
/** Words on a line, with a white edge so that lines under them do not disturb. */
const label = (x: number, y: number, words: string, style: TextStyle = {}) =>
  `<g paint-order="stroke" stroke="#fff" stroke-width="5" stroke-linejoin="round">${text(x, y, words, style)}</g>`

interface BoxStyle {
  readonly fill?: string
  readonly stroke?: string
  readonly dash?: string
  readonly width?: number
}
const box = (
  x: number,
  y: number,
  width: number,
  height: number,
  { fill = '#fff', stroke = INK, dash, width: line = 1.2 }: BoxStyle = {},
) =>
  `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6" fill="${fill}" stroke="${stroke}" stroke-width="${line}"${dash ? ` stroke-dasharray="${dash}"` : ''}/>`
const group = (title: string, parts: readonly string[]) => `<g><title>${escape(title)}</title>${parts.join('')}</g>`

/**
 * Draws the platform as the templates have it: cells with their zones, the Transit Gateway's route tables, the firewall, the IPsec links,
 * the databases, and every flow that may exist. One picture, readable on a screen and in print; the same content is in its description.
 */
export function networkMap({ config, network, flows, proved }: MapInput): string {
  const links = config.databases.map((database, index) => ({
    database,
    y: TOP + index * (DATABASE_HEIGHT + 16),
    attachment: vpnOf(network, database.id),
  }))
  const bottom = links.at(-1)!.y + DATABASE_HEIGHT
  const cells = drawCells(config, network, flows, bottom)
  const hub = drawHub(network, bottom)
  const height = Math.max(bottom, cells.bottom, hub.bottom) + 150
  const allowed = flows.filter(({ to }) => to.kind === 'database')
  const description = `${proved ? '' : 'NOT PROVED: the templates let other flows pass than are drawn here. '}${describe(config, allowed)}`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="${FONT}" role="img" aria-labelledby="map-title map-description">
<title id="map-title">${escape(`Renkei ${config.environment}: network map`)}</title>
<desc id="map-description">${escape(description)}</desc>
<defs>
<marker id="arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 0L10 5L0 10z" fill="${FLOW}"/></marker>
</defs>
<rect width="${WIDTH}" height="${height}" fill="#fff"/>
${text(40, 48, `Renkei 連携 — ${config.environment}`, { size: 24, weight: 700 })}
${text(40, 76, 'Who can reach what, and over which encryption: drawn from the synthesized templates', { size: 14, fill: QUIET })}
${text(COLUMN.cell.x, TOP - 18, 'Visiting cells', { size: 15, weight: 700 })}
${text(COLUMN.hub.x, TOP - 18, 'Hub', { size: 15, weight: 700 })}
${text(COLUMN.tunnel.x + COLUMN.tunnel.width / 2, TOP - 18, 'IPsec, two tunnels each', { size: 15, weight: 700, anchor: 'middle' })}
${text(COLUMN.database.x, TOP - 18, "Databases, behind their holders' gateways", { size: 15, weight: 700 })}
${cells.parts.join('\n')}
${hub.parts.join('\n')}
${links.map(({ database, y, attachment }) => drawLink(config, database, y, attachment, allowed)).join('\n')}
${drawFlows(links, cells.doors, hub, allowed)}
${legend(height - 104, proved)}
</svg>
`
}

const vpnOf = (network: Network, id: string) =>
  Object.values(network.attachments).find(
    (each): each is Attachment & { kind: 'vpn' } =>
      each.kind === 'vpn' && each.party.kind === 'database' && each.party.id === id,
  )

function describe(config: Config, allowed: readonly Flow[]): string {
  const reached = config.databases.map(({ id, service }) => {
    const who = allowed
      .filter(({ to }) => to.kind === 'database' && to.id === id)
      .map(({ from }) => (from.kind === 'desktop' ? from.project : ''))
    return `${id} on TCP ${service.port} by ${who.length > 0 ? who.join(', ') : 'nobody'}`
  })
  return `${config.cells.length} visiting ${config.cells.length === 1 ? 'cell' : 'cells'} without any way to the Internet; desktops reach databases only through the Transit Gateway, the firewall and an IPsec connection with two tunnels. Reached: ${reached.join('; ')}. No database reaches another, or a desktop that did not ask.`
}

/** A zone of a cell: its subnets are alike, so their common block stands for them. */
function zonesOf(
  network: Network,
  vpc: Id,
): { readonly name: string; readonly cidrs: readonly string[]; readonly routed: readonly string[] }[] {
  const own = Object.entries(network.subnets).filter(([, subnet]) => subnet.vpc === vpc)
  const byTable = Map.groupBy(own, ([, { routeTable }]) => routeTable)
  return [...byTable].map(([table, subnets]) => ({
    name:
      ['desktops', 'storage', 'directory', 'resolver', 'attachment'].find((word) => table.includes(word)) ??
      table.split('/').at(-1)!,
    cidrs: subnets.map(([, { cidr }]) => cidr),
    routed: network.routeTables[table]?.routes.map(({ cidr }) => cidr) ?? [],
  }))
}

const PURPOSE: Readonly<Record<string, string>> = {
  desktops: 'Desktops 端末',
  storage: 'Project files 保存',
  directory: 'Directory 認証',
  resolver: 'Names 名前解決',
  attachment: 'To the hub 接続口',
}

function drawCells(
  config: Config,
  network: Network,
  flows: readonly Flow[],
  bottom: number,
): { parts: string[]; bottom: number; doors: ReadonlyMap<string, number> } {
  const { x, width } = COLUMN.cell
  const doors = new Map<string, number>()
  const parts: string[] = []
  const cells = config.cells.flatMap((cell) => {
    const vpc = Object.entries(network.vpcs).find(([, { cidrs }]) => cidrs.includes(cell.cidr))
    return vpc ? [{ cell, vpc: vpc[0] }] : []
  })
  let y = TOP
  for (const { cell, vpc } of cells) {
    const zones = zonesOf(network, vpc)
    const projects = [
      ...new Set(
        flows.flatMap(({ from }) =>
          from.kind === 'desktop' && from.cell === String(cell.id) && from.access === 'granted' ? [from.project] : [],
        ),
      ),
    ]
    const heights = zones.map(({ name }) => (name === 'desktops' ? 62 + projects.length * ROW : 52))
    const total = 44 + heights.reduce((sum, height) => sum + height + 10, 0) + 34
    parts.push(
      group(`cell ${cell.id}`, [
        box(x, y, width, total, { fill: '#f4f7fa', width: 1.6 }),
        text(x + 14, y + 27, `Cell ${cell.id}`, { size: 15, weight: 700 }),
        text(x + width - 14, y + 27, cell.cidr, { anchor: 'end', fill: QUIET }),
      ]),
    )
    let top = y + 44
    zones.forEach(({ name, cidrs, routed }, index) => {
      const height = heights[index]!
      const lines =
        name === 'desktops'
          ? projects.map((project, line) => text(x + 32, top + 62 + line * ROW, project, { size: 12 }))
          : []
      parts.push(
        group(`${name} of cell ${cell.id}`, [
          box(x + 14, top, width - 28, height, { stroke: name === 'desktops' ? FLOW : QUIET }),
          text(x + 26, top + 22, PURPOSE[name] ?? name, { weight: 600 }),
          text(x + 26, top + 41, `${cidrs.join(', ')}`, { size: 11, fill: QUIET }),
          text(x + width - 26, top + 22, routed.length > 0 ? `→ ${routed.join(', ')}` : 'no route out', {
            size: 11,
            fill: routed.length > 0 ? FLOW : QUIET,
            anchor: 'end',
          }),
          ...lines,
        ]),
      )
      if (name === 'desktops') doors.set(String(cell.id), top + height / 2)
      top += height + 10
    })
    parts.push(text(x + 14, top + 16, 'No Internet gateway, NAT or endpoint', { size: 11, fill: QUIET }))
    y += total + 18
  }
  return { parts, bottom: Math.max(y, bottom), doors }
}

interface Hub {
  readonly parts: string[]
  readonly bottom: number
  readonly visiting: number
  readonly firewall: { readonly x: number; readonly y: number }
  readonly out: number
}

function drawHub(network: Network, bottom: number): Hub {
  const { x, width } = COLUMN.hub
  const nameOf = (id: Id) =>
    ['visiting', 'firewall', 'databases'].find((word) => new RegExp(`RouteTable-?${word}`, 'i').test(id)) ??
    id.split('/').at(-1)!
  const place = (attachment: Id | undefined) => {
    if (attachment === undefined) return 'nowhere (blackhole)'
    const found = network.attachments[attachment]
    if (found?.kind === 'firewall') return 'firewall'
    if (found?.kind === 'vpn') return found.party.kind === 'database' ? `${found.party.id} (VPN)` : 'unknown VPN'
    return attachment.split('/')[0]!.replace('visiting-', 'cell ')
  }
  const tables = Object.entries(network.transitTables).map(([id, { routes }]) => ({
    name: nameOf(id),
    routes: routes.map(({ cidr, attachment }) => ({ cidr, to: place(attachment) })),
    from: Object.entries(network.associations)
      .filter(([, table]) => table === id)
      .map(([attachment]) => place(attachment)),
  }))
  const order = ['visiting', 'firewall', 'databases']
  tables.sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name))
  const rules = Object.values(network.firewalls).flatMap(({ stateful }) => stateful)
  const passes = rules.filter(({ action }) => action === 'pass').length
  const parts: string[] = []
  const heights = tables.map(({ routes }) => 52 + routes.length * ROW)
  const firewallHeight = 118
  const total = 48 + firewallHeight + 26 + heights.reduce((sum, height) => sum + height + 14, 0)
  const y = TOP
  parts.push(
    group('Transit Gateway', [
      box(x, y, width, Math.max(total, bottom - TOP), { fill: '#f8f8f4', width: 1.6 }),
      text(x + 16, y + 28, 'Transit Gateway', { size: 15, weight: 700 }),
      text(x + width - 16, y + 28, 'no default association or propagation', { size: 11, fill: QUIET, anchor: 'end' }),
    ]),
  )
  const firewallTop = y + 48
  parts.push(
    group('firewall', [
      box(x + 16, firewallTop, width - 32, firewallHeight, { fill: '#fdf3ea', stroke: FIREWALL, width: 2 }),
      text(x + 32, firewallTop + 28, 'Network Firewall', { size: 15, weight: 700, fill: FIREWALL }),
      text(x + 32, firewallTop + 52, '1. blocked desktops: drop'),
      text(
        x + 32,
        firewallTop + 74,
        `2. ${passes} ${passes === 1 ? 'rule' : 'rules'}: granted set → its database's one port`,
      ),
      text(x + 32, firewallTop + 96, '3. everything else: drop, alarm'),
    ]),
  )
  let top = firewallTop + firewallHeight + 26
  let visiting = top
  tables.forEach(({ name, routes, from }, index) => {
    const height = heights[index]!
    if (name === 'visiting') visiting = top + height / 2
    parts.push(
      group(`route table ${name}`, [
        box(x + 16, top, width - 32, height, { stroke: QUIET }),
        text(x + 30, top + 22, `Route table “${name}”`, { weight: 600 }),
        text(
          x + 30,
          top + 40,
          `asked by ${from.length > 4 ? `${from.slice(0, 3).join(', ')} and ${from.length - 3} more` : from.join(', ') || 'nobody'}`,
          { size: 11, fill: QUIET },
        ),
        ...routes.flatMap(({ cidr, to }, line) => [
          text(x + 30, top + 60 + line * ROW, cidr, { size: 12 }),
          text(x + width - 30, top + 60 + line * ROW, `→ ${to}`, {
            size: 12,
            anchor: 'end',
            fill: to.startsWith('nowhere') ? QUIET : INK,
          }),
        ]),
      ]),
    )
    top += height + 14
  })
  return {
    parts,
    bottom: Math.max(y + total, bottom),
    visiting,
    firewall: { x: x + 16, y: firewallTop + firewallHeight / 2 },
    out: x + width - 16,
  }
}

function drawLink(
  config: Config,
  database: Config['databases'][number],
  y: number,
  attachment: (Attachment & { kind: 'vpn' }) | undefined,
  allowed: readonly Flow[],
): string {
  const { x, width } = COLUMN.database
  const { x: left, width: span } = COLUMN.tunnel
  const middle = y + DATABASE_HEIGHT / 2
  const who = allowed.flatMap(({ from, to }) =>
    to.kind === 'database' && to.id === database.id && from.kind === 'desktop' ? [from.project] : [],
  )
  const tunnel = (at: number) =>
    `<line x1="${left}" y1="${at}" x2="${left + span}" y2="${at}" stroke="${IPSEC}" stroke-width="12" opacity="0.25"/><line x1="${left}" y1="${at}" x2="${left + span}" y2="${at}" stroke="${IPSEC}" stroke-width="1.2" stroke-dasharray="6 4"/>`
  const strength =
    attachment === undefined
      ? 'no connection'
      : attachment.weaknesses.length > 0
        ? `WEAK: ${attachment.weaknesses[0]}`
        : 'IKEv2 · AES-GCM · SHA-2 · group ≥ 15'
  return group(`${database.id}: ${database.name.en}`, [
    tunnel(middle - TUNNEL_APART),
    tunnel(middle + TUNNEL_APART),
    label(left + span / 2, middle - 27, strength, { size: 11, fill: IPSEC, anchor: 'middle', weight: 600 }),
    label(
      left + span / 2,
      middle + 36,
      `${database.peer.address} · AS ${database.peer.asn} · ${database.peer.device}`,
      { size: 11, fill: QUIET, anchor: 'middle' },
    ),
    box(x, y, width, DATABASE_HEIGHT, { fill: database.kind === 'public' ? '#eef5ee' : '#f3eef8', width: 1.6 }),
    text(x + 14, y + 26, database.id, { size: 16, weight: 700 }),
    text(
      x + width - 14,
      y + 26,
      `${database.kind === 'public' ? 'public 公的' : 'private 民間'} · ${database.service.engine}`,
      { size: 12, anchor: 'end', fill: QUIET },
    ),
    text(x + 14, y + 47, database.name.ja.slice(0, 26), { size: 12 }),
    text(x + 14, y + 68, `${presentedCidr(config, database)}   TCP ${database.service.port}`, {
      size: 13,
      weight: 600,
    }),
    text(
      x + 14,
      y + 90,
      who.length > 0 ? `granted to ${who.length > 4 ? `${who.length} projects` : who.join(', ')}` : 'granted to nobody',
      { size: 12, fill: who.length > 0 ? FLOW : QUIET },
    ),
  ])
}

/** Every allowed flow as one line: desktops → firewall → tunnel → database. */
function drawFlows(
  links: readonly { readonly database: Config['databases'][number]; readonly y: number }[],
  doors: ReadonlyMap<string, number>,
  hub: Hub,
  allowed: readonly Flow[],
): string {
  const edge = COLUMN.cell.x + COLUMN.cell.width - 14
  const lines = [...doors].flatMap(([cell, y]) =>
    allowed.some(({ from }) => from.kind === 'desktop' && from.cell === cell)
      ? [
          `<path d="M${edge} ${y} C${edge + 90} ${y} ${hub.firewall.x - 100} ${hub.firewall.y} ${hub.firewall.x - 4} ${hub.firewall.y}" fill="none" stroke="${FLOW}" stroke-width="2.4" marker-end="url(#arrow)"/>`,
        ]
      : [],
  )
  const served = links.filter(({ database }) =>
    allowed.some(({ to }) => to.kind === 'database' && to.id === database.id),
  )
  const spread = 70
  const out = served.map(({ database, y }, index) => {
    const from = hub.firewall.y + (served.length === 1 ? 0 : (index / (served.length - 1) - 0.5) * spread)
    // Inside the first tunnel, which is preferred while it lives.
    const lane = y + DATABASE_HEIGHT / 2 - TUNNEL_APART
    const start = hub.out
    return `<path d="M${start} ${from} C${start + 56} ${from} ${COLUMN.tunnel.x - 56} ${lane} ${COLUMN.tunnel.x} ${lane} L${COLUMN.database.x - 4} ${lane}" fill="none" stroke="${FLOW}" stroke-width="2" marker-end="url(#arrow)"><title>${escape(`desktops with a grant → ${database.id}, TCP ${database.service.port}`)}</title></path>`
  })
  return [...lines, ...out].join('\n')
}

const NOT_PROVED = 'NOT PROVED 未証明: the templates let other flows pass than are drawn here. Run: npm run check'

function legend(y: number, proved: boolean): string {
  const item = (x: number, mark: string, words: string) => `${mark}${text(x + 58, y + 5, words, { size: 12 })}`
  return group('legend', [
    box(40, y - 26, WIDTH - 80, 92, { stroke: '#c5ccd3' }),
    item(
      60,
      `<line x1="60" y1="${y}" x2="106" y2="${y}" stroke="${FLOW}" stroke-width="2.4" marker-end="url(#arrow)"/>`,
      'may open a connection (answers follow); there is no other flow to or from a database',
    ),
    item(
      700,
      `<line x1="700" y1="${y}" x2="748" y2="${y}" stroke="${IPSEC}" stroke-width="12" opacity="0.25"/><line x1="700" y1="${y}" x2="748" y2="${y}" stroke="${IPSEC}" stroke-width="1.2" stroke-dasharray="6 4"/>`,
      'IPsec tunnel; with both down nothing leaves in clear',
    ),
    ...(proved
      ? []
      : [text(WIDTH - 60, y + 32, NOT_PROVED, { size: 14, weight: 700, fill: '#b00020', anchor: 'end' })]),
    ...(proved
      ? [
          text(
            60,
            y + 32,
            'Not drawn because it does not exist: desktop → Internet, database → database, database → desktop that did not ask, project → project.',
            { size: 12 },
          ),
          text(
            60,
            y + 52,
            '描かれていない通信は存在しない:端末→インターネット、DB→DB、DB→求めていない端末、研究→別の研究。',
            { size: 12, fill: QUIET },
          ),
        ]
      : []),
  ])
}
