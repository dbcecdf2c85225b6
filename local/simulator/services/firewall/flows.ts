import ipaddr from 'ipaddr.js'
import type { World } from '#local/simulator/world.ts'
import type { NetworkInterface } from '../ec2/state.ts'
import type { Firewall, Flow } from './state.ts'

/** Whether `address` is in `cidr` (a single address counts as /32). */
export function within(address: string, cidr: string): boolean {
  const range = cidr.includes('/') ? cidr : `${cidr}/32`
  return ipaddr.IPv4.parse(address).match(ipaddr.IPv4.parseCIDR(range))
}

/**
 * Interfaces of a tag-based resource group. `lag` 0 is the truth; the firewall's view of the group follows the tags by
 * `lags['resource-groups']` ("Network Firewall automatically updates the rule's content", without a time: an
 * assumption).
 * Source: IPSetReference, https://docs.aws.amazon.com/network-firewall/latest/APIReference/API_IPSetReference.html
 */
export function membersOf(world: World, name: string, lag = 0): NetworkInterface[] {
  const group = world.firewall.resourceGroups.get(name)
  if (!group)
    throw new Error(
      `there is no resource group ${name}; there are: ${
        world.firewall.resourceGroups
          .all()
          .map((each) => each.name)
          .join(', ') || 'none'
      }`,
    )
  return world.ec2.interfaces
    .all()
    .filter((each) => world.ec2.tags.seen(each.NetworkInterfaceId, lag)?.tags[group.tagKey] === group.tagValue)
}

/**
 * Why a new TCP flow is refused, or undefined where it passes. Security groups first, then the firewall where it is in
 * the path.
 */
function refusal(world: World, from: NetworkInterface, destination: string, port: number): string | undefined {
  const rules = world.ec2.rules.all().filter((rule) => rule.IsEgress && from.Groups.includes(rule.GroupId))
  const admitted = rules.some((rule) => {
    if (rule.IpProtocol !== '-1' && !(rule.IpProtocol === 'tcp' && rule.FromPort <= port && port <= rule.ToPort))
      return false
    if (rule.CidrIpv4) return within(destination, rule.CidrIpv4)
    if (rule.PrefixListId)
      return world.ec2.prefixLists.get(rule.PrefixListId)!.Entries.some((entry) => within(destination, entry.Cidr))
    return world.ec2.interfaces
      .all()
      .some((each) => each.PrivateIpAddress === destination && each.Groups.includes(rule.ReferencedGroupId ?? ''))
  })
  if (!admitted) return `no egress rule of ${from.Groups.join(', ')} admits ${destination}:${port}`
  const vpc = world.ec2.vpcs.get(from.VpcId)
  if (vpc && within(destination, vpc.CidrBlock)) return undefined
  const [firewall] = world.firewall.firewalls.all()
  return firewall ? refusedByFirewall(world, firewall, from, destination, port) : undefined
}

/** Blocked first, then one rule for a database and its granted set, then drop: the order of the platform's policy. */
function refusedByFirewall(
  world: World,
  firewall: Firewall,
  from: NetworkInterface,
  destination: string,
  port: number,
): string | undefined {
  const lag = world.lags['resource-groups']
  const isIn = (group: string) =>
    membersOf(world, group, lag).some((each) => each.NetworkInterfaceId === from.NetworkInterfaceId)
  if (firewall.blocked && isIn(firewall.blocked)) return `${from.NetworkInterfaceId} is in ${firewall.blocked}`
  if (firewall.admits.some((rule) => rule.port === port && within(destination, rule.cidr) && isIn(rule.group)))
    return undefined
  return `the firewall drops ${from.PrivateIpAddress} → ${destination}:${port}`
}

export type Attempt = { readonly flowId: string } | { readonly refused: string }

/** A desktop opens a TCP connection. Once open it goes on, whatever becomes of groups and sets, until it is flushed. */
export function open(world: World, interfaceId: string, destination: string, port: number): Attempt {
  const from = world.ec2.interfaces.get(interfaceId)
  if (!from) return { refused: `there is no interface ${interfaceId}` }
  const refused = refusal(world, from, destination, port)
  if (refused) return { refused }
  const flowId = world.id('flow')
  world.firewall.flows.put(flowId, {
    flowId,
    interfaceId,
    source: from.PrivateIpAddress,
    destination,
    port,
    openedAt: world.clock.now(),
  })
  return { flowId }
}

/**
 * Whether an open flow still carries packets. Changed rules and groups do not end it: the connection is tracked.
 * Sources: "Security group connection tracking" (EC2 user guide); StartFlowFlush (Network Firewall API reference).
 */
export function carries(world: World, flowId: string): boolean {
  const flow = world.firewall.flows.get(flowId)
  return flow !== undefined && flow.closedBy === undefined && world.ec2.interfaces.get(flow.interfaceId) !== undefined
}

export function openFlows(world: World): Flow[] {
  return world.firewall.flows.all().filter((flow) => carries(world, flow.flowId))
}
