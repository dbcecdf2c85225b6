import { ALL } from '../headers.ts'
import type { Id, Network, TransitRoute } from '../model/network.ts'
import { addressesOf, longestFirst, type CompiledTransitTable, type ConnectionLocation } from './compiled.ts'

/** The route tables of Transit Gateways. */
export const compileTransitTables = ({ transitTables }: Network): ReadonlyMap<Id, CompiledTransitTable> =>
  new Map(
    Object.entries(transitTables).map(([id, { routes, wild }]) => [
      id,
      { wild, label: `Transit Gateway table ${id}`, leads: longestFirst(staticFirst(routes)) },
    ]),
  )

/** A static route wins over a propagated one of the same network (Transit Gateway guide, "Route evaluation order"). */
const staticFirst = (routes: readonly TransitRoute[]) =>
  routes
    .toSorted((a, b) => Number(a.propagated) - Number(b.propagated))
    .map(({ cidr, attachment, rule }) => ({ cidr, target: attachment, rule }))

/** The far ends of VPN connections, by attachment. */
export function compileConnections({ attachments }: Network): ReadonlyMap<Id, ConnectionLocation> {
  const found = new Map<Id, ConnectionLocation>()
  for (const [attachment, each] of Object.entries(attachments)) {
    if (each.kind !== 'vpn') continue
    const home = each.home === undefined ? ALL.destination : addressesOf(each.home)
    found.set(attachment, { kind: 'connection', attachment, party: each.party, home })
  }
  return found
}
