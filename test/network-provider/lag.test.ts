import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DIRECTORY, directory, Region } from './cloudformation.ts'

/** Descriptions that are ten seconds behind: what was just made is not seen, what was just taken away still is. */
const lagging = { lags: { workspaces: 10_000, 'directory-service': 10_000 } }

const cases = [
  {
    type: 'Custom::RenkeiWorkspaceDirectory',
    id: `workspace-directory/${DIRECTORY}`,
    first: 'RegisterWorkspaceDirectory',
    properties: directory,
  },
  {
    type: 'Custom::RenkeiDirectoryDataAccess',
    id: `directory-data-access/${DIRECTORY}`,
    first: 'EnableDirectoryDataAccess',
    properties: { DirectoryId: DIRECTORY },
  },
] as const

for (const { type, id, first, properties } of cases) {
  const name = type.replace('Custom::Renkei', '')

  test(`[C-10] ${name}: a create is tried again before the first one can be seen`, async () => {
    const undisturbed = new Region({}, lagging)
    undisturbed.settle()
    assert.equal((await undisturbed.send(type, { kind: 'create', properties })).Status, 'SUCCESS')
    const region = new Region({}, lagging)
    region.settle()
    region.simulator.fault({ kind: 'lostAnswer', operation: first })
    assert.equal((await region.send(type, { kind: 'create', properties })).Status, 'FAILED')
    const again = await region.send(type, { kind: 'create', properties })
    assert.equal(again.Status, 'SUCCESS', again.Reason)
    assert.deepEqual(region.state(), undisturbed.state())
  })

  test(`[C-10] ${name}: a rollback that comes before the create can be seen leaves nothing behind`, async () => {
    const region = new Region({}, lagging)
    region.settle()
    const initial = region.state()
    region.simulator.fault({ kind: 'lostAnswer', operation: first })
    await region.send(type, { kind: 'create', properties })
    const rolledBack = await region.send(type, { kind: 'delete', id, properties })
    assert.equal(rolledBack.Status, 'SUCCESS', rolledBack.Reason)
    region.settle()
    assert.deepEqual(region.state(), initial)
  })
}
