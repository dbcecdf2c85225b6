import assert from 'node:assert/strict'
import type { Clock } from '#domain/kernel/clock.ts'
import type { Actor } from '#domain/kernel/decider.ts'
import { replay } from '#domain/kernel/decider.ts'
import type { ProjectCommand } from '#domain/project/commands.ts'
import { projectDecider } from '#domain/project/decide.ts'
import type { ProjectEvent } from '#domain/project/events.ts'
import type { Project } from '#domain/project/state.ts'
import type { PublishedPlatform } from '#domain/project/provisioning/desired.ts'
import type { Note } from '#domain/project/provisioning/observed.ts'
import { workSpacesTokens, type CallLane } from '#lambda/project/provisioning/api-tokens.ts'
import { provisioningClients } from '#lambda/project/provisioning/aws.ts'
import type { Memory, SuspensionMark } from '#lambda/project/provisioning/memory.ts'
import { reconcileProject, type PassResult } from '#lambda/project/reconcile/pass.ts'
import type { ProjectLedger } from '#lambda/project/provisioning/project-ledger.ts'
import type { RemovalRecord, Removals } from '#lambda/project/reconcile/removals.ts'
import { networkFirewall } from '#lambda/kernel/clients.ts'
import type { SuspendPort } from '#lambda/project/suspend/suspend.ts'
import { Simulator, type SimulatorOptions } from '#local/simulator/simulator.ts'
import { MemoryCallQueue } from '../provisioning/call-queue.ts'
import { platform as smallPlatform } from '../provisioning/world.ts'

export const PROJECT = 'P-2026-0001'
const FIREWALL = 'arn:aws:network-firewall:ap-northeast-1:000000000000:firewall/hub'
export const CLIENT_VPN = 'cvpn-endpoint-00000000000000001'

export const platform: PublishedPlatform = {
  ...smallPlatform,
  cell: {
    vpcId: 'vpc-00000000000000001',
    desktopSubnetIds: ['subnet-00000000000000001', 'subnet-00000000000000002'],
    storageSubnetIds: ['subnet-00000000000000003', 'subnet-00000000000000004'],
    directoryId: 'd-9567000001',
    membersGroupId: 'sg-00000000000000001',
    quarantineGroupId: 'sg-00000000000000002',
  },
  databases: {
    NDB: { prefixListId: 'pl-00000000000000001', port: 5432 },
    RWD1: { prefixListId: 'pl-00000000000000002', port: 5433 },
  },
}

const operator = (id: string): Actor => ({
  id,
  organisation: 'Renkei operations',
  roles: ['operator'],
  factors: ['pwd', 'otp'],
})
const machine: Actor = { id: 'system/reconcile', organisation: 'renkei', roles: ['system'], factors: [] }

/** The project's stream with the real decider, in memory; everything else is the product on the simulator. */
export class Rig implements ProjectLedger, Memory, SuspensionMark {
  readonly simulator: Simulator
  readonly platform: PublishedPlatform
  readonly events: ProjectEvent[] = []
  readonly notes = new Map<string, Note>()
  lastMark = 0
  readonly aws
  readonly clock: Clock
  settleSeconds = 10
  readonly callQueue = new MemoryCallQueue()
  removed: Removals | undefined
  /** as the table keeps it: a write on an old reading is refused */
  readonly removals: RemovalRecord = {
    read: async () => this.removed,
    write: async (next, previous) => {
      if (previous?.version !== this.removed?.version) return false
      this.removed = next
      return true
    },
  }

