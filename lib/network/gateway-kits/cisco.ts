import { formatAddress, prefixLength, rangeOf } from '#lib/kernel/config/addresses.ts'
import {
  BGP_HOLD_SECONDS,
  DPD_DELAY_SECONDS,
  header,
  REAL_NETWORK_PLACEHOLDER,
  UDP_TUNNEL_MSS,
  TUNNEL_MTU,
  type KitData,
  type KitFile,
  type KitTunnel,
} from './kit.ts'

/** The device's keywords for AWS's words, in each of the two phases. */
const ENCRYPTION: Readonly<Record<string, { readonly ike: string; readonly esp: string }>> = {
  'AES256-GCM-16': { ike: 'aes-gcm-256', esp: 'esp-gcm 256' },
  'AES128-GCM-16': { ike: 'aes-gcm-128', esp: 'esp-gcm' },
}
const PRF: Readonly<Record<string, string>> = { 'SHA2-256': 'sha256', 'SHA2-384': 'sha384', 'SHA2-512': 'sha512' }
/** Worse than any route that BGP or a person gives. */
const LAST_RESORT = 254

const network = (cidr: string) => formatAddress(rangeOf(cidr).first)
const mask = (cidr: string) => formatAddress(2 ** 32 - 2 ** (32 - prefixLength(cidr)))
const wildcard = (cidr: string) => formatAddress(2 ** (32 - prefixLength(cidr)) - 1)

/**
 * The Cisco IOS XE kit, one file to be read and pasted in configuration mode. Each command's source is in `sources.ts`.
 */
export function ciscoKit(data: KitData): KitFile[] {
  const name = `RENKEI-${data.database.id}`
  return [
    {
      path: `${name.toLowerCase()}.ios-xe.txt`,
      text: `${[
        header(data, 'Cisco IOS XE 17 or later', '!'),
        '!   @@WAN_INTERFACE@@, @@LAN_INTERFACE@@  your own interfaces: towards the Internet, towards the database',
        '!',
        ...crypto(data, name),
        ...lists(data, name),
        ...translation(data),
        ...data.tunnels.flatMap((tunnel) => tunnelInterface(data, tunnel, name)),
        ...routes(data),
        ...bgp(data, name),
        'end',
      ].join('\n')}\n`,
    },
  ]
}

function crypto({ proposals, tunnels, database: { peer } }: KitData, name: string): string[] {
  const words = (value: string) => ENCRYPTION[value] ?? unknown(value)
  const transformSet = (value: string) => `${name}-${words(value).ike.toUpperCase()}`
  return [
    `crypto ikev2 proposal ${name}`,
    ` encryption ${proposals.encryption.map((value) => words(value).ike).join(' ')}`,
    ` prf ${proposals.integrity.map((value) => PRF[value] ?? unknown(value)).join(' ')}`,
    ` group ${proposals.dhGroups.join(' ')}`,
    `crypto ikev2 policy ${name}`,
    ` match address local ${peer.address}`,
    ` proposal ${name}`,
    `crypto ikev2 keyring ${name}`,
    ...tunnels.flatMap(({ number, outside, preSharedKey }) => [
      ` peer ${name}-${number}`,
      `  address ${outside}`,
      `  pre-shared-key ${preSharedKey}`,
    ]),
    ...tunnels.flatMap(({ number, outside }) => [
      `crypto ikev2 profile ${name}-${number}`,
      ` match identity remote address ${outside} 255.255.255.255`,
      ` identity local address ${peer.address}`,
      ' authentication remote pre-share',
      ' authentication local pre-share',
      ` keyring local ${name}`,
      ` lifetime ${proposals.phase1LifetimeSeconds}`,
      ` dpd ${DPD_DELAY_SECONDS} 5 periodic`,
    ]),
    ...proposals.encryption.flatMap((value) => [
      `crypto ipsec transform-set ${transformSet(value)} ${words(value).esp}`,
      ' mode tunnel',
    ]),
    ...tunnels.flatMap(({ number }) => [
      `crypto ipsec profile ${name}-${number}`,
      ` set transform-set ${proposals.encryption.map(transformSet).join(' ')}`,
      // One group a profile: the first of the list; the other end accepts every one of it.
      ` set pfs group${proposals.dhGroups[0]}`,
      ` set security-association lifetime seconds ${proposals.phase2LifetimeSeconds}`,
      ' set security-association replay window-size 1024',
      ` set ikev2-profile ${name}-${number}`,
    ]),
  ]
}

