import { ALL } from './headers.ts'
import { EMPTY, subtract, union, type Intervals } from './intervals.ts'
import type { Network } from './model/network.ts'
import { addressesOf, INTERNET, type Compiled } from './compiled/compiled.ts'
import { compileFirewalls } from './compiled/firewalls.ts'
import { admissions, compileInterfaces, occupiedBySubnet } from './compiled/interfaces.ts'
import { membersOf } from './compiled/members.ts'
import { compileDoors, compileSubnets } from './compiled/subnets.ts'
import { compileConnections, compileTransitTables } from './compiled/transit.ts'

/** Turns every name into a set of packets, once, so that a walk is nothing but set algebra. */
export function compile(network: Network): Compiled {
  const members = membersOf(network)
  const subnets = compileSubnets(network)
  const interfaces = compileInterfaces(network, subnets, members)
  const connections = compileConnections(network)
  const inside = insideOf(network)
  return {
    network,
    locations: [...interfaces, ...connections.values(), INTERNET],
    interfaces,
    connections,
    subnets,
    subnetsOf: Map.groupBy(subnets.values(), ({ vpc }) => vpc),
    doorsOf: compileDoors(network, subnets),
    transitTables: compileTransitTables(network),
    firewalls: compileFirewalls(network, members),
    inSubnet: occupiedBySubnet(interfaces),
    ...admissions(network, interfaces),
    inside,
    outside: subtract(ALL.destination, inside),
  }
}

/** Blocks that the configuration keeps for the platform, those of VPCs, and the networks that connections stand for. */
function insideOf({ reserved, vpcs, attachments }: Network): Intervals {
  const homes = Object.values(attachments).flatMap((each) =>
    each.kind === 'vpn' && each.home !== undefined ? [each.home] : [],
  )
  return [...reserved, ...Object.values(vpcs).flatMap(({ cidrs }) => cidrs), ...homes]
    .map(addressesOf)
    .reduce<Intervals>(union, EMPTY)
}
