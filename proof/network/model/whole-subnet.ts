import { rangeOf } from '#lib/kernel/config/addresses.ts'
import { fromPairs, type Intervals } from '../intervals.ts'

/**
 * Every address of a subnet that an interface can have: AWS keeps the first four and the last (VPC user guide, subnet
 * sizing).
 */
export function wholeSubnet(cidr: string): Intervals {
  const { first, last } = rangeOf(cidr)
  return fromPairs([[first + 4, last - 1]])
}
