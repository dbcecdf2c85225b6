import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { KitFile } from '#lib/network/gateway-kits/kit.ts'
import { Charon } from '../sandbox/charon.ts'
import { until, type Sandbox } from '../sandbox/sandbox.ts'
import { addressAt } from './addresses.ts'
import { connectToRouter, GATEWAY_LINK } from './cell.ts'
import type { Connection } from './network.ts'

export interface LinkInput {
  readonly connection: Connection
  /** the /28 in which desktops see the database, and what AWS announces to the peer */
  readonly presented: string
  readonly visiting: readonly string[]
  readonly real: string
  readonly awsAsn: number
  /** the holder's gateway: the files of its kit, placeholders still in it */
  readonly kit: readonly KitFile[]
  /** number of the link in this lab, for outside addresses */
  readonly index: number
  /** AWS's timers are 30 and 10; a lab in a hurry takes less */
  readonly holdSeconds: number
}

/** A database's connection as laid out: its namespaces and daemons. */
export interface Link {
  readonly name: string
  readonly outside: readonly [string, string]
  /** AWS's end of each tunnel */
  readonly endpoints: readonly [Charon, Charon]
  /** the holder's gateway: one daemon a tunnel, because in user space one daemon has one tunnel device */
  readonly gateways: readonly [Charon, Charon]
  readonly namespaces: {
    readonly connection: string
    readonly endpoints: readonly [string, string]
    readonly gateway: string
  }
}

const ENCRYPTION: Readonly<Record<string, string>> = {
  'AES256-GCM-16': 'aes256gcm16',
  'AES128-GCM-16': 'aes128gcm16',
  AES256: 'aes256',
  AES128: 'aes128',
}
const INTEGRITY: Readonly<Record<string, string>> = {
  SHA1: 'sha1',
  'SHA2-256': 'sha256',
  'SHA2-384': 'sha384',
  'SHA2-512': 'sha512',
}
const GROUP: Readonly<Record<number, string>> = {
  2: 'modp1024',
  5: 'modp1536',
  14: 'modp2048',
  15: 'modp3072',
  16: 'modp4096',
  17: 'modp6144',
  18: 'modp8192',
  19: 'ecp256',
  20: 'ecp384',
  21: 'ecp521',
  22: 'modp1024s160',
  23: 'modp2048s224',
  24: 'modp2048s256',
}

type Option = Readonly<Record<string, any>>
const values = (list: readonly { readonly Value: string | number }[]) => list.map(({ Value }) => Value)
const word = (table: Readonly<Record<string | number, string>>, value: string | number) => {
  const found = table[value]
  if (!found) throw new Error(`the lab has no word for ${value}`)
  return found
}

/**
 * One phase's options as strongSwan writes them: AES-GCM needs a pseudo-random function in phase 1 and no integrity in
 * phase 2.
 */
function proposals(option: Option, phase: 1 | 2): string {
  const encryption = values(option[`Phase${phase}EncryptionAlgorithms`])
  const integrity = values(option[`Phase${phase}IntegrityAlgorithms`]).map((value) => word(INTEGRITY, value))
  const groups = values(option[`Phase${phase}DHGroupNumbers`]).map((value) => word(GROUP, value))
  const gcm = encryption.filter((value) => String(value).includes('GCM')).map((value) => word(ENCRYPTION, value))
  const cbc = encryption.filter((value) => !String(value).includes('GCM')).map((value) => word(ENCRYPTION, value))
  return [
    ...(gcm.length > 0
      ? [[...gcm, ...(phase === 1 ? integrity.map((value) => `prf${value}`) : []), ...groups].join('-')]
      : []),
    ...(cbc.length > 0 ? [[...cbc, ...integrity, ...groups].join('-')] : []),
  ].join(',')
}

/** Who speaks at the ends of a tunnel. */
export interface TunnelEnds {
  readonly outside: string
  readonly peer: string
  readonly preSharedKey: string
  /** seconds between two signs of life */
  readonly dpdSeconds?: number
}

