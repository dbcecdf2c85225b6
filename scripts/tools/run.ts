import { spawn, type ChildProcess } from 'node:child_process'
import { root } from './folders.ts'

export interface Outcome {
  readonly code: number
  readonly output: string
}

const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/**
 * Runs a program to its end, standard output and error together; never throws for a non-zero exit. It does not outlive
 * this process.
 */
export function run(
  command: string,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; onLine?: (line: string) => void } = {},
): Promise<Outcome> {
  return new Promise((done, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    running.add(child)
    let output = ''
    const take = (chunk: Buffer) => {
      output += chunk
      const line = String(chunk).trim().split('\n').at(-1)
      if (line) options.onLine?.(line.slice(0, 100))
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.on('error', (error) => {
      running.delete(child)
      reject(error)
    })
    child.on('close', (code) => {
      running.delete(child)
      done({ code: code ?? 1, output })
    })
  })
}
