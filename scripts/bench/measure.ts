import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from '../tools/folders.ts'

export const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!

export const rounded = (value: number, digits = 2) => Math.round(value * 10 ** digits) / 10 ** digits

/** The value that so large a part of the values does not exceed, e.g. 0.95. */
export const quantile = (values: readonly number[], part: number) =>
  [...values].sort((a, b) => a - b)[Math.ceil(values.length * part) - 1]!

/** Printed by whoever is preloaded; what a process does after its last line is not counted. */
const PRELOAD = join(import.meta.dirname, 'cpu-time.mjs')

/**
 * Milliseconds of CPU time, user and system, of one run of a Node script with all its threads; throws with its output
 * where it fails. Programs that it starts itself are not counted.
 */
export function cpuMs(args: readonly string[], env: NodeJS.ProcessEnv = {}): number {
  const { status, stderr, output } = spawnSync(process.execPath, ['--import', PRELOAD, ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  if (status !== 0) throw new Error(`${args.join(' ')} failed:\n${stderr}`)
  return microseconds(JSON.parse(output[3]!)) / 1000
}

/** Milliseconds of CPU time of work in this process. */
export function cpuMsOf(work: () => void): number {
  const started = process.cpuUsage()
  work()
  return microseconds(process.cpuUsage(started)) / 1000
}

const microseconds = ({ user, system }: NodeJS.CpuUsage) => user + system

/** Medians of several candidates, measured in turns, so that what else the machine does falls on all alike. */
export function inTurns<Name extends string>(
  rounds: number,
  candidates: Readonly<Record<Name, () => number>>,
): Record<Name, number> {
  const runs = Object.entries<() => number>(candidates)
  const measured = runs.map((): number[] => [])
  for (let round = 0; round < rounds; round += 1)
    for (const [index, [, run]] of runs.entries()) measured[index]!.push(run())
  return Object.fromEntries(runs.map(([name], index) => [name, median(measured[index]!)])) as Record<Name, number>
}

/**
 * The exponent with which y grows with x: the slope of the straight line that lies nearest to the points on two
 * logarithmic axes. 0 is constant, 1 linear, 2 quadratic.
 */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const logarithms = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const)
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [meanX, meanY] = [mean(logarithms.map(([x]) => x)), mean(logarithms.map(([, y]) => y))]
  const covariance = mean(logarithms.map(([x, y]) => (x - meanX) * (y - meanY)))
  return covariance / mean(logarithms.map(([x]) => (x - meanX) ** 2))
}
