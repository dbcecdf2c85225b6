import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../tools/free-port.ts'
import { root } from '../tools/folders.ts'
import { run } from '../tools/run.ts'
import { quantile, rounded } from './measure.ts'

/** What `local/latency.ts` reports: milliseconds of each request, and the seconds of each phase of the start. */
interface Report {
  readonly phases: readonly { readonly phase: string; readonly seconds: number }[]
  readonly requests: Readonly<Record<'command' | 'query', { readonly warm: number[]; readonly cold: number[] }>>
}

/** Up to a second a person waits without their thoughts being interrupted (Nielsen, Usability Engineering, 1993). */
const GOAL_MS = 1_000
/** Requests of each kind that a running function answers. */
const WARM = 200

const felt = (milliseconds: readonly number[]) => ({
  p50: rounded(quantile(milliseconds, 0.5), 0),
  p95: rounded(quantile(milliseconds, 0.95), 0),
})

/**
 * What a person feels at the API of a local AWS of its own: milliseconds until the answer, from a function that runs
 * and from one that has to be started; and what the deployment to it took.
 */
export async function apiLatency(rounds: number) {
  const state = mkdtempSync(join(tmpdir(), 'renkei-bench-'))
  try {
    const outcome = await run(
      process.execPath,
      [join(root, 'local', 'latency.ts'), '--warm', String(WARM), '--cold', String(rounds)],
      { env: { ...process.env, RENKEI_STATE: state, RENKEI_PORT: String(await freePort()) } },
    )
    if (outcome.code !== 0) throw new Error(`the local AWS failed:\n${outcome.output.slice(-2000)}`)
    const { phases, requests }: Report = JSON.parse(readFileSync(join(state, 'reports', 'latency.json'), 'utf8'))
    const { command, query } = requests
    return {
      commandMs: { warm: felt(command.warm), cold: felt(command.cold) },
      queryMs: { warm: felt(query.warm), cold: felt(query.cold) },
      p95GoalMs: GOAL_MS,
      deploySeconds: phases.find(({ phase }) => phase.startsWith('Control plane deployed'))!.seconds,
    }
  } finally {
    rmSync(state, { recursive: true, force: true })
  }
}
