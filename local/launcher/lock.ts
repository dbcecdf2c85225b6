import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { Obstacle } from './console.ts'
import { stateDirectory } from './run.ts'

const file = join(stateDirectory, 'lock')

interface Holder {
  readonly pid: number
  /** process group of the emulator, to be ended if its launcher was killed */
  readonly emulator?: number
}

const alive = (pid: number) => {
  try { process.kill(pid, 0); return true } catch { return false }
}

const readHolder = (): Holder | undefined => {
  try { return JSON.parse(readFileSync(file, 'utf8')) } catch { return undefined }
}

/** Takes the one place a checkout has for a running local AWS; ends an emulator that a killed launcher left behind. */
export function takeLock(): void {
  mkdirSync(stateDirectory, { recursive: true })
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      writeFileSync(file, JSON.stringify({ pid: process.pid }), { flag: 'wx' })
      process.on('exit', () => rmSync(file, { force: true }))
      return
    } catch {
      const holder = readHolder()
      if (holder && alive(holder.pid)) {
        throw new Obstacle(
          'the local AWS of this checkout is already running',
          `process ${holder.pid} holds ${file}`,
          'use the running one (npx renkei status), or stop it with Ctrl-C in its window first',
        )
      }
      if (holder?.emulator && alive(holder.emulator)) process.kill(holder.emulator, 'SIGKILL')
      rmSync(file, { force: true })
    }
  }
}

/** Notes the emulator's process, so that a later start can end it should this one be killed. */
export function noteEmulator(pid: number): void {
  writeFileSync(file, JSON.stringify({ pid: process.pid, emulator: pid } satisfies Holder))
}

/** Refuses a port that somebody else uses. */
export async function requireFreePort(port: number, variable: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) => reject(new Obstacle(
      `port ${port} on 127.0.0.1 cannot be used`,
      error.code === 'EADDRINUSE' ? 'another program listens there' : error.message,
      `stop that program, or choose another port: ${variable}=${port + 100} npm start`,
    )))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve()))
  })
}

/** A port nobody uses just now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })
}
