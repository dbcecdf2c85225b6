import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
  ModifyNetworkInterfaceAttributeCommand,
  type NetworkAcl,
} from '@aws-sdk/client-ec2'
import { NetworkFirewallClient } from '@aws-sdk/client-network-firewall'
import { lookAtNetwork } from '#proof/network/live/account.ts'
import { liveNetwork } from '#proof/network/live/network.ts'
import { EXCEPTIONS_FILE, readExceptions } from '#proof/network/exceptions.ts'
import type { Network } from '#proof/network/model/network.ts'
import { readModel } from '#proof/network/model/read.ts'
import { proveNetwork, type ProofReport } from '#proof/network/prove.ts'
import { printCounterexample } from '#proof/network/print.ts'
import { makeNetworkPlane } from '#local/launcher/network-plane.ts'
import { readStacks } from '#scripts/tools/templates.ts'
import type { Standing } from '#local/simulator/services/ec2/state.ts'
import type { World } from '#local/simulator/world.ts'
import { Simulator } from '#local/simulator/simulator.ts'
import { demoAssembly } from '#test/support/assembly.ts'
import { demoConfig } from '#test/support/config.ts'
import { platform, PROJECT, Rig } from '#test/project/reconcile/rig.ts'
import { failed, Templates } from './kit.ts'
import { expectThat } from '#test/support/expect.ts'

const config = demoConfig()
const templates = new Templates(demoAssembly())

/** The templates' network plane as the local AWS stands in for it, and a project made there by the real reconciler. */
async function account() {
  const simulator = new Simulator()
  const published = new Map(
    [...(await makeNetworkPlane(readStacks(demoAssembly().directory), simulator))].map(([path, value]) => [
      path.slice('/renkei/demo/'.length),
      value,
    ]),
  )
  const told = (name: string) => published.get(name)!
  simulator.seed({ bundles: [{ id: platform.bundleId }], quotas: { 'workspaces/L-34278094': 1_000 } })
  const rig = new Rig({}, undefined, {
    simulator,
    platform: {
      ...platform,
      cell: {
        vpcId: told('visiting/1/vpc'),
        desktopSubnetIds: told('visiting/1/desktop-subnets').split(','),
        storageSubnetIds: told('visiting/1/storage-subnets').split(','),
        directoryId: told('visiting/1/directory'),
        membersGroupId: told('visiting/1/members-group'),
        quarantineGroupId: told('visiting/1/quarantine-group'),
      },
      databases: Object.fromEntries(
        ['NDB', 'RWD1'].map((id) => [
          id,
          { prefixListId: told(`link/${id}/prefix-list`), port: Number(told(`link/${id}/service-port`)) },
        ]),
      ),
    },
  })
  const { world } = simulator
  const ec2 = new EC2Client(simulator.clientOptions())
  const firewall = new NetworkFirewallClient(simulator.clientOptions())
  await rig.settle()
  const look = async () => await lookAtNetwork(ec2, firewall, published)
  const prove = async (): Promise<ProofReport> => {
    rig.simulator.advance(60_000)
    const model = readModel(templates.stacks, config, { now: rig.instant, projects: [] })
    const { network, gaps } = liveNetwork(model, await look(), config, [rig.project], rig.instant)
    return proveNetwork({
      network,
      gaps,
      config,
      grants: { now: rig.instant, projects: [{ project: rig.project, desktops: {}, stores: [] }] },
      exceptions: readExceptions(EXCEPTIONS_FILE),
    })
  }
  const groupNamed = async (name: string) =>
    (await ec2.send(new DescribeSecurityGroupsCommand({ Filters: [{ Name: 'group-name', Values: [name] }] })))
      .SecurityGroups![0]!.GroupId!
  const desktop = () => world.ec2.interfaces.all().find(({ madeBy }) => madeBy === 'workspaces')!.NetworkInterfaceId
  const { routeTables, standing, interfaces, attachments } = world.ec2
  const tableOf = (subnet: string) =>
    routeTables.all().find(({ SubnetIds }) => SubnetIds.includes(subnet))!.RouteTableId
  return {
    rig,
    world,
    told,
    ec2,
    look,
    prove,
    groupNamed,
    desktop,
    tableOf,
    controllersAt: interfaces.all().find(({ madeBy }) => madeBy === 'directory-service')!.SubnetId,
    vpn: (database: string) =>
      attachments.all().find(({ ResourceId }) => ResourceId === told(`link/${database}/vpn-connection`))!
        .TransitGatewayAttachmentId,
    addRoute: (subnet: string, cidr: string, target: string) => {
      routeTables.update(tableOf(subnet), {
        Routes: [...routeTables.get(tableOf(subnet))!.Routes, { DestinationCidrBlock: cidr, target }],
      })
    },
    /** lets everything through the ACL of a subnet, one way */
    allow: (subnet: string, Egress: boolean) => {
      const acl = standing
        .all()
        .map(({ shape }) => shape as NetworkAcl)
        .find(({ Associations }) =>
          Associations?.some(({ SubnetId, NetworkAclId }) => NetworkAclId !== undefined && SubnetId === subnet),
        )!
      standing.update(acl.NetworkAclId!, {
        shape: {
          ...acl,
          Entries: [
            ...acl.Entries!,
            { RuleNumber: 1, RuleAction: 'allow', Egress, Protocol: '-1', CidrBlock: '0.0.0.0/0' },
          ],
        },
      })
    },
  }
}

