import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MEMBERS_GROUP, Region, registered } from '../network-provider/cloudformation.ts'

const TYPE = 'Custom::VpcRestrictDefaultSG'
const rulesOf = (region: Region, group: string) =>
  region.simulator.world.ec2.rules.all().filter(({ GroupId }) => GroupId === group)
const defaultGroup = (region: Region) =>
  region.simulator.world.ec2.groups.all().find(({ GroupName }) => GroupName === 'default')!.GroupId

test('[C-1] the default group of a VPC is emptied, in both directions, and stays empty when its resource goes', async () => {
  const region = new Region()
  const group = defaultGroup(region)
  const properties = { DefaultSecurityGroupId: group, Account: '000000000000' }
  assert.ok(
    rulesOf(region, group).some(({ IsEgress }) => IsEgress) && rulesOf(region, group).some(({ IsEgress }) => !IsEgress),
    'as AWS makes it, it admits its members and lets everything out',
  )
  const answer = await region.send(TYPE, { kind: 'create', properties })
  assert.equal(answer.Status, 'SUCCESS', answer.Reason)
  assert.deepEqual(rulesOf(region, group), [])
  assert.equal(
    (await region.send(TYPE, { kind: 'update', id: answer.PhysicalResourceId, properties, former: properties })).Status,
    'SUCCESS',
  )
  assert.equal(
    (await region.send(TYPE, { kind: 'delete', id: answer.PhysicalResourceId, properties })).Status,
    'SUCCESS',
  )
  assert.deepEqual(rulesOf(region, group), [])
})

test("[C-1] a group that is not a VPC's default is refused and left alone", async () => {
  const region = new Region(registered)
  const before = rulesOf(region, MEMBERS_GROUP)
  const answer = await region.send(TYPE, {
    kind: 'create',
    properties: { DefaultSecurityGroupId: MEMBERS_GROUP, Account: '000000000000' },
  })
  assert.equal(answer.Status, 'FAILED')
  assert.match(answer.Reason!, /not default/)
  assert.deepEqual(rulesOf(region, MEMBERS_GROUP), before)
})
