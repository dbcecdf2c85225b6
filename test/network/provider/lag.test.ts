import { expect, test } from '@jest/globals'
import { DIRECTORY, directory, Region } from './support.ts'
import { expectThat } from '#test/support/expect.ts'

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
    expect((await undisturbed.send(type, { kind: 'create', properties })).Status).toBe('SUCCESS')
    const region = new Region({}, lagging)
    region.settle()
    region.simulator.fault({ kind: 'lostAnswer', operation: first })
    expect((await region.send(type, { kind: 'create', properties })).Status).toBe('FAILED')
    const again = await region.send(type, { kind: 'create', properties })
    expectThat(again.Status, again.Reason).toBe('SUCCESS')
    expect(region.state()).toEqual(undisturbed.state())
  })

  test(`[C-10] ${name}: a rollback that comes before the create can be seen leaves nothing behind`, async () => {
    const region = new Region({}, lagging)
    region.settle()
    const initial = region.state()
    region.simulator.fault({ kind: 'lostAnswer', operation: first })
    await region.send(type, { kind: 'create', properties })
    const rolledBack = await region.send(type, { kind: 'delete', id, properties })
    expectThat(rolledBack.Status, rolledBack.Reason).toBe('SUCCESS')
    region.settle()
    expect(region.state()).toEqual(initial)
  })
}
