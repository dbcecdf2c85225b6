import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import { configData, parseData, problemsOf } from '#test/support/config.ts'
import { expectWhole } from './support.ts'

/** A value of the wrong shape, and what is to be written instead. */
interface ShapeRow {
  readonly name: string
  readonly change: (data: any) => void
  readonly path: string
  readonly why?: RegExp
  readonly next: RegExp
}

const shapes: readonly ShapeRow[] = [
  {
    name: 'a unit behind a number',
    change: (c) => {
      c.desktop.idleMinutes = '15m'
    },
    path: 'desktop.idleMinutes',
    why: /number without quotes is expected/,
    next: /minutes, a number without unit, e\.g\. 15/,
  },
  {
    name: 'a number in quotes',
    change: (c) => {
      c.network.asn = '64512'
    },
    path: 'network.asn',
    next: /without quotes, e\.g\. 65010/,
  },
  {
    name: 'an account id without quotes',
    change: (c) => {
      c.accounts.workload = 0
    },
    path: 'accounts.workload',
    next: /put the 12 digits of the account in quotes/,
  },
  {
    name: 'a zone name for a zone id',
    change: (c) => {
      c.azIds = ['ap-northeast-1a', 'apne1-az4']
    },
    path: 'azIds[0]',
    next: /availability zone id.+ apne1-az1/,
  },
  {
    name: 'an IPv6 range',
    change: (c) => {
      c.network.hubCidr = 'fd00::/48'
    },
    path: 'network.hubCidr',
    next: /IPv4 range, e\.g\. 172\.24\.0\.0\/16/,
  },
  {
    name: 'an IPv6 gateway',
    change: (c) => {
      c.databases[0].peer.address = '2001:db8::1'
    },
    path: 'databases[0].peer.address',
    next: /IPv4 address, e\.g\. /,
  },
  {
    name: 'more databases than there may be',
    change: (c) => {
      c.databases = Array.from({ length: 200 }, () => c.databases[0])
    },
    path: 'databases',
    why: /at most 100 entries/,
    next: /at most 100 entries/,
  },
  {
    name: 'no database',
    change: (c) => {
      c.databases = []
    },
    path: 'databases',
    next: /at least 1 entry/,
  },
  {
    name: 'a day that the calendar does not have',
    change: (c) => {
      c.databases[2].accreditation.validTo = '2028-02-30'
    },
    path: 'databases[2].accreditation.validTo',
    next: /2028-03-31/,
  },
  {
    name: 'a word for a switch',
    change: (c) => {
      c.production = 'no'
    },
    path: 'production',
    next: /write true or false/,
  },
  {
    name: 'a value that a list of words does not have',
    change: (c) => {
      c.securityServices = 'new'
    },
    path: 'securityServices',
    next: /write "create" or "existing"/,
  },
  {
    name: 'a section that is missing',
    change: (c) => {
      delete c.retention
    },
    path: 'retention',
    why: /required/,
    next: /"searchableDays" and "archiveDays"/,
  },
  {
    name: 'a mistyped key',
    change: (c) => {
      c.alarmMail = c.alarmEmail
      delete c.alarmEmail
    },
    path: '',
    next: /did you mean "alarmEmail"\?/,
  },
]
for (const { name, change, path, why, next } of shapes) {
  test(`refused with unit and example: ${name}`, () => {
    const data = configData('demo')
    change(data)
    const problems = problemsOf(() => parseData(data))
    const problem = problems.find((candidate) => candidate.path === path)
    assert.ok(problem, `expected a problem at ${path}, got ${JSON.stringify(problems)}`)
    if (why) expect(problem.why.en).toMatch(why)
    expect(problem.next.en).toMatch(next)
    for (const each of problems) expectWhole(each)
  })
}
