import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import { MEMBERS_GROUP, Region, registered } from '../provider/support.ts'
import { expectThat } from '#test/support/expect.ts'

const TYPE = 'Custom::VpcRestrictDefaultSG'
const rulesOf = (region: Region, group: string) =>
  region.simulator.world.ec2.rules.all().filter(({ GroupId }) => GroupId === group)
const defaultGroup = (region: Region) =>
  region.simulator.world.ec2.groups.all().find(({ GroupName }) => GroupName === 'default')!.GroupId

test('[C-1] the default group of a VPC is emptied both ways, and stays empty when its resource goes', async () => {
  const region = new Region()
  const group = defaultGroup(region)
  const properties = { DefaultSecurityGroupId: group, Account: '000000000000' }
  assert.ok(
    rulesOf(region, group).some(({ IsEgress }) => IsEgress) && rulesOf(region, group).some(({ IsEgress }) => !IsEgress),
    'as AWS makes it, it admits its members and lets everything out',
  )
  const answer = await region.send(TYPE, { kind: 'create', properties })
  expectThat(answer.Status, answer.Reason).toBe('SUCCESS')
  expect(rulesOf(region, group)).toEqual([])
  expect(
    (await region.send(TYPE, { kind: 'update', id: answer.PhysicalResourceId, properties, former: properties })).Status,
  ).toBe('SUCCESS')
  expect((await region.send(TYPE, { kind: 'delete', id: answer.PhysicalResourceId, properties })).Status).toBe(
    'SUCCESS',
  )
  expect(rulesOf(region, group)).toEqual([])
})

test("[C-1] a group that is not a VPC's default is refused and left alone", async () => {
  const region = new Region(registered)
  const before = rulesOf(region, MEMBERS_GROUP)
  const answer = await region.send(TYPE, {
    kind: 'create',
    properties: { DefaultSecurityGroupId: MEMBERS_GROUP, Account: '000000000000' },
  })
  expect(answer.Status).toBe('FAILED')
  expect(answer.Reason!).toMatch(/not default/)
  expect(rulesOf(region, MEMBERS_GROUP)).toEqual(before)
})