/** What may enter and leave a tunnel: BGP and ping between its ends, desktops to the service, answers. */
function lists({ tunnels, visiting, presented, database: { service } }: KitData, name: string): string[] {
  const home = `${network(presented)} ${wildcard(presented)}`
  return [
    `ip access-list extended ${name}-IN`,
    ...tunnels.flatMap(({ insideAws, insidePeer }) => [
      ` permit tcp host ${insideAws} host ${insidePeer} eq bgp`,
      ` permit tcp host ${insideAws} eq bgp host ${insidePeer} established`,
      ` permit icmp host ${insideAws} host ${insidePeer}`,
    ]),
    ...visiting.map((cidr) => ` permit tcp ${network(cidr)} ${wildcard(cidr)} ${home} eq ${service.port}`),
    ' deny ip any any log',
    `ip access-list extended ${name}-OUT`,
    ...visiting.map((cidr) => ` permit tcp ${home} eq ${service.port} ${network(cidr)} ${wildcard(cidr)} established`),
    ' deny ip any any log',
  ]
}

function translation({ real, presented }: KitData): string[] {
  const own = real === REAL_NETWORK_PLACEHOLDER ? real : network(real)
  return [
    `ip nat inside source static network ${own} ${network(presented)} /${prefixLength(presented)}`,
    'interface @@LAN_INTERFACE@@',
    ' ip nat inside',
  ]
}

function tunnelInterface({ database }: KitData, tunnel: KitTunnel, name: string): string[] {
  return [
    `interface Tunnel${1000 + database.slot * 2 + tunnel.number}`,
    ` description ${name}-${tunnel.number}`,
    ` ip address ${tunnel.insidePeer} 255.255.255.252`,
    ` ip mtu ${TUNNEL_MTU}`,
    // Right for ESP alone and for ESP in UDP, which the device begins by itself behind a translation.
    ` ip tcp adjust-mss ${UDP_TUNNEL_MSS}`,
    ' ip nat outside',
    ` ip access-group ${name}-IN in`,
    ` ip access-group ${name}-OUT out`,
    ' tunnel source @@WAN_INTERFACE@@',
    ' tunnel mode ipsec ipv4',
    ` tunnel destination ${tunnel.outside}`,
    ` tunnel protection ipsec profile ${name}-${tunnel.number}`,
  ]
}

/** Blackholes behind the tunnels: when their routes go, packets end here. */
function routes({ presented, platform, visiting }: KitData): string[] {
  return [presented, ...visiting, ...platform].map(
    (cidr) => `ip route ${network(cidr)} ${mask(cidr)} Null0 ${LAST_RESORT}`,
  )
}

function bgp({ tunnels, awsAsn, presented, visiting, database: { peer } }: KitData, name: string): string[] {
  return [
    `ip prefix-list ${name}-ANNOUNCED seq 5 permit ${presented}`,
    ...visiting.map((cidr, index) => `ip prefix-list ${name}-ACCEPTED seq ${5 * (index + 1)} permit ${cidr}`),
    `router bgp ${peer.asn}`,
    ' bgp log-neighbor-changes',
    ...tunnels.flatMap(({ insideAws }) => [
      ` neighbor ${insideAws} remote-as ${awsAsn}`,
      ` neighbor ${insideAws} timers ${BGP_HOLD_SECONDS / 3} ${BGP_HOLD_SECONDS}`,
    ]),
    ' address-family ipv4',
    `  network ${network(presented)} mask ${mask(presented)}`,
    ...tunnels.flatMap(({ number, insideAws }) => [
      `  neighbor ${insideAws} activate`,
      `  neighbor ${insideAws} prefix-list ${name}-ANNOUNCED out`,
      `  neighbor ${insideAws} prefix-list ${name}-ACCEPTED in`,
      `  neighbor ${insideAws} weight ${300 - 100 * number}`,
    ]),
  ]
}

function unknown(value: string): never {
  throw new Error(`Cisco IOS XE: no keyword for ${value}`)
}
