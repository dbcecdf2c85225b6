import type { Network } from '#proof/network/model/network.ts'

/** A network without the names of its parts. */
export function outline({
  vpcs,
  subnets,
  routeTables,
  acls,
  attachments,
  associations,
  transitTables,
  firewalls,
}: Network) {
  const sorted = (list: readonly unknown[]) => list.map((each) => JSON.stringify(each)).sort()
  const seats = Object.fromEntries(
    Object.entries(attachments).map(([id, each]) => [
      id,
      each.kind === 'vpn' ? each.home : each.kind === 'vpc' ? vpcs[each.vpc]!.cidrs[0] : each.kind,
    ]),
  )
  const tables = Object.fromEntries(
    Object.entries(transitTables).map(([id, { routes, wild }]) => [
      id,
      sorted([
        ...routes.map(({ cidr, attachment }) => [cidr, seats[attachment ?? '']]),
        ...wild.map((each) => seats[each]),
      ]),
    ]),
  )
  return {
    vpcs: sorted(Object.values(vpcs)),
    subnets: sorted(
      Object.values(subnets).map(({ cidr, zone, routeTable, acl }) => [
        cidr,
        zone,
        sorted(routeTables[routeTable]!.routes.map((route) => [route.cidr, route.target.kind])),
        sorted(
          acls[acl]!.entries.map(({ number, direction, protocol, cidr, ports, allow }) => [
            number,
            direction,
            protocol,
            cidr,
            ports,
            allow,
          ]),
        ),
      ]),
    ),
    transit: sorted(Object.values(tables)),
    associations: sorted(Object.entries(associations).map(([from, table]) => [seats[from], tables[table]])),
    attachments: sorted(
      Object.values(attachments).map((each) => [
        each.kind,
        each.kind === 'vpn' ? [each.party, each.home, each.weaknesses] : [],
      ]),
    ),
    firewalls: sorted(
      Object.values(firewalls).map((each) => ({
        ...each,
        stateful: each.stateful.map(({ rule: _, ...rest }) => rest),
        stateless: each.stateless.map(({ rule: _, ...rest }) => rest),
      })),
    ),
  }
}
