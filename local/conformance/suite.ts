import { randomBytes } from 'node:crypto'
import type { Check, Clients, Context, Fixture, ServiceName } from './context.ts'
import { directoryChecks } from './directory.ts'
import { ec2Checks } from './ec2.ts'
import { firewallChecks } from './firewall.ts'
import { storageChecks } from './storage.ts'
import { workspacesChecks } from './workspaces.ts'

/** Every behaviour that the simulator is held to, and AWS with it. */
export const checks: readonly Check[] = [
  ...ec2Checks,
  ...directoryChecks,
  ...workspacesChecks,
  ...storageChecks,
  ...firewallChecks,
]

export interface Result {
  readonly check: Check
  readonly outcome: 'as documented' | 'otherwise' | 'not run'
  /** why, where it is not as documented */
  readonly reason?: string
}

export interface SuiteOptions {
  readonly clients: Clients
  readonly fixture: Fixture
  readonly pass: (ms: number) => Promise<void>
  readonly only?: readonly ServiceName[]
  readonly report?: (result: Result) => void
}

/** Runs the checks one after the other; each cleans up after itself. */
export async function runSuite({ clients, fixture, pass, only, report }: SuiteOptions): Promise<Result[]> {
  const results: Result[] = []
  for (const check of checks) {
    const result = await runCheck(check, clients, fixture, pass, only)
    results.push(result)
    report?.(result)
  }
  return results
}

async function runCheck(
  check: Check,
  clients: Clients,
  fixture: Fixture,
  pass: SuiteOptions['pass'],
  only: SuiteOptions['only'],
): Promise<Result> {
  if (only && !only.includes(check.service)) return { check, outcome: 'not run', reason: 'not asked for' }
  if (check.service === 'firewall' && !fixture.firewallArn)
    return { check, outcome: 'not run', reason: 'the fixture names no firewall' }
  const undo: (() => Promise<unknown>)[] = []
  const context: Context = {
    ...clients,
    fixture,
    pass,
    unique: (prefix) => `${prefix}-${randomBytes(6).toString('hex')}`,
    cleanUp: (action) => {
      undo.push(action)
    },
  }
  const reasons: string[] = []
  const message = (error: unknown) => (error instanceof Error ? error.message : String(error))
  await check.run(context).catch((error: unknown) => {
    reasons.push(message(error))
  })
  for (const action of undo.toReversed())
    await action().catch((error: unknown) => {
      reasons.push(`cleaning up: ${message(error)}`)
    })
  return reasons.length === 0
    ? { check, outcome: 'as documented' }
    : { check, outcome: 'otherwise', reason: reasons.join('; ') }
}
