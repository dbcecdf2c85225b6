import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import type { Seed } from '#local/simulator/seed.ts'
import {
  DEFAULT_GROUP,
  DIRECTORY,
  directory,
  MEMBERS_GROUP,
  Region,
  registered,
  rule,
  TRANSIT_GATEWAY,
  VPN,
  type Properties,
  type Request,
} from './support.ts'
import { expectThat } from '#test/support/expect.ts'

interface Case {
  readonly type: string
  readonly id: string
  readonly properties: Properties
  /** what an update changes it to */
  readonly changed: Properties
  readonly seed?: Seed
  /** whether its delete leaves everything as it was before the create */
  readonly undone: boolean
}

const cases: readonly Case[] = [
  {
    type: 'Custom::RenkeiVpnAttachment',
    id: `vpn-attachment/${VPN}`,
    properties: { VpnConnectionId: VPN, TransitGatewayId: TRANSIT_GATEWAY },
    changed: { VpnConnectionId: VPN, TransitGatewayId: TRANSIT_GATEWAY },
    seed: { vpnConnections: [{ id: VPN, transitGatewayId: TRANSIT_GATEWAY }] },
    undone: false,
  },
  {
    type: 'Custom::RenkeiWorkspaceDirectory',
    id: `workspace-directory/${DIRECTORY}`,
    properties: directory,
    changed: {
      ...directory,
      WorkspaceAccessProperties: { DeviceTypeWeb: 'DENY', DeviceTypeWindows: 'DENY', DeviceTypeLinux: 'ALLOW' },
      SamlProperties: { Status: 'DISABLED' },
    },
    undone: true,
  },
  {
    type: 'Custom::RenkeiMembersGroupEgress',
    id: `members-group-egress/${MEMBERS_GROUP}`,
    properties: { SecurityGroupId: MEMBERS_GROUP, Egress: [rule('88', '172.24.0.0/24'), rule('389', '172.24.0.0/24')] },
    changed: { SecurityGroupId: MEMBERS_GROUP, Egress: [rule('389', '172.24.0.0/24'), rule('389', '172.24.1.0/24')] },
    seed: registered,
    undone: true,
  },
  {
    type: 'Custom::RenkeiDirectoryDataAccess',
    id: `directory-data-access/${DIRECTORY}`,
    properties: { DirectoryId: DIRECTORY },
    changed: { DirectoryId: DIRECTORY },
    undone: true,
  },
  {
    type: 'Custom::VpcRestrictDefaultSG',
    id: `default-security-group/${DEFAULT_GROUP}`,
    properties: { DefaultSecurityGroupId: DEFAULT_GROUP, Account: '000000000000' },
    changed: { DefaultSecurityGroupId: DEFAULT_GROUP, Account: '000000000000' },
    seed: { securityGroups: [{ id: DEFAULT_GROUP, name: 'default' }] },
    undone: false,
  },
]

/** Brings a new region to the point at which the request is sent. */
async function before(each: Case, kind: Request['kind']): Promise<{ region: Region; request: Request }> {
  const region = new Region(each.seed)
  if (kind === 'create') return { region, request: { kind, properties: each.properties } }
  expect((await region.send(each.type, { kind: 'create', properties: each.properties })).Status).toBe('SUCCESS')
  region.settle()
  return {
    region,
    request:
      kind === 'update'
        ? { kind, id: each.id, properties: each.changed, former: each.properties }
        : { kind, id: each.id, properties: each.properties },
  }
}

/** How it ends and how many calls it takes when nothing goes wrong. */
async function undisturbed(each: Case, kind: Request['kind']) {
  const { region, request } = await before(each, kind)
  const calls = region.simulator.calls.length
  const answer = await region.send(each.type, request)
  expectThat(answer.Status, answer.Reason).toBe('SUCCESS')
  expect(answer.PhysicalResourceId).toBe(each.id)
  region.settle()
  return { state: region.state(), calls: region.simulator.calls.length - calls }
}

