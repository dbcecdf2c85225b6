import { mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { alive, amendClaim, claim, processOf, type Holder, type Process } from '#scripts/tools/claim.ts'
import { stateDirectory } from '#scripts/tools/folders.ts'
import { Obstacle } from '#domain/kernel/obstacle.ts'

const file = join(stateDirectory, 'lock')

/** Takes the one place a checkout has for a running local AWS; ends an emulator that a killed launcher left behind. */
export async function takeLock(): Promise<void> {
  let orphan: Process | undefined
  let holder: Holder | undefined
  try {
    mkdirSync(stateDirectory, { recursive: true })
    holder = claim(file, ({ emulator }) => {
      orphan = emulator
    })
  } catch (error) {
    throw new Obstacle({
      code: 'launcher.state-folder',
      what: `${stateDirectory} cannot be written`,
      why: (error as Error).message,
      next: 'check the permissions and the free space of that folder, or name another in RENKEI_STATE',
    })
  }
  if (holder) {
    throw new Obstacle({
      code: 'launcher.already-running',
      what: 'the local AWS of this checkout is already running',
      why: `process ${holder.pid} holds ${file}`,
      next: 'use the running one (./renkei status), or stop it with Ctrl-C in its window first',
    })
  }
  if (!orphan || !alive(orphan)) return
  endGroup(orphan.pid)
  for (let waited = 0; waited < 5_000 && alive(orphan); waited += 50) await sleep(50)
}

/** Notes the emulator's process, so that a later start can end it should this one be killed. */
export const noteEmulator = (pid: number) => amendClaim(file, { emulator: processOf(pid) })

/** Ends a process that leads a group, and all it started: the emulator's functions are processes too. */
export function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    /* it has ended */
  }
}

const DEFAULT_PORT = 4566
/** the simulator takes the next one */
const LAST_PORT = 65_534

/** The port of the emulator: `RENKEI_PORT`, or the one that AWS emulators usually take. */
export function chosenPort(wanted = process.env.RENKEI_PORT): number {
  if (wanted === undefined || wanted === '') return DEFAULT_PORT
  const port = Number(wanted)
  if (!/^\d+$/.test(wanted) || port < 1024 || port > LAST_PORT) {
    throw new Obstacle({
      code: 'launcher.no-port',
      what: `RENKEI_PORT=${JSON.stringify(wanted.slice(0, 40))} is no port`,
      why: `it must be a number from 1024 to ${LAST_PORT}; the emulator takes it, the simulator the next one`,
      next: `RENKEI_PORT=${DEFAULT_PORT} npm start`,
    })
  }
  return port
}

/** Refuses a port that somebody else uses. */
export async function requireFreePort(port: number): Promise<void> {
  const another = (port < 60_000 ? port : DEFAULT_PORT) + 100
  await new Promise<void>((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new Obstacle({
          code: 'launcher.port-taken',
          what: `port ${port} on 127.0.0.1 cannot be used`,
          why: error.code === 'EADDRINUSE' ? 'another program listens there' : error.message,
          next: `stop that program, or choose another port: RENKEI_PORT=${another} npm start`,
        }),
      ),
    )
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve()))
  })
}
