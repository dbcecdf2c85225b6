import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import type { Obstacle } from '#domain/kernel/obstacle.ts'
import { inLanguage } from '#domain/kernel/refusal.ts'
import { alive, claim, processOf, releaseClaim, type Holder } from '#scripts/tools/claim.ts'
import { chosenPort } from '#local/launcher/lock.ts'
import { start } from '#test/support/checkout.ts'
import { expectThat } from '#test/support/expect.ts'

const folder = mkdtempSync(join(tmpdir(), 'renkei-claim-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const file = join(folder, 'lock')
const root = join(import.meta.dirname, '..', '..', '..')
/** No process has this number: Linux gives none above 4,194,304. */
const NOBODY = 4_194_305

test('a free place is taken, and given back by its holder alone', () => {
  expect(claim(file)).toBe(undefined)
  expect(JSON.parse(readFileSync(file, 'utf8')).pid).toBe(process.pid)
  writeFileSync(file, JSON.stringify({ pid: process.ppid }))
  releaseClaim(file)
  assert.ok(existsSync(file), "another process's claim stays")
  rmSync(file)
})

test('a holder that runs keeps the place', () => {
  writeFileSync(file, JSON.stringify(processOf(process.ppid)))
  expect(claim(file)?.pid).toBe(process.ppid)
  rmSync(file)
})

test('the place of a killed holder is taken, and what it left behind is told', () => {
  for (const holder of [
    { pid: NOBODY, emulator: { pid: 7 } },
    { pid: process.ppid, began: 'another boot', emulator: { pid: 7 } },
  ] as Holder[]) {
    writeFileSync(file, JSON.stringify(holder))
    const left: Holder[] = []
    expect(claim(file, (each) => left.push(each))).toBe(undefined)
    expect(left).toEqual([holder])
    releaseClaim(file)
  }
})

test('a claim that cannot be read, as after a full disk, holds nobody up', () => {
  for (const text of ['', '{', 'null', '{"pid":"x"}', '\0']) {
    writeFileSync(file, text)
    expectThat(claim(file), JSON.stringify(text)).toBe(undefined)
    releaseClaim(file)
  }
})

test('of many that find a killed holder at once, one takes its place', async () => {
  writeFileSync(file, JSON.stringify({ pid: NOBODY }))
  // every process waits for the same moment, says what it got, and lives until all have asked
  const moment = Date.now() + 1_500
  const script = `
    const { claim } = await import(${JSON.stringify(join(root, 'scripts', 'tools', 'claim.ts'))})
    while (Date.now() < ${moment}) {}
    console.log(claim(${JSON.stringify(file)}) ? 'refused' : 'taken')
    setTimeout(() => {}, 1000)`
  const all = Array.from({ length: 6 }, () => start(process.execPath, ['--input-type=module', '-e', script], root))
  await Promise.all(all.map(({ ended }) => ended))
  expect(all.map(({ output }) => output().trim()).sort()).toEqual([
    'refused',
    'refused',
    'refused',
    'refused',
    'refused',
    'taken',
  ])
  expectThat(readdirSync(folder), 'neither the claim nor a help of it is left').toEqual([])
})

test('a process is told apart from a later one of the same number', () => {
  expect(alive(processOf(process.pid))).toBe(true)
  expect(alive({ pid: process.pid, began: '1' })).toBe(!existsSync('/proc/self/stat'))
  expect(alive({ pid: NOBODY })).toBe(false)
})

test('a port is a number for two ports that a user may take; anything else is refused with the way out', () => {
  expect(chosenPort('')).toBe(4566)
  expect(chosenPort('5000')).toBe(5000)
  for (const wanted of [
    '0',
    '80',
    '65535',
    '-1',
    '4566.5',
    '1e4',
    '0x1000',
    'abc',
    ' 5000',
    '99999999999',
    '\u001b[2J',
    '５０００',
  ]) {
    assert.throws(
      () => chosenPort(wanted),
      (error: Obstacle) =>
        error.message.startsWith('RENKEI_PORT="') &&
        !/\p{Cc}/u.test(error.message) &&
        inLanguage(error.refusal.next, 'en').endsWith('npm start'),
      wanted,
    )
  }
})
