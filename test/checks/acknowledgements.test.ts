import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { judge, loadAcknowledgements, type Acknowledgement } from '#checks/acknowledgements.ts'
import type { Finding } from '#checks/finding.ts'
import { loadConfig } from '#lib/kernel/config/load.ts'
import { Obstacle } from '#domain/kernel/obstacle.ts'
import { expectThat } from '../support/expect.ts'

const root = join(import.meta.dirname, '..', '..')
const today = '2026-11-22'
const config = loadConfig(join(root, 'config', 'demo.yaml'), new Date(today))

const finding: Finding = {
  check: 'nag',
  rule: 'AwsSolutions-S1',
  severity: 'error',
  path: 'link-NDB/Logs/Resource',
  what: 'no access log',
  next: 'write one',
}
const acknowledgement: Acknowledgement = {
  path: 'link-<DB>/Logs/Resource',
  rule: 'AwsSolutions-S1',
  reason: 'This bucket receives the access logs of the others and cannot log to itself.',
  owner: 'network-engineering',
  secondOwner: 'security-review',
  expires: '2027-03-31',
  requirement: 'LOG-1',
}
const faults = (changes: Partial<Acknowledgement>, findings = [finding]) =>
  judge(findings, [{ ...acknowledgement, ...changes }], config, today).open.map(({ rule }) => rule)

test("[C-8] an acknowledgement takes away the finding it names, for every database's stack, and nothing else", () => {
  const other = { ...finding, path: 'link-NDB/Other/Resource' }
  const elsewhere = { ...finding, path: 'link-DPC/Logs/Resource' }
  const { open, acknowledged } = judge([finding, other, elsewhere], [acknowledgement], config, today)
  expect(open).toEqual([other])
  expect(acknowledged.map((one) => one.finding)).toEqual([finding, elsewhere])
})

test('[C-8] an acknowledgement that matches nothing is an error', () => {
  expect(faults({}, [])).toEqual(['unmatched'])
  expect(faults({ rule: 'AwsSolutions-S10' })).toEqual(['AwsSolutions-S1', 'unmatched'])
  expect(faults({ path: 'link-<DB>/Logs' })).toEqual(['AwsSolutions-S1', 'unmatched'])
})

test('[C-8] an acknowledgement that has expired, or stands for more than a year, is an error', () => {
  expect(faults({ expires: today })).toEqual([])
  expect(faults({ expires: '2026-11-21' })).toEqual(['expired'])
  expect(faults({ expires: '2027-11-23' })).toEqual([])
  expect(faults({ expires: '2027-11-24' })).toEqual(['too-long'])
})

test('[C-8] an acknowledgement of another environment neither takes away nor counts as unmatched', () => {
  expect(faults({ environments: ['elsewhere'] })).toEqual(['AwsSolutions-S1'])
  expect(faults({ environments: ['demo'] })).toEqual([])
})

const load = (entry: Record<string, unknown>) => {
  const folder = mkdtempSync(join(tmpdir(), 'renkei-'))
  try {
    const file = join(folder, 'acknowledgements.yaml')
    writeFileSync(file, JSON.stringify([entry]))
    return loadAcknowledgements(file)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test('[C-8] an acknowledgement without reason, expiry or two owners, or with a wildcard, is refused', () => {
  expect(load({ ...acknowledgement }).length).toBe(1)
  const refused: Record<string, Record<string, unknown>> = {
    'no reason': { reason: '' },
    'a word for a reason': { reason: 'accepted' },
    'no expiry': { expires: undefined },
    'no date': { expires: 'never' },
    'no second owner': { secondOwner: undefined },
    'one owner twice': { secondOwner: 'network-engineering' },
    'a wildcard path': { path: 'link-*/Logs' },
    'no requirement': { requirement: undefined },
    'an unknown field': { blanket: true },
  }
  for (const [name, change] of Object.entries(refused))
    expectThat(() => load({ ...acknowledgement, ...change }), name).toThrow(Obstacle)
})

test("[C-8] the platform's own acknowledgements can be read, and each has two different owners", () => {
  for (const { owner, secondOwner } of loadAcknowledgements(join(root, 'policies', 'checks', 'acknowledgements.yaml')))
    expect(owner).not.toBe(secondOwner)
})