/** AWS's end of one tunnel, read from the options in the template. */
export function endpointConnection(
  option: Option,
  { outside, peer, preSharedKey, dpdSeconds = 10 }: TunnelEnds,
): string {
  const versions = values(option.IKEVersions)
  if (versions.length !== 1 || versions[0] !== 'ikev2')
    throw new Error(`IKE versions ${versions.join(', ')}: the lab lays out IKEv2`)
  return `connections { tunnel {
  version = 2
  local_addrs = ${outside}
  remote_addrs = ${peer}
  proposals = ${proposals(option, 1)}
  encap = yes
  mobike = no
  dpd_delay = ${dpdSeconds}s
  keyingtries = 0
  rekey_time = ${option.Phase1LifetimeSeconds - option.RekeyMarginTimeSeconds}s
  local { auth = psk
    id = ${outside} }
  remote { auth = psk
    id = ${peer} }
  children { tunnel {
    local_ts = 0.0.0.0/0
    remote_ts = 0.0.0.0/0
    esp_proposals = ${proposals(option, 2)}
    life_time = ${option.Phase2LifetimeSeconds}s
    rekey_time = ${option.Phase2LifetimeSeconds - option.RekeyMarginTimeSeconds}s
    dpd_action = restart
    close_action = none
  } }
} }
secrets { ike { id-1 = ${outside}
  id-2 = ${peer}
  secret = "${preSharedKey}" } }
`
}

/** The kit as its holder would have it: placeholders filled in. Throws where one is left. */
export function fillIn(
  kit: readonly KitFile[],
  outside: readonly string[],
  keys: readonly string[],
): Map<string, string> {
  const filled = new Map(
    kit.map(({ path, text }) => [
      path,
      text
        .replaceAll(/@@OUTSIDE_ADDRESS_([12])@@/g, (_, number: string) => outside[Number(number) - 1]!)
        .replaceAll(/@@PRE_SHARED_KEY_([12])@@/g, (_, number: string) => keys[Number(number) - 1]!),
    ]),
  )
  for (const [path, text] of filled) {
    const left = text.split('\n').find((line) => !line.startsWith('#') && line.includes('@@'))
    if (left) throw new Error(`${path}: a placeholder is left: ${left}`)
  }
  return filled
}

/** How soon a daemon gives a silent peer up: as long as AWS does, or less where the lab is in a hurry. */
const retransmission = (holdSeconds: number) => `charon {
  retransmit_timeout = ${holdSeconds >= 30 ? '5.0' : '0.5'}
  retransmit_tries = 3
  retransmit_base = 1.0
}
`

/** What the namespaces of a link are called. */
export const linkNamespaces = (stack: string) => {
  const database = stack.replace('link-', '')
  return {
    connection: `vpn-${database}`,
    endpoints: [`ep1-${database}`, `ep2-${database}`] as const,
    gateway: `gw-${database}`,
  }
}

/** The folder in which a database's kit is laid down, and the filters in it. */
const kitFolder = (sandbox: Sandbox, database: string) => join(sandbox.folder, `kit-${database}`)
export const kitFilters = (sandbox: Sandbox, database: string) =>
  join(kitFolder(sandbox, database), `renkei-${database.toLowerCase()}.nft`)

/** A link as it is being laid out. */
interface Layout extends LinkInput {
  readonly database: string
  readonly namespaces: Link['namespaces']
  readonly outside: readonly [string, string]
  readonly keys: readonly [string, string]
}

const TUNNELS = [0, 1] as const

/**
 * Makes both tunnels of one connection. The namespaces, and the plug of the connection into the Transit Gateway, are
 * there already.
 */
export async function layOutLink(sandbox: Sandbox, input: LinkInput): Promise<Link> {
  const { connection, presented, index } = input
  const database = connection.stack.replace('link-', '')
  const layout: Layout = {
    ...input,
    database,
    namespaces: linkNamespaces(connection.stack),
    outside: [`192.0.2.${10 + 2 * index}`, `192.0.2.${11 + 2 * index}`],
    keys: [`${database}-key-of-tunnel-1`, `${database}-key-of-tunnel-2`],
  }
  const { namespaces, outside } = layout
  await connectToRouter(sandbox, {
    machine: namespaces.gateway,
    addresses: [connection.peerAddress],
    router: 'inet',
    link: `g${index}`,
    device: 'wan',
  })
  // The connection is an attachment of the Transit Gateway: to the gateway whatever a tunnel brings, to a tunnel what
  // is for the database.
  await sandbox.ip(namespaces.connection, [
    `route add default via 192.168.255.1 dev ${GATEWAY_LINK} onlink`,
    `route add blackhole ${presented} metric 4294967295`,
  ])
  const [first, second] = await Promise.all(TUNNELS.map((tunnel) => layOutEndpoint(sandbox, layout, tunnel)))
  const { gateways, bird } = await layOutGateway(sandbox, layout)
  await Promise.all([
    ...TUNNELS.map((tunnel) => startBird(sandbox, namespaces.endpoints[tunnel], endpointBgp(input, tunnel))),
    startBird(sandbox, namespaces.connection, connectionBgp(input)),
    startBird(sandbox, namespaces.gateway, bird),
  ])
  return { name: database, outside, endpoints: [first!, second!], gateways, namespaces }
}

