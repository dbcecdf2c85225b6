import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  AuthorizeSecurityGroupEgressCommand, AuthorizeSecurityGroupIngressCommand, CreateTagsCommand, DeleteTagsCommand, DescribeSecurityGroupsCommand, EC2Client, ModifyNetworkInterfaceAttributeCommand,
} from '@aws-sdk/client-ec2'
import { NetworkFirewallClient } from '@aws-sdk/client-network-firewall'
import { lookAtNetwork } from '../../../cli/live-network.ts'
import { liveNetwork } from '../../../lib/checks/reachability/live.ts'
import { readExceptions } from '../../../lib/checks/reachability/exceptions.ts'
import { readModel } from '../../../lib/checks/reachability/model/read.ts'
import { EXCEPTIONS_FILE, proveNetwork, type ProofReport } from '../../../lib/checks/reachability/prove.ts'
import { counterexampleInWords } from '../../../lib/checks/reachability/words.ts'
import { makeNetworkPlane } from '../../../local/launcher/network-plane.ts'
import { readStacks } from '../../../local/launcher/templates.ts'
import { Simulator } from '../../../local/simulator/simulator.ts'
import { demoAssembly } from '../../kit/assembly.ts'
import { demoConfig } from '../../kit/config.ts'
import { facts, PROJECT, Rig } from '../../lambda/reconcile/rig.ts'
import { failed, Templates } from './kit.ts'

const config = demoConfig()
const templates = new Templates(demoAssembly())

/** The templates' network plane as the local AWS stands in for it, and a project made there by the real reconciler. */
async function account() {
  const simulator = new Simulator()
  const published = new Map([...await makeNetworkPlane(readStacks(demoAssembly().directory), simulator)].map(([path, value]) => [path.slice('/renkei/demo/'.length), value]))
  const told = (name: string) => published.get(name)!
  simulator.seed({ bundles: [{ id: facts.bundleId }], quotas: { 'workspaces/L-34278094': 1_000 } })
  const rig = new Rig({}, undefined, {
    simulator, facts: {
      ...facts,
      cell: {
        vpcId: told('visiting/1/vpc'), desktopSubnetIds: told('visiting/1/desktop-subnets').split(','), storageSubnetIds: told('visiting/1/storage-subnets').split(','),
        directoryId: told('visiting/1/directory'), membersGroupId: told('visiting/1/members-group'), quarantineGroupId: told('visiting/1/quarantine-group'),
      },
      databases: Object.fromEntries(['NDB', 'RWD1'].map((id) => [id, { prefixListId: told(`link/${id}/prefix-list`), port: Number(told(`link/${id}/service-port`)) }])),
    },
  })
  const { world } = simulator
  const ec2 = new EC2Client(simulator.clientOptions())
  const firewall = new NetworkFirewallClient(simulator.clientOptions())
  await rig.settle()
  const prove = async (): Promise<ProofReport> => {
    rig.simulator.advance(60_000)
    const model = readModel(templates.stacks, config, { now: rig.instant, projects: [] })
    const { network, gaps } = liveNetwork(model, await lookAtNetwork(ec2, firewall, published), config, [rig.project], rig.instant)
    return proveNetwork(network, gaps, config, { now: rig.instant, projects: [{ project: rig.project, desktops: {}, stores: [] }] }, readExceptions(EXCEPTIONS_FILE))
  }
  const groupNamed = async (name: string) => (await ec2.send(new DescribeSecurityGroupsCommand({ Filters: [{ Name: 'group-name', Values: [name] }] }))).SecurityGroups![0]!.GroupId!
  const desktop = () => world.ec2.interfaces.all().find(({ madeBy }) => madeBy === 'workspaces')!.NetworkInterfaceId
  return { rig, world, told, ec2, prove, groupNamed, desktop }
}

test('[NET-5] [C-2] an account that the reconciler made is proved from what EC2 shows of it', async () => {
  const { prove } = await account()
  const report = await prove()
  assert.ok(report.ok, report.counterexamples.map(counterexampleInWords).join('\n'))
  assert.deepEqual(report.flows.filter(({ to }) => to.kind === 'database').map(({ to }) => ('id' in to ? to.id : '')).sort(), ['NDB', 'RWD1'])
})

test('[VIS-7] [C-2] who is suspended in the ledger and not yet in EC2 is found, and proved once the reconciler has been there', async () => {
  const { rig, prove } = await account()
  rig.ask({ type: 'SuspendProject', reason: 'incident', personId: 'taro' })
  assert.deepEqual(failed(await prove()), ['grants', 'layers', 'rest'])
  await rig.settle()
  const report = await prove()
  assert.ok(report.ok, report.counterexamples.map(counterexampleInWords).join('\n'))
})

const drifts: readonly { readonly name: string, readonly breaks: readonly string[], readonly shows: RegExp, change(on: Awaited<ReturnType<typeof account>>): Promise<unknown> }[] = [
  {
    name: 'a rule added to a project group by hand', breaks: ['layers'], shows: /desktop of .* → Internet|→ database DPC: only the firewall/,
    change: async ({ ec2, groupNamed }) => await ec2.send(new AuthorizeSecurityGroupEgressCommand({ GroupId: await groupNamed(`renkei-demo-project-${PROJECT}`), IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }] })),
  },
  {
    name: 'an interface tagged into a set it was not granted', breaks: ['layers'], shows: /→ database DPC: only the source group/,
    change: async ({ ec2, desktop }) => await ec2.send(new CreateTagsCommand({ Resources: [desktop()], Tags: [{ Key: 'renkei:granted:DPC', Value: 'true' }] })),
  },
  {
    name: 'a granted tag lost', breaks: ['complete'], shows: /→ database NDB: firewall .*no rule passes it/,
    change: async ({ ec2, desktop }) => await ec2.send(new DeleteTagsCommand({ Resources: [desktop()], Tags: [{ Key: 'renkei:granted:NDB' }] })),
  },
  {
    name: 'a desktop without the group of its project', breaks: ['complete'], shows: /→ database NDB: .*no rule lets it out/,
    change: async ({ ec2, desktop, told }) => await ec2.send(new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId: desktop(), Groups: [told('visiting/1/members-group')] })),
  },
  {
    name: 'a desktop whose tags name no project', breaks: ['grants', 'rest'], shows: /unplanned interface in eni-.* → database NDB/,
    change: async ({ ec2, desktop }) => await ec2.send(new DeleteTagsCommand({ Resources: [desktop()], Tags: [{ Key: 'renkei:person' }] })),
  },
  {
    name: 'a store that admits every address', breaks: ['layers'], shows: /→ store of .*: only the source group/,
    change: async ({ ec2, groupNamed }) => await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: await groupNamed(`renkei-demo-store-${PROJECT}`), IpPermissions: [{ IpProtocol: 'tcp', FromPort: 2049, ToPort: 2049, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }] })),
  },
]

for (const { name, breaks, shows, change } of drifts) {
  test(`[ARC-3] drift in the account is found: ${name}`, async () => {
    const on = await account()
    await change(on)
    const report = await on.prove()
    const told = report.counterexamples.map(counterexampleInWords).join('\n')
    assert.deepEqual(failed(report), breaks, told)
    assert.match(told, shows)
  })
}
