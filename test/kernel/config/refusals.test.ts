import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import { parseConfig } from '#lib/kernel/config/load.ts'
import { ConfigRefused } from '#lib/kernel/config/problem.ts'
import { configData, configText, parseData, problemsOf, TODAY } from '#test/support/config.ts'

test('faults of shape and of rules are told together, each rule on the parts that can be read', () => {
  const data = configData('demo')
  data.desktop.idleMinutes = '15m'
  data.databases[0].service.port = 'postgres'
  data.databases[2].peer = 'gateway'
  data.retention.searchableDays = 10
  data.desktop.maxSessionHours = 13
  data.databases[1].slot = 0
  data.cells.push({ id: 2, cidr: '172.24.0.0/17', projects: 'many' })
  expect(problemsOf(() => parseData(data)).map(({ path }) => path)).toEqual([
    'desktop.idleMinutes',
    'cells[1].projects',
    'databases[0].service.port',
    'databases[2].peer',
    'retention.searchableDays',
    'desktop.maxSessionHours',
    'cells[1].cidr',
    'databases[1].slot',
  ])
})

test('every problem of a file is told at once, in one format and both languages', () => {
  const text = configText('demo').replace('idleMinutes: 15', 'idleMinutes: 99').replace('asn: 65010', 'asn: 64512')
  const refuse = () => parseConfig('demo.yaml', text, TODAY)
  expect(refuse).toThrow(
    new RegExp(
      '^✗ demo\\.yaml: refused, 2 problems\n {2}desktop\\.idleMinutes: found 99\n {4}why: {2}.+ \\(VIS-3\\)\n' +
        ' {4}next: write 15 minutes or less, .+\n {2}databases\\[0\\]\\.peer\\.asn: found 64512\n',
    ),
  )
  assert.throws(refuse, (error: unknown) => {
    assert.ok(error instanceof ConfigRefused)
    expect(error.inWords('ja')).toMatch(
      /^✗ demo\.yaml：受け付けられません（問題 2 件）\n {2}desktop\.idleMinutes：99と記載されています。\n {4}理由：.+（VIS-3）\n/,
    )
    return true
  })
})
