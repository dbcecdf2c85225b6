import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import { liveNetwork } from '#proof/network/live/network.ts'
import { readModel } from '#proof/network/model/read.ts'
import { printCounterexample } from '#proof/network/print.ts'
import { failed } from '../kit.ts'
import { config, LiveAccount, templates } from './live-account.ts'
import { outline } from './outline.ts'

test('[NET-5] [C-2] an account that the reconciler made is proved from what EC2 shows of it', async () => {
  const account = await LiveAccount.made()
  const report = await account.prove()
  assert.ok(report.ok, report.counterexamples.map(printCounterexample).join('\n'))
  expect(
    report.flows
      .filter(({ to }) => to.kind === 'database')
      .map(({ to }) => ('id' in to ? to.id : ''))
      .sort(),
  ).toEqual(['NDB', 'RWD1'])
})

test('[C-2] the account of the templates has their routes, ACLs, gateway, firewall and tunnels', async () => {
  const account = await LiveAccount.made()
  const model = readModel(templates.stacks, config, { now: '2026-04-01T00:00:00Z', projects: [] })
  const { network } = liveNetwork(model, await account.look(), config, [], '2026-04-01T00:00:00Z')
  expect(outline(network)).toEqual(outline(model.network))
})

test('[VIS-7] [C-2] who is suspended in the ledger only is found, and proved once reconciled', async () => {
  const account = await LiveAccount.made()
  const { rig } = account
  rig.ask({ type: 'SuspendProject', reason: 'incident', personId: 'taro' })
  expect(failed(await account.prove())).toEqual(['grants', 'rest'])
  await rig.settle()
  const report = await account.prove()
  assert.ok(report.ok, report.counterexamples.map(printCounterexample).join('\n'))
})