/** AWS's end of one tunnel: towards the Internet, towards the connection, and the daemon between the two. */
async function layOutEndpoint(sandbox: Sandbox, layout: Layout, tunnel: 0 | 1): Promise<Charon> {
  const { connection, index, presented, visiting, holdSeconds, namespaces, outside, keys } = layout
  const namespace = namespaces.endpoints[tunnel]
  const option = connection.tunnels[tunnel]!
  await connectToRouter(sandbox, {
    machine: namespace,
    addresses: [outside[tunnel]],
    router: 'inet',
    link: `e${index}-${tunnel}`,
    device: 'wan',
  })
  await sandbox.link({ namespace, name: 'vpn' }, { namespace: namespaces.connection, name: `t${tunnel}` })
  await sandbox.ip(namespaces.connection, [`addr add 192.168.${tunnel}.1/30 dev t${tunnel}`, `link set t${tunnel} up`])
  await sandbox.ip(namespace, [
    `addr add 192.168.${tunnel}.2/30 dev vpn`,
    'link set vpn up',
    ...visiting.map((cidr) => `route add ${cidr} via 192.168.${tunnel}.1 dev vpn`),
    `route add blackhole ${presented} metric 4294967295`,
  ])
  const ends = {
    outside: outside[tunnel],
    peer: connection.peerAddress,
    preSharedKey: keys[tunnel],
    dpdSeconds: holdSeconds >= 30 ? 10 : 1,
  }
  const charon = await Charon.start(sandbox, {
    name: namespace,
    namespace,
    connections: [endpointConnection(option, ends)],
    options: retransmission(holdSeconds),
  })
  await sandbox.ip(namespace, [
    `addr add ${addressAt(option.TunnelInsideCidr, 1)}/30 dev ipsec0`,
    'link set ipsec0 mtu 1438 up',
  ])
  await charon.load()
  return charon
}

interface Gateway {
  readonly gateways: Link['gateways']
  /** the kit's configuration of BIRD, to be started when AWS's ends are there */
  readonly bird: string
}

/** The holder's gateway: everything from its kit, the database's network behind it. */
async function layOutGateway(sandbox: Sandbox, layout: Layout): Promise<Gateway> {
  const { connection, kit, outside, keys, database } = layout
  const { gateway } = layout.namespaces
  const files = fillIn(kit, outside, keys)
  const folder = kitFolder(sandbox, database)
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  await layOutHolderNetwork(sandbox, layout)
  await sandbox.nft(gateway, portsOfSecondDaemon(connection.peerAddress, outside[1]))
  const options = [...files].filter(([path]) => path.startsWith('strongswan.d/')).map(([, text]) => text)
  const gateways: Charon[] = []
  for (const tunnel of TUNNELS) {
    const [, configuration] = [...files].find(([path]) => new RegExp(`conf\\.d/.*-${tunnel + 1}\\.conf$`).test(path))!
    gateways.push(
      await Charon.start(sandbox, {
        name: `${gateway}-${tunnel + 1}`,
        namespace: gateway,
        connections: [configuration],
        options: options.join(''),
        ports: tunnel === 0 ? [500, 4500] : [1500, 4501],
      }),
    )
    const device = ['ip', 'link', 'show', `ipsec${tunnel + 1}`]
    await until(
      `tunnel device ipsec${tunnel + 1} of ${gateway}`,
      10,
      async () => (await sandbox.run(device, { namespace: gateway })).code === 0,
    )
  }
  const [script] = [...files.keys()].filter((path) => path.endsWith('-network.sh'))
  await sandbox.must(['sh', join(folder, script!)], { namespace: gateway })
  for (const charon of gateways) await charon.load()
  return { gateways: gateways as [Charon, Charon], bird: files.get('bird.conf')! }
}

