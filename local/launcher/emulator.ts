import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Obstacle } from '#domain/kernel/obstacle.ts'
import { tail } from '#scripts/tools/console.ts'
import { root } from '#scripts/tools/folders.ts'
import { pythonProgram } from '#scripts/tools/python.ts'
import { withLocalAws } from './environment.ts'
import { endGroup } from './lock.ts'

export interface EmulatorOptions {
  readonly port: number
  readonly region: string
  /** where it writes: `emulator.log`, and a folder `emulator` that goes with it */
  readonly folder: string
  /** the variables of `localEnvironment`, for its functions; more where they need it */
  readonly environment: Readonly<Record<string, string>>
  /** told of the process before it answers, so that a later start can end it should this one be killed */
  readonly started?: (pid: number) => void
}

/** A running emulator. */
export interface Emulator {
  readonly endpoint: string
  stop(): Promise<void>
}

/** The address of an emulator on this port. */
export const emulatorEndpoint = (port: number) => `http://127.0.0.1:${port}`

/** How long an emulator may take until it answers, in milliseconds. */
const STARTING = 60_000

/** Starts an emulator and waits until it answers. Its state is in memory: every start begins with an empty account. */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const logFile = join(options.folder, 'emulator.log')
  const scratch = join(options.folder, 'emulator')
  rmSync(scratch, { recursive: true, force: true })
  mkdirSync(scratch, { recursive: true })
  // its workers are CommonJS; the checkout's own package.json must not make them modules
  writeFileSync(join(scratch, 'package.json'), '{"type":"commonjs"}\n')
  const log = openSync(logFile, 'w')
  const child = spawn(pythonProgram('ministack'), [], {
    cwd: options.folder,
    stdio: ['ignore', log, log],
    // a group of its own: the functions it starts end with it
    detached: true,
    env: emulatorEnvironment(options, scratch),
  })
  closeSync(log)
  let fault = ''
  child.once('error', (error) => {
    fault = error.message
  })
  const end = () => {
    if (child.pid) endGroup(child.pid)
    rmSync(scratch, { recursive: true, force: true, maxRetries: 3 })
  }
  if (child.pid) {
    process.on('exit', end)
    options.started?.(child.pid)
  }
  const endpoint = emulatorEndpoint(options.port)
  if (await answers(child, endpoint)) return { endpoint, stop: () => stop(child, end) }
  throw new Obstacle({
    code: 'launcher.emulator',
    what: 'the emulator did not start',
    why: tail(readFileSync(logFile, 'utf8'), 6) || fault || 'it did not answer within a minute',
    next: `read ${logFile}; if its virtual environment is damaged, delete .renkei and run the command again`,
  })
}

/** What the emulator and the functions it starts find in their environment. */
function emulatorEnvironment({ port, region, environment }: EmulatorOptions, scratch: string): NodeJS.ProcessEnv {
  return {
    ...withLocalAws(process.env, environment),
    // functions run on the project's own Node 24 and load the real SDK, not the emulator's stand-ins
    PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}`,
    NODE_PATH: join(root, 'node_modules'),
    GATEWAY_PORT: String(port),
    BIND_HOST: '127.0.0.1',
    MINISTACK_HOST: '127.0.0.1',
    MINISTACK_REGION: region,
    IOT_MTLS_ENABLED: '0',
    // unpacked functions and token keys: nothing of it is left in the machine's temporary folder
    TMPDIR: scratch,
    STATE_DIR: scratch,
    S3_DATA_DIR: scratch,
    LOG_LEVEL: 'WARNING',
  }
}

/** Whether the emulator comes to answer; not so where its process ends before. */
async function answers(child: ChildProcess, endpoint: string): Promise<boolean> {
  const running = () => child.pid !== undefined && child.exitCode === null && child.signalCode === null
  for (let waited = 0; waited < STARTING && running(); waited += 200) {
    const answer = await fetch(`${endpoint}/_ministack/health`).catch(() => undefined)
    if (answer?.ok) return true
    await sleep(200)
  }
  return false
}

async function stop(child: ChildProcess, end: () => void): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
  })
  end()
  process.removeListener('exit', end)
  if (child.exitCode === null && child.signalCode === null) await ended
}