  /** @param standing a platform that stands already; left out: one of few parts */
  constructor(
    options: SimulatorOptions = {},
    people: readonly string[] = ['taro', 'hanako'],
    standing?: { readonly simulator: Simulator; readonly platform: PublishedPlatform },
  ) {
    this.platform = standing?.platform ?? platform
    this.simulator =
      standing?.simulator ??
      new Simulator(options).seed({
        vpcId: platform.cell.vpcId,
        subnets: [
          { id: 'subnet-00000000000000001', cidr: '172.24.0.0/24', azId: 'apne1-az1' },
          { id: 'subnet-00000000000000002', cidr: '172.24.1.0/24', azId: 'apne1-az4' },
          { id: 'subnet-00000000000000003', cidr: '172.24.2.0/24', azId: 'apne1-az1' },
          { id: 'subnet-00000000000000004', cidr: '172.24.3.0/24', azId: 'apne1-az4' },
        ],
        securityGroups: [{ id: platform.cell.quarantineGroupId, name: 'quarantine' }],
        prefixLists: [
          { id: 'pl-00000000000000001', name: 'NDB', cidrs: ['172.20.0.0/28'] },
          { id: 'pl-00000000000000002', name: 'RWD1', cidrs: ['172.20.0.32/28'] },
        ],
        directoryId: platform.cell.directoryId,
        directory: { dataAccess: true, registered: true, membersGroupId: platform.cell.membersGroupId },
        bundles: [{ id: platform.bundleId }],
        clientVpnEndpointIds: [CLIENT_VPN],
        quotas: { 'workspaces/L-34278094': 1_000 },
        resourceGroups: [
          { name: 'renkei-demo-granted-NDB', tagKey: 'renkei:granted:NDB' },
          { name: 'renkei-demo-blocked', tagKey: 'renkei:blocked' },
        ],
        firewalls: [
          {
            arn: FIREWALL,
            admits: [{ group: 'renkei-demo-granted-NDB', cidr: '172.20.0.0/28', port: 5432 }],
            blocked: 'renkei-demo-blocked',
          },
        ],
      })
    const clock = this.simulator.clock
    this.clock = {
      now: () => clock.now(),
      sleep: async (ms) => {
        clock.advance(ms)
      },
    }
    this.aws = provisioningClients(this.tokens('reconcile'), this.simulator.clientOptions())
    this.ask({
      type: 'OpenProject',
      grant: {
        projectId: PROJECT,
        applicationId: 'A-2026-0001',
        databases: ['NDB', 'RWD1'],
        cell: 1,
        from: '2026-04-01',
        until: '2027-03-31',
        handlers: people.map((personId) => ({ personId, organisation: 'University' })),
      },
    })
  }

  tokens(lane: CallLane) {
    return workSpacesTokens(this.callQueue, lane, this.clock)
  }

  get instant() {
    return new Date(this.simulator.clock.now()).toISOString()
  }
  get project(): Project {
    return replay(projectDecider, this.events)
  }

  /** A command of an operator, which must be accepted. */
  ask(command: ProjectCommand, by = 'operator-1'): void {
    const decision = projectDecider.decide(this.project, command, { now: this.instant, actor: operator(by) })
    assert.ok(decision.ok, JSON.stringify(decision))
    this.events.push(...decision.events)
  }

  async load() {
    return { project: this.project, sequence: this.events.length }
  }

  async report(_projectId: string, command: ProjectCommand, now: string): Promise<string | undefined> {
    const decision = projectDecider.decide(this.project, command, { now, actor: machine })
    if (!decision.ok) return decision.refusals[0]?.code
    this.events.push(...decision.events)
    return undefined
  }

  async read() {
    return Object.fromEntries(this.notes)
  }
  async write(_projectId: string, name: string, note: Note) {
    this.notes.set(name, note)
  }
  async forget(_projectId: string, name: string) {
    this.notes.delete(name)
  }
  async leave(_projectId: string, sequence: number) {
    this.lastMark = Math.max(this.lastMark, sequence)
  }
  async latest() {
    return this.lastMark
  }

  pass(budgetMs = Infinity): Promise<PassResult> {
    return reconcileProject(
      {
        aws: this.aws,
        memory: this,
        suspensionMark: this,
        ledger: this,
        removals: this.removals,
        platform: async () => this.platform,
        now: () => this.simulator.clock.now(),
        settleSeconds: this.settleSeconds,
        deadline: this.simulator.clock.now() + budgetMs,
      },
      PROJECT,
    )
  }

  /** Passes, with time between them, until one has nothing left to do. */
  async settle(maximum = 200, betweenMs = 60_000): Promise<PassResult> {
    for (let count = 1; ; count += 1) {
      const result = await this.pass()
      if (!result.again) return result
      assert.ok(
        count < maximum,
        `still not settled after ${count} passes: ${[...result.failures, ...result.waiting].join('; ')}`,
      )
      this.simulator.advance(betweenMs)
    }
  }

  get suspendPort(): SuspendPort {
    return {
      aws: { ...this.aws, tokens: this.tokens('suspend') },
      networkFirewall: networkFirewall(this.simulator.clientOptions()),
      suspensionMark: this,
      load: () => this.load(),
      platform: async () => this.platform,
      perimeter: async () => ({ clientVpnEndpointId: CLIENT_VPN, firewallArn: FIREWALL }),
      now: () => this.simulator.clock.now(),
    }
  }

  /** The truth, not what describes show. */
  get truth() {
    const { world } = this.simulator
    const tags = (id: string) => world.ec2.tags.get(id)?.tags
    return {
      desktops: world.workspaces.desktops.all(),
      users: world.directories.users.all(),
      keys: world.kms.keys.all(),
      fileSystems: world.efs.fileSystems.all(),
      groups: world.ec2.groups.all().filter(({ GroupName }) => GroupName.startsWith('renkei-')),
      interfaces: world.ec2.interfaces
        .all()
        .filter(({ madeBy }) => madeBy === 'workspaces')
        .map((each) => ({ ...each, tags: tags(each.NetworkInterfaceId) ?? {} })),
    }
  }
}
