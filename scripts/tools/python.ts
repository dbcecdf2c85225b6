import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { claim, releaseClaim } from './claim.ts'
import { tail } from './console.ts'
import { cacheDirectory, root } from './folders.ts'
import { run } from './run.ts'
import { Obstacle } from '#domain/kernel/obstacle.ts'

const environment = join(cacheDirectory, 'venv')
const requirements = join(root, 'local', 'requirements.txt')
/** In the environment itself, so that it cannot outlive what it speaks of. */
const stamp = join(environment, 'renkei.stamp')
const lock = join(cacheDirectory, 'venv.lock')
const MINIMUM = [3, 11] as const

/** The path of a program installed in the private virtual environment, e.g. `ministack`, `cfn-lint`. */
export const pythonProgram = (name: string) => join(environment, 'bin', name)

/** The first Python on the machine that is new enough; `RENKEI_PYTHON`, where it is set, and no other. */
async function findPython(): Promise<string> {
  const seen: string[] = []
  const named = process.env.RENKEI_PYTHON
  for (const name of named ? [named] : ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python']) {
    const outcome = await run(name, ['-c', 'import sys, venv, ensurepip; print(*sys.version_info[:2])']).catch(
      () => undefined,
    )
    const [major = 0, minor = 0] = outcome?.code === 0 ? outcome.output.trim().split(' ').map(Number) : []
    if (major === MINIMUM[0] && minor >= MINIMUM[1]) return name
    if (outcome && outcome.code !== 127)
      seen.push(
        `${name} ${outcome.code === 0 ? `${major}.${minor}` : `that cannot be used (${tail(outcome.output, 1)})`}`,
      )
  }
  throw new Obstacle({
    code: 'launcher.no-python',
    what: `Python ${MINIMUM.join('.')} or later was not found`,
    why:
      seen.length > 0
        ? `found only ${seen.join(', ')}`
        : named
          ? `RENKEI_PYTHON names ${JSON.stringify(named)}, which cannot be started`
          : 'no python3 is on the PATH',
    next:
      'install Python 3.11 or later with its venv module (Debian: apt install python3 python3-venv), ' +
      'or name it in RENKEI_PYTHON',
  })
}

/** What the environment is of: these requirements, in this place (its programs name it with its whole path). */
const wanted = () => createHash('sha256').update(environment).update(readFileSync(requirements)).digest('hex')

const present = () =>
  existsSync(stamp) &&
  readFileSync(stamp, 'utf8') === wanted() &&
  existsSync(pythonProgram('python')) &&
  existsSync(pythonProgram('ministack'))

/**
 * Makes the private virtual environment with the emulator and cfn-lint, from hash-pinned requirements; once, and again
 * when they change. The stamp is written last, so an interrupted installation is simply made anew; what failed is
 * removed. Waits for another process that is at it.
 */
export async function preparePython(progress: (detail: string) => void): Promise<void> {
  if (present()) return
  mkdirSync(cacheDirectory, { recursive: true })
  for (let holder = claim(lock); holder; holder = claim(lock)) {
    progress(`process ${holder.pid} is installing them`)
    await sleep(500)
  }
  try {
    if (present()) return
    const python = await findPython()
    rmSync(environment, { recursive: true, force: true })
    await install(python, progress)
    writeFileSync(stamp, wanted())
  } catch (error) {
    rmSync(environment, { recursive: true, force: true })
    throw error
  } finally {
    releaseClaim(lock)
  }
}

async function install(python: string, progress: (detail: string) => void): Promise<void> {
  progress('making a virtual environment')
  const made = await run(python, ['-m', 'venv', environment])
  if (made.code !== 0)
    throw new Obstacle({
      code: 'launcher.virtual-environment',
      what: 'the virtual environment could not be made',
      why: tail(made.output, 4),
      next: 'install the venv module of your Python (Debian: apt install python3-venv)',
    })
  progress('installing hash-pinned packages')
  const installed = await run(
    pythonProgram('pip'),
    [
      'install',
      '--quiet',
      '--no-input',
      '--disable-pip-version-check',
      '--retries',
      '2',
      '--require-hashes',
      '--requirement',
      requirements,
    ],
    { onLine: progress },
  )
  if (installed.code !== 0)
    throw new Obstacle({
      code: 'launcher.python-packages',
      what: 'the Python packages could not be installed',
      why: tail(installed.output, 4),
      next: 'check that the Python package index can be reached (`pip download six`), then run the command again',
    })
}
