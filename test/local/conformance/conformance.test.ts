import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { expect, test } from '@jest/globals'
import { promisify } from 'node:util'
import { simulatorFixture, simulatorSeed } from '#local/conformance/fixture.ts'
import { checks, runSuite, type Result } from '#local/conformance/suite.ts'
import { Simulator, type SimulatorOptions } from '#local/simulator/simulator.ts'
import { clientsOf } from '../simulator/support.ts'
import { expectThat } from '#test/support/expect.ts'

const main = new URL('../../../local/conformance/main.ts', import.meta.url).pathname
const run = (...parameters: string[]) => promisify(execFile)(process.execPath, [main, ...parameters])

async function inProcess(
  options: SimulatorOptions = {},
  prepare = (_: Simulator) => {},
): Promise<{ results: Result[]; simulator: Simulator }> {
  const simulator = new Simulator(options).seed(simulatorSeed)
  prepare(simulator)
  const results = await runSuite({
    clients: clientsOf(simulator),
    fixture: simulatorFixture,
    pass: async (ms) => simulator.advance(ms),
  })
  return { results, simulator }
}

const otherwise = (results: readonly Result[]) =>
  results.filter((result) => result.outcome === 'otherwise').map((result) => `${result.check.name}: ${result.reason}`)

test('the simulator behaves as documented, in process, and the suite leaves nothing behind', async () => {
  const { results, simulator } = await inProcess()
  expect(otherwise(results)).toEqual([])
  expect(results.length).toBe(checks.length)
  simulator.advance(60 * 60_000)
  const { desktops, users, fileSystems, securityGroups } = simulator.snapshot()
  expect([desktops, users, fileSystems]).toEqual([[], [], []])
  expect(securityGroups.map((group) => group.name).toSorted()).toEqual([
    `${simulatorFixture.directoryId}_controllers`,
    `${simulatorFixture.directoryId}_workspacesMembers`,
    'default',
  ])
})

test('the simulator behaves as documented over HTTP, by the command a person runs', async () => {
  const { stdout } = await run()
  expect(stdout).toMatch(new RegExp(`${checks.length} as documented, 0 otherwise, 0 not run`))
})

test('the suite holds where describes lag', async () => {
  const { results } = await inProcess({ lags: { ec2: 5_000, efs: 0, 'directory-service-data': 5_000 } }, (simulator) =>
    simulator.advance(60_000),
  )
  expect(otherwise(results)).toEqual([])
})

test('the suite finds an endpoint that behaves otherwise', async () => {
  const { results } = await inProcess({}, (simulator) => {
    simulator.fault({
      kind: 'refuse',
      operation: 'DisableUser',
      times: 99,
      error: { code: 'AccessDeniedException', message: 'no' },
    })
    simulator.fault({ kind: 'stuck', operation: 'CreateWorkspaces' })
  })
  expectThat(otherwise(results).length, otherwise(results).join('\n')).toBe(3)
})

test('a wrong option is said plainly, with exit code 2', async () => {
  for (const parameters of [['--only', 's3'], ['--endpoint', 'http://127.0.0.1:1'], ['--colour']]) {
    await assert.rejects(
      run(...parameters),
      (error: { code?: number; stderr?: string }) =>
        error.code === 2 && /npm run conformance/.test(error.stderr ?? '') && !/at .*main\.ts/.test(error.stderr ?? ''),
    )
  }
})
