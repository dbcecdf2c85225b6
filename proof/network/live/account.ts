import type { EC2Client } from '@aws-sdk/client-ec2'
import type { NetworkFirewallClient } from '@aws-sdk/client-network-firewall'
import { parameterNames } from '#domain/kernel/parameter-names.ts'
import { describeAcls } from './acls.ts'
import { Described } from './described.ts'
import { describeFirewall } from './firewall.ts'
import { groupsIn, interfacesIn, rulesIn } from './interfaces.ts'
import { entriesOf } from './prefix-lists.ts'
import { describeRouteTables } from './route-tables.ts'
import { describeGateway } from './transit-gateway.ts'
import { describeTransitTables } from './transit-tables.ts'
import type { LiveView } from './view.ts'
import { describeVpcs } from './vpcs.ts'
import { describeWaysOut } from './ways-out.ts'

/**
 * Reads the network of an account: the cells and every other VPC on the platform's Transit Gateway, the gateway itself,
 * its connections and its firewall; and, of all VPCs, interfaces, security group rules and the prefix lists that these
 * name.
 * @param published what the stacks published there
 */
export async function lookAtNetwork(
  ec2: EC2Client,
  firewall: NetworkFirewallClient,
  published: ReadonlyMap<string, string>,
): Promise<LiveView> {
  const interfaces = await interfacesIn(ec2)
  const rules = await rulesIn(ec2)
  const prefixLists: Record<string, readonly string[]> = {}
  for (const id of new Set(rules.flatMap(({ prefixList }) => prefixList ?? [])))
    prefixLists[id] = await entriesOf(ec2, id)
  const groups = await groupsIn(ec2)
  const { resources, gaps } = await describe(ec2, firewall, published)
  return { interfaces, rules, groups, prefixLists, published, resources, gaps }
}

async function describe(
  ec2: EC2Client,
  firewall: NetworkFirewallClient,
  published: ReadonlyMap<string, string>,
): Promise<Described> {
  const described = new Described(cellVpcs(published))
  const gateway = published.get(parameterNames.transitGatewayId())
  const firewallArn = published.get(parameterNames.firewallArn())
  // The gateway and the firewall first: they say which VPCs matter, and how the model calls attachments.
  if (gateway !== undefined) await describeGateway(ec2, gateway, described)
  if (firewallArn !== undefined) await describeFirewall({ ec2, firewall, firewallArn, described })
  if (gateway !== undefined) await describeTransitTables(ec2, gateway, described)
  await describeVpcs(ec2, described)
  await describeRouteTables(ec2, described)
  await describeAcls(ec2, described)
  await describeWaysOut(ec2, described)
  return described
}

const cellVpcs = (published: ReadonlyMap<string, string>): string[] =>
  [...published].filter(([name]) => /^visiting\/\d+\/vpc$/.test(name)).map(([, vpc]) => vpc)
