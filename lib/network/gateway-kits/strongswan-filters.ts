import { header, UDP_TUNNEL_MSS, type KitData } from './kit.ts'

/** Both tunnels, as nftables writes a set of interfaces. */
const TUNNELS = '{ "ipsec1", "ipsec2" }'

/** The nftables file of a strongSwan gateway: what may enter and leave the tunnels, and the translation between. */
export function filters(data: KitData, name: string): string {
  const table = `ip ${name.replaceAll('-', '_')}`
  return `${[
    '#!/usr/sbin/nft -f',
    header(data, 'Filters and translation', '#'),
    // Declared and deleted first, so that the file replaces whatever stands there in one transaction.
    `table ${table}`,
    `delete table ${table}`,
    ...block(`table ${table}`, [
      ...addressSet('visiting', data.visiting),
      ...addressSet('platform', data.platform),
      ...spoofed(data),
      ...translation(data),
      ...forward(),
      ...fromRenkei(data),
      ...toRenkei(data),
      ...input(data),
      ...output(data),
    ]),
  ].join('\n')}\n`
}

/** `head { … }`, what stands inside two columns further in. */
function block(head: string, inside: readonly string[]): string[] {
  return [`${head} {`, ...inside.map((line) => (line === '' ? '' : `  ${line}`)), '}']
}

const addressSet = (name: string, cidrs: readonly string[]) =>
  block(`set ${name}`, ['type ipv4_addr; flags interval', `elements = { ${cidrs.join(', ')} }`])

/** A chain after an empty line, with what it is for above it. */
function chain(name: string, rules: readonly string[], comment?: string): string[] {
  return ['', ...(comment === undefined ? [] : [`# ${comment}`]), ...block(`chain ${name}`, rules)]
}

function spoofed({ presented }: KitData): string[] {
  return chain(
    'spoofed',
    [
      'type filter hook prerouting priority raw; policy accept',
      `iifname != ${TUNNELS} ip saddr @platform drop`,
      `iifname != ${TUNNELS} ip daddr ${presented} drop`,
    ],
    "A desktop's address is believed from a tunnel only, the presented network is reached from a tunnel only.",
  )
}

function translation({ presented, real, database: { service } }: KitData): string[] {
  const fromDesktops = `iifname ${TUNNELS} ip saddr @visiting ip daddr ${presented} tcp dport ${service.port}`
  return chain(
    'translation',
    [
      'type nat hook prerouting priority dstnat; policy accept',
      `${fromDesktops} dnat ip prefix to ip daddr map { ${presented} : ${real} }`,
    ],
    'The presented network, address for address, to the real one; answers are translated back by the same entry.',
  )
}

function forward(): string[] {
  return chain('forward', [
    'type filter hook forward priority filter; policy accept',
    `tcp flags syn / syn,rst iifname ${TUNNELS} tcp option maxseg size set ${UDP_TUNNEL_MSS}`,
    `tcp flags syn / syn,rst oifname ${TUNNELS} tcp option maxseg size set ${UDP_TUNNEL_MSS}`,
    `iifname ${TUNNELS} oifname ${TUNNELS} drop`,
    `iifname ${TUNNELS} goto from_renkei`,
    `oifname ${TUNNELS} goto to_renkei`,
    '# Second layer behind the blackhole routes: what is meant for the platform leaves by a tunnel or not at all.',
    'ip daddr @platform drop',
  ])
}

function fromRenkei({ presented, real, database: { service } }: KitData): string[] {
  const asDesktopsSentIt = `ct direction original ip saddr @visiting ct original ip daddr ${presented}`
  return chain(
    'from_renkei',
    [`ct state new,established ${asDesktopsSentIt} ip daddr ${real} tcp dport ${service.port} accept`, 'counter drop'],
    'Desktops to the one service, through the translation, and nothing else.',
  )
}

function toRenkei({ real, database: { service } }: KitData): string[] {
  const answer = `ct state established ct direction reply ip daddr @visiting ip saddr ${real}`
  return chain(
    'to_renkei',
    [`${answer} tcp sport ${service.port} accept`, 'counter drop'],
    'Answers only: the database side opens nothing.',
  )
}

function input(data: KitData): string[] {
  const fromNeighbour = `iifname ${TUNNELS} ip saddr ${ends(data, 'insideAws')} ip daddr ${ends(data, 'insidePeer')}`
  return chain(
    'input',
    [
      'type filter hook input priority filter; policy accept',
      `${fromNeighbour} tcp dport 179 accept`,
      `${fromNeighbour} tcp sport 179 ct state established accept`,
      `${fromNeighbour} icmp type { echo-request, echo-reply } accept`,
      `iifname ${TUNNELS} drop`,
    ],
    'The device itself speaks BGP with the other end of each tunnel, and answers its pings.',
  )
}

function output(data: KitData): string[] {
  const toNeighbour = `oifname ${TUNNELS} ip saddr ${ends(data, 'insidePeer')} ip daddr ${ends(data, 'insideAws')}`
  return chain('output', [
    'type filter hook output priority filter; policy accept',
    `${toNeighbour} tcp dport 179 accept`,
    `${toNeighbour} tcp sport 179 accept`,
    `${toNeighbour} icmp type { echo-request, echo-reply } accept`,
    `oifname ${TUNNELS} drop`,
    'ip daddr @platform drop',
  ])
}

/** The addresses of one side inside both tunnels. */
const ends = ({ tunnels }: KitData, side: 'insideAws' | 'insidePeer') =>
  `{ ${tunnels.map((tunnel) => tunnel[side]).join(', ')} }`
