import { paginateDescribeClientVpnConnections, TerminateClientVpnConnectionsCommand } from '@aws-sdk/client-ec2'
import { StartFlowFlushCommand, type NetworkFirewallClient } from '@aws-sdk/client-network-firewall'
import type { Project } from '#domain/project/state.ts'
import {
  desiredOf,
  type Desired,
  type DesiredPerson,
  type PublishedPlatform,
} from '#domain/project/provisioning/desired.ts'
import { BLOCKED_TAG, GRANTED_PREFIX } from '#domain/project/provisioning/resource-names.ts'
import type { ObservedInterface } from '#domain/project/provisioning/observed.ts'
import { errorName } from '#lambda/kernel/errors.ts'
import { everyItem, type Aws } from '../provisioning/aws.ts'
import type { SuspensionMark } from '../provisioning/memory.ts'
import { observeInterfaces } from '../provisioning/observe/network.ts'
import { observeDesktops } from '../provisioning/observe/people.ts'
import { setGroups, tagInterface, untagInterface } from '../provisioning/perform/network.ts'
import { disableUser, stopDesktops } from '../provisioning/perform/people.ts'
import type { LoadedProject } from '../provisioning/load-project.ts'

/** What a suspension cuts besides the project's own things. */
export interface Perimeter {
  /** of the way in from terminals (NET-3): always absent until terminals are built */
  readonly clientVpnEndpointId?: string
  /** absent where no firewall is deployed */
  readonly firewallArn?: string
}

/** Fewer services than the reconciler's: what is not here need not be loaded before the first cut. */
type CuttingClients = Pick<Aws, 'ec2' | 'workSpaces' | 'directoryServiceData' | 'tokens'>

export interface SuspendPort {
  readonly aws: CuttingClients
  readonly networkFirewall: NetworkFirewallClient
  readonly suspensionMark: SuspensionMark
  readonly load: (projectId: string) => Promise<LoadedProject>
  readonly platform: (project: Project) => Promise<PublishedPlatform>
  readonly perimeter: () => Promise<Perimeter>
  readonly now: () => number
}

/** The message of the suspend lane. */
export interface Suspension {
  readonly projectId: string
  /** of the event in the project's stream */
  readonly sequence: number
  /** absent: everybody in the project */
  readonly personId?: string
}

export interface Cut {
  readonly people: number
  readonly interfaces: number
  /** steps that failed, each with its reason; run again until there is none */
  readonly failures: readonly string[]
}

/** Filters of one flow operation (StartFlowFlush, Network Firewall API reference). */
const FLOW_FILTERS = 20

/**
 * Cuts people off (VIS-7): their connections, their desktops' way to any database, their user, their desktop. Each step
 * is tried whatever became of the one before. Safe to run again (C-10), and late: who was resumed since is left alone.
 */
export async function suspend(port: SuspendPort, { projectId, sequence, personId }: Suspension): Promise<Cut> {
  // First of all, so that a pass of the reconciler that is under way undoes nothing of what follows.
  await port.suspensionMark.leave(projectId, sequence)
  const { project } = await port.load(projectId)
  const desired = desiredOf(project, await port.platform(project), new Date(port.now()).toISOString())
  const people = desired.people.filter(
    (person) =>
      (personId === undefined || person.personId === personId) &&
      (person.access === 'shut-off' || person.access === 'removed'),
  )
  const failures: string[] = []
  // Neither the parameters nor the view of the interfaces may keep the rest from being cut; and a large project asks
  // for them once.
  const [perimeter = {}, tagged = []] = await Promise.all([
    attempt(failures, 'perimeter', () => port.perimeter()),
    attempt(failures, 'interfaces', () => observeInterfaces(port.aws, desired, [], [])),
  ])
  const cuts = await Promise.all(
    people.map((person) => cutPerson({ aws: port.aws, desired, perimeter, failures }, person, tagged)),
  )
  const addresses = [...new Set(cuts.flat().map(({ address }) => address))]
  const { firewallArn } = perimeter
  if (firewallArn !== undefined && addresses.length > 0) {
    // After the tags and the group: a flow that is flushed comes back as a new connection, which both layers now
    // refuse.
    await attempt(failures, 'flush', () => flush(port.networkFirewall, firewallArn, addresses))
  }
  return { people: people.length, interfaces: addresses.length, failures }
}

