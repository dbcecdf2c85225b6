import ipaddr from 'ipaddr.js'
import type { ConfigInput, Database } from './schema.ts'

/** A contiguous run of IPv4 addresses as numbers, both ends inclusive. */
export interface AddressRange {
  readonly first: number
  readonly last: number
}

const toNumber = (octets: readonly number[]) => octets.reduce((sum, octet) => sum * 256 + octet, 0)

/** The addresses of a CIDR block; host bits are ignored. */
export function rangeOf(cidr: string): AddressRange {
  const [address, bits] = ipaddr.IPv4.parseCIDR(cidr)
  const size = 2 ** (32 - bits)
  const first = Math.floor(toNumber(address.octets) / size) * size
  return { first, last: first + size - 1 }
}

export const overlaps = (a: AddressRange, b: AddressRange) => a.first <= b.last && b.first <= a.last
export const contains = (outer: AddressRange, inner: AddressRange) =>
  outer.first <= inner.first && inner.last <= outer.last
export const prefixLength = (cidr: string) => ipaddr.IPv4.parseCIDR(cidr)[1]

export const formatAddress = (value: number) =>
  [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.')

/**
 * The `index`-th block of `bits` prefix length inside `block`. Throws where the block has no such place (checked by
 * `rules.ts` first).
 */
export function subnetOf(block: string, bits: number, index: number): string {
  const { first, last } = rangeOf(block)
  const start = first + index * 2 ** (32 - bits)
  if (start + 2 ** (32 - bits) - 1 > last) throw new RangeError(`${block} has no /${bits} number ${index}`)
  return `${formatAddress(start)}/${bits}`
}

/** Every database presents itself in a /28: 16 addresses, to which its holder translates (docs/glossary.md). */
export const PRESENTED_PREFIX = 28

/** The network in which desktops see a database; its holder translates it to the real addresses. */
export function presentedCidr(config: Pick<ConfigInput, 'network'>, database: Pick<Database, 'slot'>): string {
  return subnetOf(config.network.presentedBlock, PRESENTED_PREFIX, database.slot)
}
