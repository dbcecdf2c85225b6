import { ALL, boxWithout, headers, type Box } from '../headers.ts'
import { interval, subtract } from '../intervals.ts'
import type { AclEntry, Id, Network, Subnet } from '../model/network.ts'
import {
  addressesOf,
  longestFirst,
  protocolSet,
  type CompiledSubnet,
  type Door,
  type Lead,
  type Match,
  type VpcTarget,
} from './compiled.ts'

interface CompiledAcl {
  readonly egress: readonly Match[]
  readonly ingress: readonly Match[]
}

/** A subnet without an ACL lets nothing through. */
const CLOSED: CompiledAcl = { egress: [], ingress: [] }

export function compileSubnets(network: Network): ReadonlyMap<Id, CompiledSubnet> {
  const acls = new Map(
    Object.entries(network.acls).map(([id, { entries }]) => [
      id,
      { egress: allowedBy(entries, 'egress'), ingress: allowedBy(entries, 'ingress') },
    ]),
  )
  return new Map(
    Object.entries(network.subnets).map(([id, subnet]) => [
      id,
      compileSubnet({ id, subnet, network, acl: acls.get(subnet.acl) ?? CLOSED }),
    ]),
  )
}

function compileSubnet(given: {
  readonly id: Id
  readonly subnet: Subnet
  readonly network: Network
  readonly acl: CompiledAcl
}): CompiledSubnet {
  const { id, subnet, network, acl } = given
  const range = addressesOf(subnet.cidr)
  return {
    id,
    vpc: subnet.vpc,
    zone: subnet.zone,
    acl: subnet.acl,
    labels: {
      egress: `network ACL ${subnet.acl}, out of ${id}`,
      ingress: `network ACL ${subnet.acl}, into ${id}`,
      routes: `route table of ${id}`,
    },
    range,
    beyond: subtract(ALL.destination, range),
    ...acl,
    routes: routesOf(network, subnet),
  }
}

/** The local route of the VPC, and those of the table that the subnet is associated with. */
function routesOf({ vpcs, routeTables }: Network, { vpc, routeTable }: Subnet): Lead<VpcTarget>[] {
  const local = (vpcs[vpc]?.cidrs ?? []).map((cidr) => ({
    cidr,
    target: { kind: 'local' } as const,
    rule: 'local route',
  }))
  return longestFirst<VpcTarget>([...local, ...(routeTables[routeTable]?.routes ?? [])])
}

/**
 * What the entries of an ACL allow one way: the lowest number that matches decides, and nothing matching is a denial.
 */
function allowedBy(entries: readonly AclEntry[], direction: AclEntry['direction']): Match[] {
  const ordered = entries.filter((entry) => entry.direction === direction).toSorted((a, b) => a.number - b.number)
  const allowed: Match[] = []
  const denied: Box[] = []
  for (const entry of ordered) {
    const box = boxOf(entry)
    if (!entry.allow) {
      denied.push(box)
      continue
    }
    let rest: readonly Box[] = [box]
    for (const earlier of [...denied, ...allowed.map((match) => match.box)])
      rest = rest.flatMap((part) => boxWithout(part, earlier))
    for (const part of rest) allowed.push({ box: part, rule: `${entry.rule} (${entry.number})` })
  }
  return allowed
}

function boxOf({ direction, cidr, protocol, ports }: AclEntry): Box {
  const [box] = headers({
    [direction === 'ingress' ? 'source' : 'destination']: addressesOf(cidr),
    protocol: protocolSet(protocol),
    destinationPort: ports ? interval(...ports) : ALL.destinationPort,
  })
  return box!
}

/** The attachments of VPCs, by VPC. */
export function compileDoors(
  { attachments }: Network,
  subnets: ReadonlyMap<Id, CompiledSubnet>,
): ReadonlyMap<Id, readonly Door[]> {
  const doors: Door[] = []
  for (const [attachment, each] of Object.entries(attachments)) {
    if (each.kind !== 'vpc') continue
    const { vpc, gateway } = each
    doors.push({ attachment, vpc, gateway, subnets: each.subnets.flatMap((id) => subnets.get(id) ?? []) })
  }
  return Map.groupBy(doors, ({ vpc }) => vpc)
}