async function attempt<Value>(
  failures: string[],
  step: string,
  work: () => Promise<Value>,
): Promise<Value | undefined> {
  try {
    return await work()
  } catch (error) {
    failures.push(`${step}: ${errorName(error)}`)
    return undefined
  }
}

/** What the steps of one suspension share. */
interface Cutting {
  readonly aws: CuttingClients
  readonly desired: Desired
  readonly perimeter: Perimeter
  /** steps add to it, each with its reason */
  readonly failures: string[]
}

/** Gives the interfaces that were the person's. `tagged` is everybody's. */
async function cutPerson(
  { aws, desired, perimeter: { clientVpnEndpointId }, failures }: Cutting,
  person: DesiredPerson,
  tagged: readonly ObservedInterface[],
): Promise<readonly ObservedInterface[]> {
  const { platform } = desired
  const { personId, userName } = person
  const theirs = tagged.filter(({ tags }) => tags['renkei:person'] === personId)
  if (clientVpnEndpointId !== undefined) {
    await attempt(failures, 'connections', () => endConnections(aws, clientVpnEndpointId, personId))
  }
  // Found by tag, without a WorkSpaces call: the interfaces of everybody who was ever let out.
  for (const found of theirs) await shutOff(aws, found, platform, failures)
  await attempt(failures, 'user', () => disableUser(aws, { directoryId: platform.cell.directoryId, userName }))
  const desktops = (await attempt(failures, 'desktops', () => observeDesktops(aws, desired, person))) ?? []
  const addresses = desktops.filter(({ state }) => state !== 'TERMINATING').flatMap(({ address }) => address ?? [])
  const others =
    addresses.length === 0
      ? []
      : ((await attempt(failures, 'interfaces', () => observeInterfaces(aws, desired, addresses, []))) ?? []).filter(
          ({ id, address, tags }) =>
            addresses.includes(address) &&
            !theirs.some((known) => known.id === id) &&
            (tags['renkei:project'] ?? desired.projectId) === desired.projectId,
        )
  for (const found of others) await shutOff(aws, found, platform, failures)
  const running = desktops.filter(({ state, autoStop }) => autoStop && state === 'AVAILABLE').map(({ id }) => id)
  if (running.length > 0) {
    await attempt(failures, 'stop', async () => {
      for (const [, reason] of await stopDesktops(aws, running)) failures.push(`stop: ${reason}`)
    })
  }
  return [...theirs, ...others]
}

/**
 * By connection id: termination by user name takes five at most, and its filter is documented for Active Directory
 * only.
 */
async function endConnections({ ec2 }: CuttingClients, ClientVpnEndpointId: string, personId: string): Promise<void> {
  const connections = await everyItem(
    paginateDescribeClientVpnConnections({ client: ec2 }, { ClientVpnEndpointId }),
    ({ Connections }) => Connections,
  )
  const theirs = connections.filter(({ Username, Status }) => Username === personId && Status?.Code === 'active')
  const answers = await Promise.allSettled(
    theirs.map(({ ConnectionId }) =>
      ec2.send(new TerminateClientVpnConnectionsCommand({ ClientVpnEndpointId, ConnectionId })),
    ),
  )
  const refused = answers.find((answer) => answer.status === 'rejected')
  if (refused !== undefined) throw refused.reason
}

/** Both layers of C-2, each whatever becomes of the other. */
async function shutOff(
  aws: CuttingClients,
  { id: interfaceId, tags }: ObservedInterface,
  { cell }: PublishedPlatform,
  failures: string[],
): Promise<void> {
  const keys = Object.keys(tags).filter((tag) => tag.startsWith(GRANTED_PREFIX))
  await attempt(failures, 'blocked', () => tagInterface(aws, { interfaceId, tags: { [BLOCKED_TAG]: 'true' } }))
  if (keys.length > 0) await attempt(failures, 'granted', () => untagInterface(aws, { interfaceId, keys }))
  await attempt(failures, 'group', () => setGroups(aws, { interfaceId, groups: [cell.quarantineGroupId] }))
}

async function flush(client: NetworkFirewallClient, FirewallArn: string, addresses: readonly string[]): Promise<void> {
  for (let from = 0; from < addresses.length; from += FLOW_FILTERS) {
    await client.send(
      new StartFlowFlushCommand({
        FirewallArn,
        MinimumFlowAgeInSeconds: 0,
        FlowFilters: addresses
          .slice(from, from + FLOW_FILTERS)
          .map((address) => ({ SourceAddress: { AddressDefinition: `${address}/32` } })),
      }),
    )
  }
}
