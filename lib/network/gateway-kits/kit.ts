import type { Config } from '#lib/kernel/config/load.ts'
import type { Database, IpsecProposals } from '#lib/kernel/config/schema.ts'
import { prefixLength, PRESENTED_PREFIX, presentedCidr, rangeOf, formatAddress } from '#lib/kernel/config/addresses.ts'
import { parameterNames, parameterPath } from '#lib/kernel/parameters.ts'
import { insideCidr } from '../link/inside-cidr.ts'
import { proposalsOf } from '../link/proposals.ts'
import { zoneRange } from '../address-plan.ts'
import { Obstacle } from '#domain/kernel/obstacle.ts'

/** One file of a gateway kit, its path relative to the kit's folder. */
export interface KitFile {
  /** Relative to the folder of the kit, with `/`. */
  readonly path: string
  /** The whole file. */
  readonly text: string
}

/** One of the two tunnels, as the holder's device sees it. */
export interface KitTunnel {
  /** 1 is preferred, 2 takes over. */
  readonly number: 1 | 2
  /** AWS's outside address, or the placeholder that stands for it: AWS chooses it when the connection is made */
  readonly outside: string
  /** Always a placeholder: the key itself is never written by Renkei. */
  readonly preSharedKey: string
  /** AWS's address inside the tunnel: the BGP neighbour */
  readonly insideAws: string
  /** The device's own address inside the tunnel. */
  readonly insidePeer: string
}

/** What a kit is written from: the same data as the templates, nothing else. */
export interface KitData {
  /** As in `config/<environment>.yaml`. */
  readonly environment: string
  /** Where the connection ends. */
  readonly region: string
  /** The database that is connected. */
  readonly database: Database
  /** Both, in the order of their numbers. */
  readonly tunnels: readonly [KitTunnel, KitTunnel]
  /** What both ends may agree on (NET-2). */
  readonly proposals: IpsecProposals
  /** The /28 in which desktops see the database; the only network the device announces. */
  readonly presented: string
  /** The holder's own /28, or a placeholder where the configuration does not say. */
  readonly real: string
  /** Where desktops are; the only networks the device accepts. */
  readonly visiting: readonly string[]
  /** Every network of the platform: nothing meant for one leaves by another way than the tunnels. */
  readonly platform: readonly string[]
  /** AWS's side of the BGP sessions. */
  readonly awsAsn: number
}

/**
 * Largest packet in a tunnel with AES-GCM, in bytes (AWS Site-to-Site VPN user guide, "Best practices for your customer
 * gateway device").
 */
export const TUNNEL_MTU = 1446
/** The same where ESP runs inside UDP (NAT traversal): eight bytes less. */
export const UDP_TUNNEL_MTU = 1438
/** The TCP segment that fits into it, 40 bytes of IP and TCP header less. */
export const UDP_TUNNEL_MSS = 1398
/** AWS gives a neighbour up after 30 s without a word, and asks to be spoken to every 10 s (same guide, "BGP"). */
export const BGP_HOLD_SECONDS = 30
/** As AWS's own tunnel options (`lib/network/link/tunnel-options.ts`): 30 s of silence in all mean a dead peer. */
export const DPD_DELAY_SECONDS = 10

/** Stands for the holder's own network where the configuration does not name it. */
export const REAL_NETWORK_PLACEHOLDER = '@@REAL_NETWORK@@'
const outsidePlaceholder = (tunnel: 1 | 2) => `@@OUTSIDE_ADDRESS_${tunnel}@@`
const keyPlaceholder = (tunnel: 1 | 2) => `@@PRE_SHARED_KEY_${tunnel}@@`

/**
 * Gathers what the kit of one database says. `outside` are AWS's outside addresses where someone could look them up.
 * Throws `Obstacle` where the holder's own network cannot be translated address for address.
 */
export function kitData(config: Config, database: Database, outside?: readonly [string, string]): KitData {
  const { realCidr } = database.service
  if (realCidr !== undefined && prefixLength(realCidr) !== PRESENTED_PREFIX) {
    throw new Obstacle({
      code: 'gateway-kit.real-network-size',
      what: `databases ${database.id}: service.realCidr ${realCidr}`,
      why: `the device translates the presented /${PRESENTED_PREFIX} address for address`,
      next: `name the /${PRESENTED_PREFIX} in which the database's servers are`,
    })
  }
  const tunnel = (number: 1 | 2): KitTunnel => {
    const { first } = rangeOf(insideCidr(database.slot, number === 1 ? 0 : 1))
    return {
      number,
      outside: outside?.[number - 1] ?? outsidePlaceholder(number),
      preSharedKey: keyPlaceholder(number),
      // AWS takes the first address of the /30, the customer the second (user guide, "Inside tunnel IPv4 CIDR").
      insideAws: formatAddress(first + 1),
      insidePeer: formatAddress(first + 2),
    }
  }
  return {
    environment: config.environment,
    region: config.region,
    database,
    tunnels: [tunnel(1), tunnel(2)],
    proposals: proposalsOf(database),
    presented: presentedCidr(config, database),
    real: realCidr ?? REAL_NETWORK_PLACEHOLDER,
    visiting: config.cells.map((cell) => zoneRange(cell, 'desktops').cidr),
    platform: [...config.cells.map(({ cidr }) => cidr), config.network.presentedBlock, config.network.hubCidr],
    awsAsn: config.network.asn,
  }
}

/** What fills the placeholders, one line each; stands at the head of every generated file. */
export function placeholderNotes({ environment, region, database }: KitData): string[] {
  const parameter = parameterPath(environment, parameterNames.vpnConnectionId(database.id))
  return [
    '@@OUTSIDE_ADDRESS_n@@  outside address of tunnel n: aws ec2 describe-vpn-connections, ' +
      `connection id in the SSM parameter ${parameter} (${region})`,
    '@@PRE_SHARED_KEY_n@@   key of tunnel n: AWS Secrets Manager, ' +
      'secret named by PreSharedKeyArn of the same connection; each reading is recorded',
    ...(database.service.realCidr === undefined
      ? [`${REAL_NETWORK_PLACEHOLDER}      your own /${PRESENTED_PREFIX} in which the database's servers are`]
      : []),
  ]
}

/** A header in the comment form of the file's language. */
export const header = (data: KitData, title: string, comment: string) =>
  [
    `${title}: Renkei ${data.environment}, database ${data.database.id}`,
    'Placeholders to fill in on the device, never in a copy that leaves it:',
    ...placeholderNotes(data).map((line) => `  ${line}`),
  ]
    .map((line) => `${comment} ${line}`)
    .join('\n')
