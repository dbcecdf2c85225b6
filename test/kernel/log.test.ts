import { expect, test } from '@jest/globals'
import { log } from '#lambda/kernel/log.ts'

test('[LOG-2] a log record has every field, in UTC and in Japan time, whatever is missing', () => {
  const lines: string[] = []
  log(
    { actor: 'p-1', role: 'operator', action: 'SuspendProject', object: 'project/P-1', result: 'ok', requestId: 'r-1' },
    { now: () => Date.parse('2026-11-22T20:03:04.005Z') },
    (line) => lines.push(line),
  )
  const record = JSON.parse(lines[0]!)
  expect(Object.keys(record)).toEqual([
    'time',
    'timeJst',
    'actor',
    'role',
    'terminalId',
    'sourceIp',
    'project',
    'dataset',
    'action',
    'object',
    'result',
    'requestId',
    'reason',
  ])
  expect(record.time).toBe('2026-11-22T20:03:04.005Z')
  expect(record.timeJst).toBe('2026-11-23T05:03:04+09:00')
})
