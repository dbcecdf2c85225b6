import { expect, test } from '@jest/globals'
import { printCounterexample } from '#proof/network/print.ts'
import { expectThat } from '#test/support/expect.ts'
import { failed } from '../kit.ts'
import { drifts } from './drifts.ts'
import { LiveAccount } from './live-account.ts'

for (const { name, breaks, shows, change } of drifts) {
  test(`[ARC-3] drift in the account is found: ${name}`, async () => {
    const account = await LiveAccount.made()
    await change(account)
    const report = await account.prove()
    const told = report.counterexamples.map(printCounterexample).join('\n')
    expectThat(failed(report), told).toEqual(breaks)
    expect(told).toMatch(shows)
  })
}
