import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import type { IpPermission } from '@aws-sdk/client-ec2'
import fc from 'fast-check'
import { fromTags, toPermission, toTags, toWords } from '#lambda/network/provider/egress-rules.ts'
import { MEMBERS_GROUP, Region, registered, rule } from './support.ts'
import { expectThat } from '#test/support/expect.ts'

const TYPE = 'Custom::RenkeiMembersGroupEgress'
const ID = `members-group-egress/${MEMBERS_GROUP}`
const narrow = { SecurityGroupId: MEMBERS_GROUP, Egress: [rule('88', '172.24.0.0/24'), rule('389', '172.24.1.0/24')] }

interface Group {
  readonly name: string
  readonly rules: readonly string[]
  readonly tags: Readonly<Record<string, string>>
}
const membersGroup = (region: Region) =>
  (region.state() as { groups: Group[] }).groups.find(({ name }) => name.endsWith('_workspacesMembers'))!

test('[NET-4] the members group lets desktops out to the directory only; nothing is left of "all egress"', async () => {
  const region = new Region(registered)
  expect(membersGroup(region).rules).toEqual(['-1 -1--1 0.0.0.0/0'])
  const answer = await region.send(TYPE, { kind: 'create', properties: narrow })
  expect(answer).toEqual({ Status: 'SUCCESS', PhysicalResourceId: ID, Data: { SecurityGroupId: MEMBERS_GROUP } })
  expect(membersGroup(region).rules).toEqual(['tcp 389-389 172.24.1.0/24', 'tcp 88-88 172.24.0.0/24'])
})

test('[C-2] the originals are written down before anything changes, and rules are added before others go', async () => {
  const region = new Region(registered)
  await region.send(TYPE, { kind: 'create', properties: narrow })
  const changes = region.simulator.calls
    .map(({ operation }) => operation)
    .filter((operation) => !operation.startsWith('Describe'))
  expect(changes).toEqual([
    'CreateTags',
    'AuthorizeSecurityGroupEgress',
    'AuthorizeSecurityGroupEgress',
    'RevokeSecurityGroupEgress',
  ])
})

test('[C-2] the originals survive any number of updates and return on delete; the group is never deleted', async () => {
  const region = new Region(registered)
  await region.send(TYPE, { kind: 'create', properties: narrow })
  const wider = { ...narrow, Egress: [...narrow.Egress, rule('636', '172.24.0.0/24')] }
  await region.send(TYPE, { kind: 'update', id: ID, properties: wider, former: narrow })
  await region.send(TYPE, { kind: 'update', id: ID, properties: narrow, former: wider })
  expect((await region.send(TYPE, { kind: 'delete', id: ID, properties: narrow })).Status).toBe('SUCCESS')
  expect(membersGroup(region)).toEqual({ name: membersGroup(region).name, rules: ['-1 -1--1 0.0.0.0/0'], tags: {} })
  assert.ok(!region.simulator.calls.some(({ operation }) => operation === 'DeleteSecurityGroup'))
})

test('[C-2] rules that somebody added meanwhile are taken away by the next update', async () => {
  const region = new Region(registered)
  await region.send(TYPE, { kind: 'create', properties: narrow })
  region.simulator.world.ec2.rules.put('sgr-1', {
    SecurityGroupRuleId: 'sgr-1',
    GroupId: MEMBERS_GROUP,
    IsEgress: true,
    IpProtocol: 'tcp',
    FromPort: 443,
    ToPort: 443,
    CidrIpv4: '0.0.0.0/0',
  })
  await region.send(TYPE, { kind: 'update', id: ID, properties: narrow, former: narrow })
  expect(membersGroup(region).rules.length).toBe(2)
})

test('[C-2] it narrows although descriptions lag behind and go back in time', async () => {
  for (let seed = 1; seed <= 25; seed++) {
    const region = new Region(registered, { seed, lags: { ec2: 12_000 }, faults: { unsteadyReads: true } })
    region.settle()
    const created = await region.send(TYPE, { kind: 'create', properties: narrow })
    expectThat(created.Status, created.Reason).toBe('SUCCESS')
    region.settle()
    expectThat(membersGroup(region).rules, `seed ${seed}`).toEqual([
      'tcp 389-389 172.24.1.0/24',
      'tcp 88-88 172.24.0.0/24',
    ])
    const removed = await region.send(TYPE, { kind: 'delete', id: ID, properties: narrow })
    expectThat(removed.Status, removed.Reason).toBe('SUCCESS')
    region.settle()
    expectThat(membersGroup(region).rules, `seed ${seed}`).toEqual(['-1 -1--1 0.0.0.0/0'])
  }
})

test('[NET-5] a group that is not a members group is left alone, also by the rollback', async () => {
  const region = new Region({ securityGroups: [{ id: MEMBERS_GROUP, name: 'storage' }] })
  const before = region.state()
  const answer = await region.send(TYPE, { kind: 'create', properties: narrow })
  expect(answer.Status).toBe('FAILED')
  expect(answer.Reason!).toMatch(/is called "storage", not <directory id>_workspacesMembers/)
  expect((await region.send(TYPE, { kind: 'delete', id: answer.PhysicalResourceId, properties: narrow })).Status).toBe(
    'SUCCESS',
  )
  expect(region.state()).toEqual(before)
})

test('[NET-4] "to everywhere" and no rules at all are refused before anything is touched', async () => {
  const region = new Region(registered)
  for (const Egress of [[], [{ IpProtocol: '-1', FromPort: '0', ToPort: '65535', CidrIp: '172.24.0.0/24' }]]) {
    const answer = await region.send(TYPE, { kind: 'create', properties: { ...narrow, Egress } })
    expect(answer.Status).toBe('FAILED')
    expect(answer.PhysicalResourceId).toMatch(/^untouched\//)
  }
  expect(region.simulator.calls.length).toBe(0)
})

const permission = fc
  .record({
    IpProtocol: fc.constantFrom('tcp', 'udp'),
    FromPort: fc.integer({ min: 0, max: 65535 }),
    ToPort: fc.integer({ min: 0, max: 65535 }),
    target: fc.oneof(
      fc.ipV4().map((address) => ({ IpRanges: [{ CidrIp: `${address}/32` }] })),
      fc
        .ipV6()
        .filter((address) => address.includes(':'))
        .map((address) => ({ Ipv6Ranges: [{ CidrIpv6: `${address}/128` }] })),
      fc.constantFrom({ UserIdGroupPairs: [{ GroupId: 'sg-0a' }] }, { PrefixListIds: [{ PrefixListId: 'pl-0a' }] }),
    ),
  })
  .map(({ target, ...rest }) => ({ ...rest, ...target }) as IpPermission)

test('[C-2] whatever the originals are, the tags on the group give them back', () => {
  fc.assert(
    fc.property(fc.array(permission, { maxLength: 60 }), (originals) => {
      const words = toWords(originals)
      const tags = toTags(words)
      assert.ok(tags.every(({ Key, Value }) => Value.length <= 256 && /^[\w .:/=+@-]*$/.test(Key + Value)))
      expect(fromTags([{ Key: 'Name', Value: 'x' }, ...tags.toReversed()])).toEqual(words)
      expect(toWords(words.map(toPermission))).toEqual(words)
    }),
    { seed: 11 },
  )
})
