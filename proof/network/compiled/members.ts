import { rangeOf } from '#lib/kernel/config/addresses.ts'
import { fromPairs, type Intervals } from '../intervals.ts'
import type { Id, Interface, Network } from '../model/network.ts'

/** Which addresses a name stands for. */
export interface Members {
  /** members of each security group */
  readonly groups: ReadonlyMap<Id, Intervals>
  /** members of each of the firewall's sets */
  readonly sets: ReadonlyMap<Id, Intervals>
}

export const membersOf = ({ interfaces }: Network): Members => ({
  groups: gathered(interfaces, ({ groups }) => groups),
  sets: gathered(interfaces, ({ sets }) => sets),
})

function gathered(
  interfaces: readonly Interface[],
  namesOf: (each: Interface) => readonly Id[],
): ReadonlyMap<Id, Intervals> {
  const found = new Map<Id, (readonly [number, number])[]>()
  for (const each of interfaces) {
    for (const id of namesOf(each)) {
      const list = found.get(id) ?? []
      found.set(id, list)
      for (let at = 0; at < each.addresses.length; at += 2) list.push([each.addresses[at]!, each.addresses[at + 1]!])
    }
  }
  return new Map([...found].map(([id, pairs]) => [id, fromPairs(pairs)]))
}

/** The addresses of a prefix list. */
export const listed = ({ prefixLists }: Network, id: Id): Intervals =>
  fromPairs(
    (prefixLists[id] ?? []).map((cidr) => {
      const { first, last } = rangeOf(cidr)
      return [first, last] as const
    }),
  )
