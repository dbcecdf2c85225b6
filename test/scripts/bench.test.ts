import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { growth } from '#scripts/bench/growth.ts'
import { holds, updated, type Item } from '#scripts/bench/growth/expressions.ts'
import { Tables } from '#scripts/bench/growth/tables.ts'
import { cpuMs, inTurns, quantile, slope } from '#scripts/bench/measure.ts'
import { REFUSAL } from '#test/support/checkout.ts'

const bench = (...args: readonly string[]) =>
  spawnSync(process.execPath, [join(import.meta.dirname, '..', '..', 'scripts', 'bench.ts'), ...args], {
    encoding: 'utf8',
    timeout: 60_000,
  })

test('npm run bench explains itself, and measures nothing where it is asked wrongly', () => {
  const help = bench('--help')
  expect([help.status, help.stdout]).toEqual([0, expect.stringMatching(/^npm run bench[^]*\n {4}growth /)])
  for (const args of [
    ['--rounds', '0'],
    ['--rounds'],
    ['--bogus'],
    ['5'],
    ['--only', 'growth,grwoth'],
    ['--only', ''],
  ]) {
    const { status, stdout, stderr } = bench(...args)
    expect([args, status, stdout]).toEqual([args, 2, ''])
    expect(stderr).toMatch(REFUSAL)
  }
})

test('what is measured is CPU time, and the median of runs in turns', () => {
  const busy = (milliseconds: number) =>
    cpuMs(['-e', `const end = process.cpuUsage().user + ${milliseconds}e3; while (process.cpuUsage().user < end);`])
  const idle = cpuMs(['-e', 'setTimeout(() => {}, 200)'])
  expect(busy(200) - idle).toBeGreaterThan(150)
  expect(() => cpuMs(['-e', 'throw new Error("broken")'])).toThrow(/broken/)
  const [order, left, right] = [[] as string[], [5, 1, 3], [40, 20, 30]]
  const taken = (name: string, values: number[]) => () => {
    order.push(name)
    return values.shift()!
  }
  expect(inTurns(3, { left: taken('left', left), right: taken('right', right) })).toEqual({ left: 3, right: 30 })
  expect(order).toEqual(['left', 'right', 'left', 'right', 'left', 'right'])
  expect([quantile([4, 1, 3, 2], 0.5), quantile([4, 1, 3, 2], 0.95)]).toEqual([2, 4])
})

test('a slope is the exponent of growth', () => {
  const of = (cost: (n: number) => number) => slope([100, 1_000, 10_000].map((n) => [n, cost(n)]))
  expect(of(() => 7)).toBeCloseTo(0)
  expect(of((n) => 3 * n)).toBeCloseTo(1)
  expect(of((n) => n * n)).toBeCloseTo(2)
})

test('one operation asks the same of AWS whatever there has been, and a scan grows with the open ones', async () => {
  const measured = await growth(1, [100, 400])
  expect(measured).toHaveLength(8)
  for (const { what, costs, slopes } of measured) {
    const whole = what === 'deadlines of all projects, all open'
    expect([what, slopes.requests <= (whole ? 1 : 0), slopes.bytes <= (whole ? 1.1 : 0.01)]).toEqual([what, true, true])
    for (const { requests, bytes } of Object.values(costs))
      expect([what, requests > 0, bytes > 0]).toEqual([what, true, true])
  }
  const scan = measured.find(({ what }) => what === 'deadlines of all projects, all open')!
  expect([scan.costs[100]!.requests, scan.costs[400]!.requests]).toEqual([2, 5])
})

test('the counted DynamoDB keeps conditions, pages and order, and takes no expression it does not know', () => {
  const tables = new Tables()
  const ask = (operation: string, input: object) => JSON.parse(tables.answer(operation, input as never))
  const itemOf = (id: string, version: number) => ({ view: { S: 'v' }, id: { S: id }, version: { N: String(version) } })
  const put = (id: string, version: number) =>
    ask('PutItem', {
      TableName: 'view',
      Item: itemOf(id, version),
      ConditionExpression: 'attribute_not_exists(#id) OR #version < :version',
      ExpressionAttributeNames: { '#id': 'id', '#version': 'version' },
      ExpressionAttributeValues: { ':version': { N: String(version) } },
    })
  for (const id of ['c', 'a', 'b']) put(id, 2)
  expect(() => put('a', 2)).toThrow('ConditionalCheckFailedException')
  put('a', 3)
  expect(ask('GetItem', { TableName: 'view', Key: itemOf('a', 0) })).toEqual({ Item: itemOf('a', 3) })
  const query = (more: object) =>
    ask('Query', {
      TableName: 'view',
      KeyConditionExpression: '#view = :view',
      ExpressionAttributeNames: { '#view': 'view' },
      ExpressionAttributeValues: { ':view': { S: 'v' } },
      ...more,
    })
  const ids = ({ Items }: { readonly Items: readonly { readonly id: { readonly S: string } }[] }) =>
    Items.map(({ id }) => id.S)
  const first = query({ Limit: 2 })
  expect([ids(first), ids(query({ ExclusiveStartKey: first.LastEvaluatedKey }))]).toEqual([['a', 'b'], ['c']])
  const last = query({ Limit: 1, ScanIndexForward: false })
  expect([ids(last), ids(query({ ExclusiveStartKey: last.LastEvaluatedKey, ScanIndexForward: false }))]).toEqual([
    ['c'],
    ['b', 'a'],
  ])
  const twice = { Put: { TableName: 'view', Item: itemOf('a', 9), ConditionExpression: 'attribute_not_exists(#id)' } }
  const names = { ExpressionAttributeNames: { '#id': 'id' } }
  const fresh = { Put: { TableName: 'view', Item: itemOf('d', 1) } }
  expect(() => ask('TransactWriteItems', { TransactItems: [fresh, { Put: { ...twice.Put, ...names } }] })).toThrow(
    'TransactionCanceledException',
  )
  expect(ids(query({}))).toEqual(['a', 'b', 'c'])
  expect(() => holds('size(#a) > :b', {}, undefined)).toThrow('does not know size(#a) > :b')
  const end = { ExpressionAttributeNames: { '#end': 'end' } }
  const values = { ExpressionAttributeValues: { ':now': { N: '40' }, ':one': { N: '1' } } }
  const queue = (item: Item) =>
    updated(
      'SET #end = if_not_exists(#end, :now) + :one, other = :now + :one ADD calls :one',
      { ...values, ...end },
      item,
    )
  expect(queue({})).toEqual({ end: { N: '41' }, other: { N: '41' }, calls: { N: '1' } })
  expect(queue(queue({}))).toEqual({ end: { N: '42' }, other: { N: '41' }, calls: { N: '2' } })
  expect(() => updated('REMOVE #a', {}, {})).toThrow('does not know REMOVE #a')
  expect(() => ask('Scan', {})).toThrow('does not know Scan')
})
