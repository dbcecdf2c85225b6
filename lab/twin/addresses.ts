import { formatAddress, rangeOf } from '#lib/kernel/config/addresses.ts'

/** The `index`-th address of a block. */
export const addressAt = (cidr: string, index: number) => formatAddress(rangeOf(cidr).first + index)
