import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { setTimeout as sleep } from 'node:timers/promises'
import { alive, type Holder } from '#scripts/tools/claim.ts'
import { freePort } from '#scripts/tools/free-port.ts'
import { preparePython } from '#scripts/tools/python.ts'
import { REFUSAL, start, type Running } from '#test/support/checkout.ts'
import { expectThat } from '#test/support/expect.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const state = mkdtempSync(join(tmpdir(), 'renkei-interruption-'))
const started: Running[] = []
let port: number
beforeAll(async () => {
  await preparePython(() => {})
  port = await freePort()
})
afterAll(() => {
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
    expectThat(child.exitCode, output()).toBe(null)
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

test('of two starts one goes on, the next ends what a killed one left, a stopped one leaves nothing', async () => {
  const pair = [npmStart(), npmStart()]
  const refused = await Promise.race(pair.map(async (each) => ({ each, code: await each.ended })))
  expectThat(refused.code, refused.each.output()).toBe(2)
  expect(refused.each.output()).toMatch(REFUSAL)
  expect(refused.each.output()).toMatch(/✗ the local AWS of this checkout is already running/)
  const first = pair.find((each) => each !== refused.each)!
  const orphan = await emulatorOf(first)
  expectThat(holder()?.pid, 'the first holds its place unharmed').toBe(first.child.pid)

  first.child.kill('SIGKILL')
  await first.ended
  expectThat(alive(orphan), 'a killed start cannot end its emulator').toBe(true)

  const next = npmStart()
  const emulator = await emulatorOf(next)
  expect(emulator.pid).not.toBe(orphan.pid)
  expectThat(alive(orphan), 'the next start ended what was left').toBe(false)

  next.child.kill('SIGINT')
  expectThat(await next.ended, next.output()).toBe(130)
  expect(next.output()).toMatch(/✗ stopped by SIGINT before the story's end; nothing is left running/)
  for (let waited = 0; waited < 2_000 && alive(emulator); waited += 50) await sleep(50)
  expect(alive(emulator)).toBe(false)
  for (const left of ['lock', 'running.json', 'emulator']) expectThat(existsSync(join(state, left)), left).toBe(false)
}, 180_000)
