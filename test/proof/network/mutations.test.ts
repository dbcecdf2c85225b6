import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import { printCounterexample, printPacket, printTrace } from '#proof/network/print.ts'
import { demoAssembly } from '#test/support/assembly.ts'
import { demoConfig } from '#test/support/config.ts'
import { failed, proofOf, Templates } from './kit.ts'
import { mutations } from './mutations/mutations.ts'
import { expectThat } from '#test/support/expect.ts'

const config = demoConfig()

test('[C-9] there are at least 40 weakenings of the real templates, each told apart by name', () => {
  assert.ok(mutations.length >= 40)
  expect(new Set(mutations.map(({ name }) => name)).size).toBe(mutations.length)
})

for (const { name, change, breaks, shows } of mutations) {
  test(`[ARC-3] weakened: ${name}${breaks.length === 0 ? ' (two layers still hold)' : ''}`, () => {
    const templates = new Templates(demoAssembly())
    change(templates)
    const report = proofOf(templates, config)
    const told = report.counterexamples.map(printCounterexample).join('\n')
    expectThat(failed(report), told).toEqual([...breaks].sort())
    expect(report.ok).toBe(breaks.length === 0)
    if (breaks.length === 0) return
    const found = report.counterexamples.find(
      ({ verdict, from, to, packet, trace, what }) =>
        verdict === shows.verdict &&
        shows.from.test(from) &&
        shows.to.test(to) &&
        (shows.packet === undefined || (packet !== undefined && shows.packet.test(printPacket(packet)))) &&
        (shows.word === undefined || shows.word.test(`${what}\n${printTrace(trace)}`)),
    )
    assert.ok(found, `no counterexample as expected among\n${told}`)
  })
}