/** `lostRequest`: the call never arrived. `lostAnswer`: it did its work, the answer never came. */
const faults = ['lostRequest', 'lostAnswer'] as const

for (const each of cases) {
  const name = each.type.replace('Custom::Renkei', '')

  for (const kind of ['create', 'update', 'delete'] as const) {
    test(`[NET-1] ${name}: ${kind} converges after any one call fails, whether it had its effect or not`, async () => {
      const wanted = await undisturbed(each, kind)
      assert.ok(wanted.calls > 0 || !each.undone)
      for (const fault of faults) {
        for (let position = 0; position < wanted.calls; position++) {
          const { region, request } = await before(each, kind)
          region.simulator.fault({ kind: fault, operation: '*', skip: position })
          const broken = await region.send(each.type, request)
          expectThat(broken.Status, `${fault} at call ${position} was not noticed`).toBe('FAILED')
          expect(broken.PhysicalResourceId).toBe(each.id)
          const again = await region.send(each.type, request)
          expectThat(again.Status, `${fault} at call ${position}: ${again.Reason}`).toBe('SUCCESS')
          expect(again.PhysicalResourceId).toBe(each.id)
          region.settle()
          expectThat(region.state(), `${fault} at call ${position}`).toEqual(wanted.state)
        }
      }
    })
  }

  test(`[NET-1] ${name}: a create that fails anywhere is rolled back to what was there before`, async () => {
    const { calls } = await undisturbed(each, 'create')
    for (const fault of faults) {
      for (let position = 0; position < calls; position++) {
        const { region, request } = await before(each, 'create')
        const initial = region.state()
        region.simulator.fault({ kind: fault, operation: '*', skip: position })
        const failed = await region.send(each.type, request)
        const rolledBack = await region.send(each.type, {
          kind: 'delete',
          id: failed.PhysicalResourceId,
          properties: each.properties,
        })
        expectThat(rolledBack.Status, `${fault} at call ${position}: ${rolledBack.Reason}`).toBe('SUCCESS')
        region.settle()
        if (each.undone) expectThat(region.state(), `${fault} at call ${position}`).toEqual(initial)
      }
    }
  })

  test(`[NET-1] ${name}: an update that fails anywhere is rolled back to what it was`, async () => {
    const { calls } = await undisturbed(each, 'update')
    for (const fault of faults) {
      for (let position = 0; position < calls; position++) {
        const { region, request } = await before(each, 'update')
        const initial = region.state()
        region.simulator.fault({ kind: fault, operation: '*', skip: position })
        await region.send(each.type, request)
        const rolledBack = await region.send(each.type, {
          kind: 'update',
          id: each.id,
          properties: each.properties,
          former: each.changed,
        })
        expectThat(rolledBack.Status, `${fault} at call ${position}: ${rolledBack.Reason}`).toBe('SUCCESS')
        region.settle()
        expectThat(directoryless(region.state()), `${fault} at call ${position}`).toEqual(directoryless(initial))
      }
    }
  })

  test(`[NET-1] ${name}: the same request twice changes nothing the second time`, async () => {
    for (const kind of ['create', 'update', 'delete'] as const) {
      const { region, request } = await before(each, kind)
      await region.send(each.type, request)
      region.settle()
      const state = region.state()
      const second = await region.send(each.type, request)
      expectThat(second.Status, second.Reason).toBe('SUCCESS')
      region.settle()
      expectThat(region.state(), kind).toEqual(state)
    }
  })
}

/**
 * Settings that an update sets and its rollback does not mention stay (WorkSpaces merges); they are compared no
 * further.
 */
function directoryless(state: unknown): unknown {
  const { registrations, ...rest } = state as {
    registrations: { WorkspaceAccessProperties?: Record<string, string>; SamlProperties?: unknown }[]
  }
  return {
    ...rest,
    registrations: registrations.map(({ WorkspaceAccessProperties, ...each }) => ({
      ...each,
      windows: WorkspaceAccessProperties?.['DeviceTypeWindows'],
    })),
  }
}
