import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { alive, type Holder } from '../../../local/launcher/claim.ts'
import { freePort } from '../../../local/launcher/lock.ts'
import { preparePython } from '../../../local/launcher/python.ts'
import { REFUSAL, start, type Running } from '../../kit/checkout.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const state = mkdtempSync(join(tmpdir(), 'renkei-interruption-'))
const started: Running[] = []
let port: number
before(async () => {
  await preparePython(() => {})
  port = await freePort()
})
after(() => {
  for (const { child } of started) child.kill('SIGKILL')
  const emulator = holder()?.emulator
  if (emulator && alive(emulator)) process.kill(-emulator.pid, 'SIGKILL')
  rmSync(state, { recursive: true, force: true, maxRetries: 3 })
})

const holder = (): Holder | undefined =>
  existsSync(join(state, 'lock')) ? JSON.parse(readFileSync(join(state, 'lock'), 'utf8')) : undefined

function npmStart(): Running {
  const running = start(process.execPath, ['local/start.ts', '--once'], root, {
    RENKEI_STATE: state,
    RENKEI_PORT: String(port),
  })
  started.push(running)
  return running
}

/** Waits until the emulator of this start answers. */
async function emulatorOf({ child, output }: Running) {
  for (let waited = 0; waited < 60_000; waited += 50) {
    assert.equal(child.exitCode, null, output())
    const now = holder()
    const answers =
      now?.pid === child.pid &&
      now?.emulator &&
      (await fetch(`http://127.0.0.1:${port}/_ministack/health`).then(
        ({ ok }) => ok,
        () => false,
      ))
    if (answers) return now.emulator!
    await sleep(50)
  }
  throw new Error(`no emulator:\n${output()}`)
}

test(
  'of two starts at once one goes on, the other gets a clear message; a killed start leaves an emulator, which the next start ends; a stopped one leaves nothing',
  { timeout: 180_000 },
  async () => {
    const pair = [npmStart(), npmStart()]
    const refused = await Promise.race(pair.map(async (each) => ({ each, code: await each.ended })))
    assert.equal(refused.code, 2, refused.each.output())
    assert.match(refused.each.output(), REFUSAL)
    assert.match(refused.each.output(), /✗ the local AWS of this checkout is already running/)
    const first = pair.find((each) => each !== refused.each)!
    const orphan = await emulatorOf(first)
    assert.equal(holder()?.pid, first.child.pid, 'the first holds its place unharmed')

    first.child.kill('SIGKILL')
    await first.ended
    assert.equal(alive(orphan), true, 'a killed start cannot end its emulator')

    const next = npmStart()
    const emulator = await emulatorOf(next)
    assert.notEqual(emulator.pid, orphan.pid)
    assert.equal(alive(orphan), false, 'the next start ended what was left')

    next.child.kill('SIGINT')
    assert.equal(await next.ended, 130, next.output())
    assert.match(next.output(), /✗ stopped by SIGINT before the story's end; nothing is left running/)
    for (let waited = 0; waited < 2_000 && alive(emulator); waited += 50) await sleep(50)
    assert.equal(alive(emulator), false)
    for (const left of ['lock', 'running.json', 'emulator']) assert.equal(existsSync(join(state, left)), false, left)
  },
)
