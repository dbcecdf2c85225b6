import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import { CreateSecurityGroupCommand, DescribeSecurityGroupsCommand, DescribeVpcsCommand } from '@aws-sdk/client-ec2'
import { CreateWorkspacesCommand, DescribeWorkspacesCommand } from '@aws-sdk/client-workspaces'
import { cell, createDesktop, createUser, desktopRequest, minute, simulated, type Simulated } from './support.ts'
import { expectThat } from '#test/support/expect.ts'

const create = ({ ec2 }: Simulated, GroupName: string) =>
  ec2.send(new CreateSecurityGroupCommand({ GroupName, Description: 'x', VpcId: cell.vpcId }))
const names = ({ simulator }: Simulated) => simulator.snapshot().securityGroups.map((group) => group.name)

test('a lost answer: the client sees a broken connection, the effect is there', async () => {
  const on = simulated()
  on.simulator.fault({ kind: 'lostAnswer', operation: 'CreateSecurityGroup' })
  await expect(create(on, 'p1')).rejects.toThrow(expect.objectContaining({ code: 'ECONNRESET' }))
  assert.ok(names(on).includes('p1'))
  expect(on.simulator.calls.at(-1)?.outcome).toBe('lost')
})

test('a lost request, a throttled one, a 5xx and a refusal: nothing happened', async () => {
  const on = simulated()
  const expected = [
    ['lostRequest', 'TimeoutError'],
    ['throttle', 'RequestLimitExceeded'],
    ['serverError', 'InternalError'],
    ['refuse', 'UnauthorizedOperation'],
  ] as const
  for (const [kind, name] of expected) {
    on.simulator.fault({
      kind,
      operation: 'CreateSecurityGroup',
      error: { code: 'UnauthorizedOperation', message: 'no', status: 403 },
    })
    await expect(create(on, 'p1')).rejects.toThrow(expect.objectContaining({ name }))
    expect(names(on).includes('p1')).toBe(false)
  }
  await create(on, 'p1')
})

test("the SDK's own retry after a lost answer meets what the first attempt made", async () => {
  const on = simulated()
  await createUser(on, 'p1-a')
  on.simulator.fault({ kind: 'lostAnswer', operation: 'CreateWorkspaces' })
  await expect(
    on.workspaces.send(new CreateWorkspacesCommand({ Workspaces: [desktopRequest('p1-a')] })),
  ).rejects.toThrow()
  const { FailedRequests } = await on.workspaces.send(
    new CreateWorkspacesCommand({ Workspaces: [desktopRequest('p1-a')] }),
  )
  expect(FailedRequests?.[0]?.ErrorCode).toBe('ResourceExists.WorkSpace')
})

test('one planned item fails, the others of the batch succeed', async () => {
  const on = simulated()
  for (const name of ['p1-a', 'p1-b', 'p1-c']) await createUser(on, name)
  on.simulator.fault({
    kind: 'itemFailure',
    operation: 'CreateWorkspaces',
    when: (item) => item['UserName'] === 'p1-b',
  })
  const { FailedRequests, PendingRequests } = await on.workspaces.send(
    new CreateWorkspacesCommand({ Workspaces: ['p1-a', 'p1-b', 'p1-c'].map(desktopRequest) }),
  )
  expect([FailedRequests?.length, PendingRequests?.length]).toEqual([1, 2])
})

test('a stuck desktop stays PENDING for ever, others end in ERROR or UNHEALTHY', async () => {
  for (const [kind, state] of [
    ['stuck', 'PENDING'],
    ['failedDesktop', 'ERROR'],
    ['unhealthy', 'UNHEALTHY'],
  ] as const) {
    const on = simulated()
    on.simulator.fault({ kind, operation: 'CreateWorkspaces' })
    const id = await createDesktop(on, 'p1-a')
    on.simulator.advance(24 * 60 * minute)
    expect(
      (await on.workspaces.send(new DescribeWorkspacesCommand({ WorkspaceIds: [id] }))).Workspaces?.[0]?.State,
    ).toBe(state)
  }
})

test('a planned fault can wait for a later call and strike more than once', async () => {
  const on = simulated()
  on.simulator.fault({ kind: 'serverError', operation: 'DescribeVpcs', skip: 1, times: 2 })
  const outcomes: boolean[] = []
  for (let i = 0; i < 4; i++)
    outcomes.push(
      await on.ec2.send(new DescribeVpcsCommand({})).then(
        () => true,
        () => false,
      ),
    )
  expect(outcomes).toEqual([true, false, false, true])
})

test('the same seed gives the same run, another seed another one', async () => {
  const run = async (seed: number) => {
    const on = simulated({ seed, faults: { throttle: 0.2, serverError: 0.1, lostAnswer: 0.2 } })
    for (let i = 0; i < 40; i++) await create(on, `p${i}`).catch(() => {})
    return JSON.stringify([on.simulator.snapshot().securityGroups, on.simulator.calls.map((call) => call.outcome)])
  }
  expect(await run(7)).toBe(await run(7))
  expect(await run(7)).not.toBe(await run(8))
})

test('with a rate of faults, what the clients were told and what exists agree except for lost answers', async () => {
  const on = simulated({ seed: 3, faults: { throttle: 0.1, serverError: 0.1, lostAnswer: 0.1 }, rates: false })
  for (let i = 0; i < 200; i++) await create(on, `p${i}`).catch(() => {})
  const said = (outcome: string) =>
    on.simulator.calls.filter((call) => call.outcome === outcome).map((call) => String(call.input['GroupName']))
  expect(
    names(on)
      .filter((name) => /^p\d+$/.test(name))
      .toSorted(),
  ).toEqual([...said('ok'), ...said('lost')].toSorted())
  assert.ok(said('lost').length > 5 && said('RequestLimitExceeded').length > 5)
})

test('unsteady reads: a describe may go back in time', async () => {
  const on = simulated({
    seed: 5,
    lags: { ec2: 60_000 },
    faults: { unsteadyReads: true },
    latencies: { call: 0 },
    rates: false,
  })
  on.simulator.advance(2 * minute)
  await create(on, 'p1')
  on.simulator.advance(30_000)
  const seen: boolean[] = []
  for (let i = 0; i < 30; i++) {
    const { SecurityGroups } = await on.ec2.send(
      new DescribeSecurityGroupsCommand({ Filters: [{ Name: 'group-name', Values: ['p1'] }] }),
    )
    seen.push(SecurityGroups!.length === 1)
  }
  assert.ok(seen.includes(true) && seen.includes(false))
})

test('a call of the real client costs the same after two thousand as after none, in processor time', async () => {
  const on = simulated({ rates: false })
  const costOf = async (calls: number) => {
    const before = process.cpuUsage()
    for (let i = 0; i < calls; i++) await on.ec2.send(new DescribeVpcsCommand({ VpcIds: [cell.vpcId!] }))
    const { user, system } = process.cpuUsage(before)
    return user + system
  }
  await costOf(200)
  const first = await costOf(500)
  await costOf(1_000)
  expectThat((await costOf(500)) / first, 'what was called before is not looked through').toBeLessThan(3)
})
