import { subnetOf } from '#lib/kernel/config/addresses.ts'

/**
 * Where inside addresses begin: above what AWS reserves (169.254.0.0/30 to 169.254.5.0/30) and far below the metadata
 * and time services (169.254.169.0/24). Each database takes two /30, one a tunnel, and keeps them as long as its slot.
 */
const BLOCK = '169.254.8.0/21'

/** The /30 in which the ends of a tunnel speak BGP; unique on the gateway, as slots are. Throws beyond slot 255. */
export function insideCidr(slot: number, tunnel: 0 | 1): string {
  return subnetOf(BLOCK, 30, slot * 2 + tunnel)
}
