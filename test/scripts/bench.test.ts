import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { REFUSAL } from '#test/support/checkout.ts'

const bench = (...args: readonly string[]) =>
  spawnSync(process.execPath, [join(import.meta.dirname, '..', '..', 'scripts', 'bench.ts'), ...args], {
    encoding: 'utf8',
    timeout: 60_000,
  })

test('npm run bench explains itself, and measures nothing where it is asked wrongly', () => {
  const help = bench('--help')
  expect([help.status, help.stdout]).toEqual([0, expect.stringMatching(/^npm run bench/)])
  for (const args of [['--rounds', '0'], ['--rounds'], ['--bogus'], ['5']]) {
    const { status, stdout, stderr } = bench(...args)
    expect([args, status, stdout]).toEqual([args, 2, ''])
    expect(stderr).toMatch(REFUSAL)
  }
})
