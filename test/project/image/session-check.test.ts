import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { afterAll, expect, test } from '@jest/globals'
import { deviations } from './deviations.ts'
import { freshMachine } from './support.ts'
import { expectThat } from '#test/support/expect.ts'

const fresh = freshMachine()
const hardened = fresh.copy()
const first = hardened.harden()
afterAll(() => {
  fresh[Symbol.dispose]()
  hardened[Symbol.dispose]()
})

test('[VIS-2] a machine that was never hardened has no check to let it in', () => {
  expect(fresh.check().status).not.toBe(0)
})

test('[VIS-2] [VIS-3] a hardened machine passes the session check', () => {
  expectThat(first.status, first.output).toBe(0)
  expect(hardened.check()).toEqual({ status: 0, output: '' })
})

test('[VIS-2] hardening a second time changes nothing', () => {
  const tree = () =>
    execFileSync(
      'bash',
      ['-c', 'find . -type f -exec sha256sum {} + | sort; find . -type l -printf "%p %l\\n" | sort'],
      { cwd: hardened.root, encoding: 'utf8' },
    )
  const before = tree()
  const second = hardened.harden()
  expectThat(second.status, second.output).toBe(0)
  expect(second.output).not.toMatch(/^(changed|removed)/m)
  expect(tree()).toBe(before)
})

test('[VIS-2] hardening keeps what is not ours in the files that it edits', () => {
  const wsp = readFileSync(hardened.path('etc/wsp/wsp.conf'), 'utf8')
  expect(wsp).toMatch(/\[logging\]\nclipboard = verbose\nlevel = info/)
  expect(wsp.match(/clipboard = disabled/g)?.length).toBe(1)
  expect(readFileSync(hardened.path('etc/amazon/efs/efs-utils.conf'), 'utf8')).toMatch(/\[cloudwatch-log\]\nregion = x/)
  expect(readFileSync(hardened.path('etc/sudoers'), 'utf8')).toMatch(/^root ALL=\(ALL\) ALL$/m)
})

for (const { what, command, setting, requirement } of deviations) {
  test(`[${requirement}] the session is refused on a desktop with ${what}`, () => {
    using machine = hardened.copy()
    machine.shell(command)
    const { status, output } = machine.check()
    expectThat(status, output).toBe(1)
    expect(output).toMatch(
      new RegExp(`refused: ${setting} \\[[A-Z0-9 -]*${requirement}[A-Z0-9 -]*\\]: .+ is .+, wanted .+`),
    )
    expect(output).toMatch(/no session is given/)
  })
}

test('[VIS-2] hardening repairs every deviation in the files', () => {
  using machine = hardened.copy()
  machine.write('var/packages', readFileSync(machine.path('var/packages'), 'utf8'))
  for (const { command } of deviations) {
    // What the running kernel holds, what is installed and links out of place are for the administrator.
    if (/proc\/|var\/packages|packages\.allow|zz\.conf|ln -s|^rm etc\/dconf|chmod/.test(command)) continue
    machine.shell(`${command} || true`)
  }
  const { status, output } = machine.harden()
  expectThat(status, output).toBe(0)
  expect(machine.check()).toEqual({ status: 0, output: '' })
})
