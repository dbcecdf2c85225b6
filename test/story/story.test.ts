import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { freePort } from '../../local/launcher/lock.ts'
import type { StoryReport } from '../../local/story/report.ts'

const root = join(import.meta.dirname, '..', '..')
const state = mkdtempSync(join(tmpdir(), 'renkei-story-'))
let report: StoryReport
let code: number | null
let output = ''

/** `npm start -- --once` as a newcomer runs it, with a place and ports of its own. */
before(async () => {
  const port = await freePort()
  const child = spawn(process.execPath, ['local/start.ts', '--once'], { cwd: root, env: { ...process.env, RENKEI_STATE: state, RENKEI_PORT: String(port), NODE_TEST_CONTEXT: undefined } })
  child.stdout.on('data', (chunk) => { output += chunk })
  child.stderr.on('data', (chunk) => { output += chunk })
  code = await new Promise((resolve) => { child.on('exit', resolve) })
  report = JSON.parse(readFileSync(join(state, 'reports', 'story.json'), 'utf8'))
}, { timeout: 400_000 })

after(() => rmSync(state, { recursive: true, force: true }))

test('the story ends well, and says so with exit code 0', () => {
  assert.equal(code, 0, output.slice(-3000))
  assert.equal(report.ok, true)
  assert.ok(report.steps.every((step) => step.ok))
})

test('[C-11] [VIS-6] nothing is left over that no event kept', () => {
  assert.deepEqual(report.orphans, [])
})

test('[C-5] [LOG-3] every ledger record is chained, and is in the write-once archive', () => {
  assert.ok(report.ledger.length >= 2)
  for (const row of report.ledger) {
    assert.equal(row.chain, 'intact')
    assert.equal(row.archived, row.records)
    assert.ok(row.records > 5)
  }
})

test('[LOG-3] the locked bucket of the local AWS really refuses to delete a version', () => {
  assert.ok(report.verified.some(({ posture }) => posture === 'refuses to delete a locked version'))
})

test('[AUTH-1] the deployed user pool demands a second factor', () => {
  assert.ok(report.verified.some(({ posture }) => posture === 'a second factor is demanded'))
})

test('[ARC-4] [REV-2] [CON-1] what must be refused on the way was refused', () => {
  for (const id of ['stranger', 'conflict', 'conflicted-review', 'early-decision', 'early-grant']) {
    assert.match(report.steps.find((step) => step.id === id)?.note ?? '', /^refused: /, id)
  }
})

test('[C-6] [VIS-6] the key of an ended project is disabled at once and then awaits deletion', () => {
  assert.match(report.steps.find((step) => step.id === 'period-ends')?.note ?? '', /key is disabled/)
  assert.match(report.steps.find((step) => step.id === 'destroy')?.note ?? '', /key PendingDeletion; 0 security groups; 0 file systems; 0 desktops/)
})
