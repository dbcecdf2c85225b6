import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { stateDirectory } from '#scripts/tools/folders.ts'

const file = join(stateDirectory, 'clock-offset')

/**
 * Moves the clock of every function of the local AWS by so many milliseconds from now, so that a period can end.
 * The functions themselves know nothing of it: `shifted-clock.mjs` is preloaded into their processes.
 */
export function moveClock(offsetMs: number): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(`${file}.new`, String(Math.round(offsetMs)))
  renameSync(`${file}.new`, file)
}

/** The options with which the emulator starts a function's Node process. */
export const clockOptions = (): NodeJS.ProcessEnv => ({
  NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, 'shifted-clock.mjs'))}`,
  RENKEI_CLOCK_FILE: file,
})