/** The network behind the gateway: the database's server, and the address of another machine beside it. */
async function layOutHolderNetwork(sandbox: Sandbox, { database, namespaces, real }: Layout): Promise<void> {
  const server = `db-${database}`
  await sandbox.link({ namespace: namespaces.gateway, name: 'lan' }, { namespace: server, name: 'eth0' })
  await sandbox.ip(namespaces.gateway, [
    `addr add ${addressAt(real, 1)}/28 dev lan`,
    'link set lan up',
    // So that the first tunnel device of a daemon in user space is called as the kit calls it.
    'tuntap add ipsec0 mode tun',
  ])
  await sandbox.ip(server, [
    `addr add ${addressAt(real, 4)}/28 dev eth0`,
    `addr add ${addressAt(real, 9)}/28 dev eth0`,
    'link set eth0 up',
    `route add default via ${addressAt(real, 1)}`,
  ])
}

/** Two daemons on one address: the second listens on other ports, and the wire sees the usual ones. */
const portsOfSecondDaemon = (own: string, peer: string) => `table ip lab {
  chain before { type nat hook prerouting priority -110
    iifname "wan" ip saddr ${peer} udp dport 500 redirect to :1500
    iifname "wan" ip saddr ${peer} udp dport 4500 redirect to :4501
  }
  chain after { type nat hook postrouting priority 110
    oifname "wan" ip daddr ${peer} udp sport 1500 snat to ${own}:500
    oifname "wan" ip daddr ${peer} udp sport 4501 snat to ${own}:4500
  }
}
`

async function startBird(sandbox: Sandbox, namespace: string, configuration: string): Promise<void> {
  const path = join(sandbox.folder, `bird-${namespace}`)
  writeFileSync(`${path}.conf`, configuration)
  sandbox.start(['bird', '-f', '-c', `${path}.conf`, '-s', `${path}.ctl`, '-P', `${path}.pid`], { namespace })
  await until(`BGP daemon of ${namespace}`, 10, () => existsSync(`${path}.ctl`))
}

/** AWS's end: it announces where desktops are, takes whatever the peer announces, and hands it to the connection. */
function endpointBgp({ connection, visiting, awsAsn, holdSeconds }: LinkInput, tunnel: 0 | 1): string {
  const inside = connection.tunnels[tunnel]!.TunnelInsideCidr
  return `router id ${addressAt(inside, 1)};
protocol device { scan time 1; }
protocol kernel { ipv4 { import none; export where source = RTS_BGP; }; }
protocol static visiting { ipv4; ${visiting.map((cidr) => `route ${cidr} via 192.168.${tunnel}.1;`).join(' ')} }
protocol bgp to_peer {
  local ${addressAt(inside, 1)} as ${awsAsn};
  neighbor ${addressAt(inside, 2)} as ${connection.peerAsn};
  hold time ${holdSeconds}; connect retry time 2; connect delay time 1; error wait time 1, 4;
  ipv4 { import all; export where source = RTS_STATIC; };
}
protocol bgp to_attachment {
  direct;
  local 192.168.${tunnel}.2 as ${awsAsn};
  neighbor 192.168.${tunnel}.1 as ${awsAsn};
  hold time ${holdSeconds}; connect retry time 1; connect delay time 1; error wait time 1, 2;
  ipv4 { import none; export where source = RTS_BGP; next hop self; };
}
`
}

/** The attachment chooses the tunnel by BGP; the lower MED is preferred, as AWS does. */
function connectionBgp({ awsAsn, holdSeconds }: LinkInput): string {
  return `router id 192.168.0.1;
protocol device { scan time 1; }
protocol kernel { ipv4 { import none; export where source = RTS_BGP; }; }
${[0, 1]
  .map(
    (tunnel) => `protocol bgp tunnel${tunnel + 1} {
  direct;
  local 192.168.${tunnel}.1 as ${awsAsn};
  neighbor 192.168.${tunnel}.2 as ${awsAsn};
  hold time ${holdSeconds}; connect retry time 1; connect delay time 1; error wait time 1, 2;
  ipv4 { import all; export none; };
}
`,
  )
  .join('')}`
}
