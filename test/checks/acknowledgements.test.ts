import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { judge, loadAcknowledgements, type Acknowledgement } from '../../lib/checks/acknowledgements.ts'
import type { Finding } from '../../lib/checks/finding.ts'
import { loadConfig } from '../../lib/config/load.ts'
import { Obstacle } from '../../lib/obstacle.ts'

const root = join(import.meta.dirname, '..', '..')
const today = '2026-11-22'
const config = loadConfig(join(root, 'config', 'demo.yaml'), new Date(today))

const finding: Finding = {
  check: 'nag',
  rule: 'AwsSolutions-S1',
  severity: 'error',
  path: 'link-NDB/Logs/Resource',
  message: 'no access log',
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

test('[C-8] an acknowledgement takes away the finding it names, for every stack of a database, and nothing else', () => {
  const other = { ...finding, path: 'link-NDB/Other/Resource' }
  const elsewhere = { ...finding, path: 'link-DPC/Logs/Resource' }
  const { open, acknowledged } = judge([finding, other, elsewhere], [acknowledgement], config, today)
  assert.deepEqual(open, [other])
  assert.deepEqual(
    acknowledged.map((one) => one.finding),
    [finding, elsewhere],
  )
})

test('[C-8] an acknowledgement that matches nothing is an error', () => {
  assert.deepEqual(faults({}, []), ['unmatched'])
  assert.deepEqual(faults({ rule: 'AwsSolutions-S10' }), ['AwsSolutions-S1', 'unmatched'])
  assert.deepEqual(faults({ path: 'link-<DB>/Logs' }), ['AwsSolutions-S1', 'unmatched'])
})

test('[C-8] an acknowledgement that has expired, or stands for more than a year, is an error', () => {
  assert.deepEqual(faults({ expires: today }), [])
  assert.deepEqual(faults({ expires: '2026-11-21' }), ['expired'])
  assert.deepEqual(faults({ expires: '2027-11-23' }), [])
  assert.deepEqual(faults({ expires: '2027-11-24' }), ['too-long'])
})

test('[C-8] an acknowledgement of another environment neither takes away nor counts as unmatched', () => {
  assert.deepEqual(faults({ environments: ['elsewhere'] }), ['AwsSolutions-S1'])
  assert.deepEqual(faults({ environments: ['demo'] }), [])
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

test('[C-8] an acknowledgement without reason, expiry or second owner, with one owner twice or with a wildcard is refused', () => {
  assert.equal(load({ ...acknowledgement }).length, 1)
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
    assert.throws(() => load({ ...acknowledgement, ...change }), Obstacle, name)
})

test("[C-8] the platform's own acknowledgements can be read, and each has two different owners", () => {
  for (const { owner, secondOwner } of loadAcknowledgements(join(root, 'policies', 'acknowledgements.yaml')))
    assert.notEqual(owner, secondOwner)
})