function stand(world: World, kind: Standing['kind'], id: string, shape: object): void {
  world.ec2.standing.put(id, { id, kind, shape })
}

test('[NET-5] [C-2] an account that the reconciler made is proved from what EC2 shows of it', async () => {
  const { prove } = await account()
  const report = await prove()
  assert.ok(report.ok, report.counterexamples.map(printCounterexample).join('\n'))
  expect(
    report.flows
      .filter(({ to }) => to.kind === 'database')
      .map(({ to }) => ('id' in to ? to.id : ''))
      .sort(),
  ).toEqual(['NDB', 'RWD1'])
})

test('[C-2] the account of the templates has the routes, ACLs, gateway, firewall and tunnels of the templates', async () => {
  const { look } = await account()
  const model = readModel(templates.stacks, config, { now: '2026-04-01T00:00:00Z', projects: [] })
  const { network } = liveNetwork(model, await look(), config, [], '2026-04-01T00:00:00Z')
  expect(outline(network)).toEqual(outline(model.network))
})

/** A network without the names of its parts. */
function outline({ vpcs, subnets, routeTables, acls, attachments, associations, transitTables, firewalls }: Network) {
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

test('[VIS-7] [C-2] who is suspended in the ledger and not yet in EC2 is found, and proved once the reconciler has been there', async () => {
  const { rig, prove } = await account()
  rig.ask({ type: 'SuspendProject', reason: 'incident', personId: 'taro' })
  expect(failed(await prove())).toEqual(['grants', 'rest'])
  await rig.settle()
  const report = await prove()
  assert.ok(report.ok, report.counterexamples.map(printCounterexample).join('\n'))
})

const drifts: readonly {
  readonly name: string
  readonly breaks: readonly string[]
  readonly shows: RegExp
  change(on: Awaited<ReturnType<typeof account>>): Promise<unknown>
}[] = [
  {
    name: 'a rule added to a project group by hand',
    breaks: ['layers'],
    shows: /desktop of .* → Internet|→ database DPC: only the firewall/,
    change: async ({ ec2, groupNamed }) =>
      await ec2.send(
        new AuthorizeSecurityGroupEgressCommand({
          GroupId: await groupNamed(`renkei-demo-project-${PROJECT}`),
          IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
        }),
      ),
  },
  {
    name: 'an interface tagged into a set it was not granted',
    breaks: ['layers'],
    shows: /→ database DPC: only the source group/,
    change: async ({ ec2, desktop }) =>
      await ec2.send(
        new CreateTagsCommand({ Resources: [desktop()], Tags: [{ Key: 'renkei:granted:DPC', Value: 'true' }] }),
      ),
  },
  {
    name: 'a granted tag lost',
    breaks: ['complete'],
    shows: /→ database NDB: firewall .*no rule passes it/,
    change: async ({ ec2, desktop }) =>
      await ec2.send(new DeleteTagsCommand({ Resources: [desktop()], Tags: [{ Key: 'renkei:granted:NDB' }] })),
  },
  {
    name: 'a desktop without the group of its project',
    breaks: ['complete'],
    shows: /→ database NDB: .*no rule lets it out/,
    change: async ({ ec2, desktop, told }) =>
      await ec2.send(
        new ModifyNetworkInterfaceAttributeCommand({
          NetworkInterfaceId: desktop(),
          Groups: [told('visiting/1/members-group')],
        }),
      ),
  },
  {
    name: 'a desktop whose tags name no project',
    breaks: ['grants', 'rest'],
    shows: /unplanned interface in eni-.* → database NDB/,
    change: async ({ ec2, desktop }) =>
      await ec2.send(new DeleteTagsCommand({ Resources: [desktop()], Tags: [{ Key: 'renkei:person' }] })),
  },
  {
    name: 'a store that admits every address',
    breaks: ['layers'],
    shows: /→ store of .*: only the source group/,
    change: async ({ ec2, groupNamed }) =>
      await ec2.send(
        new AuthorizeSecurityGroupIngressCommand({
          GroupId: await groupNamed(`renkei-demo-store-${PROJECT}`),
          IpPermissions: [{ IpProtocol: 'tcp', FromPort: 2049, ToPort: 2049, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
        }),
      ),
  },
  {
    name: 'a NAT gateway, a route to it from the controllers, and an ACL entry that lets it',
    breaks: ['internet', 'layers', 'model'],
    shows: /controllers of cell 1 → Internet/,
    change: async ({ world, addRoute, allow, controllersAt }) => {
      stand(world, 'NatGateways', 'nat-00000000000000001', {
        NatGatewayId: 'nat-00000000000000001',
        VpcId: world.ec2.subnets.get(controllersAt)!.VpcId,
        State: 'available',
      })
      addRoute(controllersAt, '0.0.0.0/0', 'nat-00000000000000001')
      allow(controllersAt, true)
    },
  },
  {
    name: 'a route added to the table of the controllers',
    breaks: ['layers'],
    shows: /controllers of cell 1 → Internet: only the network ACL/,
    change: async ({ addRoute, controllersAt }) => addRoute(controllersAt, '0.0.0.0/0', 'igw-00000000000000001'),
  },
  {
    name: 'an ACL entry that lets the controllers out',
    breaks: ['layers'],
    shows: /controllers of cell 1 → Internet: only the routes/,
    change: async ({ allow, controllersAt }) => allow(controllersAt, true),
  },
  {
    name: 'an Internet gateway attached to the cell',
    breaks: ['layers'],
    shows: /^Internet/m,
    change: async ({ world, told }) =>
      stand(world, 'InternetGateways', 'igw-00000000000000001', {
        InternetGatewayId: 'igw-00000000000000001',
        Attachments: [{ VpcId: told('visiting/1/vpc'), State: 'available' }],
      }),
  },
  {
    name: 'a peering with a VPC that is not ours',
    breaks: ['layers'],
    shows: /Internet/,
    change: async ({ world, told }) =>
      stand(world, 'VpcPeeringConnections', 'pcx-00000000000000001', {
        VpcPeeringConnectionId: 'pcx-00000000000000001',
        RequesterVpcInfo: { VpcId: 'vpc-0foreign' },
        AccepterVpcInfo: { VpcId: told('visiting/1/vpc') },
        Status: { Code: 'active' },
      }),
  },
  {
    name: 'a gateway endpoint in the table of the controllers',
    breaks: ['layers'],
    shows: /controllers of cell 1 → Internet/,
    change: async ({ world, told, tableOf, controllersAt }) =>
      stand(world, 'VpcEndpoints', 'vpce-00000000000000001', {
        VpcEndpointId: 'vpce-00000000000000001',
        VpcEndpointType: 'Gateway',
        VpcId: told('visiting/1/vpc'),
        RouteTableIds: [tableOf(controllersAt)],
        State: 'available',
      }),
  },
  {
    name: "propagation of a link into the firewall's table",
    breaks: ['grants', 'layers'],
    shows: /→ database NDB/,
    change: async ({ world, told, vpn }) =>
      world.ec2.standing.put('added', {
        id: 'added',
        kind: 'TransitGatewayRouteTablePropagations',
        of: told('hub/route-table/firewall'),
        shape: { TransitGatewayAttachmentId: vpn('NDB'), ResourceType: 'vpn', State: 'enabled' },
      }),
  },
  {
    name: 'a route in the gateway past the firewall',
    breaks: ['complete', 'encrypted', 'layers'],
    shows: /→ database NDB: it goes past the firewall/,
    change: async ({ world, told, vpn }) =>
      world.ec2.standing.put('added', {
        id: 'added',
        kind: 'Routes',
        of: told('hub/route-table/visiting'),
        shape: {
          DestinationCidrBlock: '172.20.0.0/28',
          Type: 'static',
          State: 'active',
          TransitGatewayAttachments: [{ TransitGatewayAttachmentId: vpn('NDB') }],
        },
      }),
  },
  {
    name: 'a link associated with the table behind the firewall',
    breaks: ['complete', 'databases', 'encrypted', 'layers'],
    shows: /database/,
    change: async ({ world, told, vpn }) => {
      const { standing } = world.ec2
      const own = standing
        .all()
        .find(
          ({ kind, shape }) =>
            kind === 'Associations' &&
            (shape as { TransitGatewayAttachmentId: string }).TransitGatewayAttachmentId === vpn('NDB'),
        )!
      standing.update(own.id, { of: told('hub/route-table/firewall') })
    },
  },
  {
    name: 'a rule group that passes everything',
    breaks: ['layers'],
    shows: /→ database/,
    change: async ({ world }) => {
      const { ruleGroups } = world.firewall
      const [group] = ruleGroups.all().filter(({ RuleGroup }) => RuleGroup?.RulesSource?.RulesString?.includes('pass'))
      ruleGroups.update(group!.RuleGroupResponse!.RuleGroupArn!, {
        RuleGroup: { ...group!.RuleGroup, RulesSource: { RulesString: 'pass ip any any -> any any (sid:1;)' } },
      })
    },
  },
  {
    name: 'a policy that takes up flows midstream',
    breaks: ['model'],
    shows: /midstream/,
    change: async ({ world }) => {
      const [policy] = world.firewall.policies.all()
      world.firewall.policies.update(policy!.FirewallPolicyResponse!.FirewallPolicyArn!, {
        FirewallPolicy: {
          ...policy!.FirewallPolicy!,
          StatefulEngineOptions: { RuleOrder: 'STRICT_ORDER', StreamExceptionPolicy: 'CONTINUE' },
        },
      })
    },
  },
  {
    name: 'a tunnel that offers SHA-1',
    breaks: ['encrypted'],
    shows: /→ database NDB.*Phase1IntegrityAlgorithms offers SHA1/,
    change: async ({ world, told }) => {
      const { vpnConnections } = world.ec2
      const [first, second] = vpnConnections.get(told('link/NDB/vpn-connection'))!.Options!.TunnelOptions!
      vpnConnections.update(told('link/NDB/vpn-connection'), {
        Options: { TunnelOptions: [{ ...first, Phase1IntegrityAlgorithms: [{ Value: 'SHA1' }] }, second!] },
      })
    },
  },
  {
    name: 'the default group of the cell opened again',
    breaks: ['layers', 'rest'],
    shows: /unplanned interface/,
    change: async ({ world, told, ec2 }) => {
      const { GroupId } = world.ec2.groups
        .all()
        .find(({ GroupName, VpcId }) => GroupName === 'default' && VpcId === told('visiting/1/vpc'))!
      await ec2.send(
        new AuthorizeSecurityGroupIngressCommand({
          GroupId,
          IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
        }),
      )
    },
  },
]

for (const { name, breaks, shows, change } of drifts) {
  test(`[ARC-3] drift in the account is found: ${name}`, async () => {
    const on = await account()
    await change(on)
    const report = await on.prove()
    const told = report.counterexamples.map(printCounterexample).join('\n')
    expectThat(failed(report), told).toEqual(breaks)
    expect(told).toMatch(shows)
  })
}
