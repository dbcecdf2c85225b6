import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { psql, type DatabaseSession } from './postgres.ts'
import { pause, type Sandbox } from './sandbox.ts'

/**
 * A query load over one open database session: rows 1, 2, 3 … inserted one after another, each only when the one before
 * was confirmed. What was confirmed must be in the table, once.
 */
export class CountingSession {
  readonly #child: ChildProcess
  readonly confirmedAt: number[] = []
  #sent = 0
  #stopped = false
  #end: Promise<void>

  constructor(sandbox: Sandbox, { machine, address, port }: DatabaseSession, table: string) {
    this.#child = sandbox.start(psql({ address, port }, '-v', 'ON_ERROR_STOP=1'), { namespace: machine }, 'pipe')
    this.#child.stdin!.on('error', () => undefined)
    this.#end = new Promise((resolve) => {
      this.#child.once('exit', () => resolve())
    })
    const next = () => {
      this.#child.stdin!.write(`insert into ${table} values (${++this.#sent});\n`)
    }
    createInterface({ input: this.#child.stdout! }).on('line', (line) => {
      if (line !== 'INSERT 0 1') return
      this.confirmedAt.push(performance.now())
      if (!this.#stopped) setTimeout(next, 5)
    })
    next()
  }

  /** Milliseconds since the last confirmation. */
  silence(): number {
    return performance.now() - (this.confirmedAt.at(-1) ?? -Infinity)
  }

  /** The longest time between two confirmations after a moment. */
  longestGap(since: number): number {
    const times = [since, ...this.confirmedAt.filter((at) => at >= since)]
    return Math.max(...times.slice(1).map((at, index) => at - times[index]!))
  }

  /** Stops after the insert that is under way; gives how many were confirmed. */
  async stop(): Promise<number> {
    this.#stopped = true
    await pause(200)
    this.#child.stdin!.end()
    await Promise.race([this.#end, pause(3000)])
    this.#child.kill('SIGKILL')
    return this.confirmedAt.length
  }
}
