import { spawnSync } from 'node:child_process'
import { root } from '../tools/folders.ts'

export const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!

export const rounded = (value: number, digits = 2) => Math.round(value * 10 ** digits) / 10 ** digits

/** Wall-clock milliseconds of one run of a Node script; throws with its output where it fails. */
export function timed(args: readonly string[], env: NodeJS.ProcessEnv = {}): number {
  const started = performance.now()
  const { status, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env },
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`${args.join(' ')} failed:\n${stderr}`)
  return performance.now() - started
}

/** Medians of several candidates, measured in turns, so that what else the machine does falls on all alike. */
export function inTurns(rounds: number, candidates: Readonly<Record<string, () => number>>): Record<string, number> {
  const times: Record<string, number[]> = Object.fromEntries(Object.keys(candidates).map((name) => [name, []]))
  for (let round = 0; round < rounds; round += 1)
    for (const [name, run] of Object.entries(candidates)) times[name]!.push(run())
  return Object.fromEntries(Object.entries(times).map(([name, values]) => [name, median(values)]))
}
