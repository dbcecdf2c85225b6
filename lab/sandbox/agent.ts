import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { createInterface } from 'node:readline'
import type { Sandbox } from './sandbox.ts'

export interface Probe {
  readonly protocol: 'tcp' | 'udp'
  readonly address: string
  readonly port: number
}

/** A process on a machine of the lab that answers on ports and tries others. */
export class Agent {
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, (answers: string[]) => void>()
  #next = 0

  private constructor(child: ChildProcess) {
    this.#child = child
  }

  static start(sandbox: Sandbox, machine: string, tcp: readonly number[], udp: readonly number[]): Promise<Agent> {
    const child = sandbox.start(
      [process.execPath, fileURLToPath(new URL('./agent.mjs', import.meta.url)), machine, tcp.join(','), udp.join(',')],
      { namespace: machine },
      'pipe',
    )
    const agent = new Agent(child)
    child.stdin!.on('error', () => undefined)
    return new Promise((resolve, reject) => {
      let complaint = ''
      child.stderr!.on('data', (data: Buffer) => {
        complaint += data.toString()
      })
      child.once('exit', () => reject(new Error(`the agent on ${machine} ended: ${complaint}`)))
      createInterface({ input: child.stdout! }).on('line', (line) => {
        const message = JSON.parse(line) as { ready?: string; id: number; answers: string[] }
        if (message.ready) resolve(agent)
        else agent.#waiting.get(message.id)?.(message.answers)
      })
    })
  }

  /** Tries every probe at once; `open` where a packet came back from the other machine, else what happened instead. */
  try(probes: readonly Probe[], timeout: number): Promise<string[]> {
    const id = this.#next++
    return new Promise((resolve) => {
      this.#waiting.set(id, (answers) => {
        this.#waiting.delete(id)
        resolve(answers)
      })
      this.#child.stdin!.write(`${JSON.stringify({ id, probes: probes.map((probe) => ({ ...probe, timeout })) })}\n`)
    })
  }
}
