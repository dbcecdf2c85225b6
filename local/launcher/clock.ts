import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { writeWhole } from '#scripts/tools/claim.ts'
import { clockFile } from '#scripts/tools/platform-clock.ts'

/**
 * Moves the clock of every function of the local AWS by so many milliseconds from now, so that a period can end. The
 * functions themselves know nothing of it: `shifted-clock.mjs` is preloaded into their processes. While they run it may
 * only go forward: they share a bucket of calls that refills with time, and one dated in the future never would.
 */
export function moveClock(offsetMs: number): void {
  mkdirSync(dirname(clockFile), { recursive: true })
  writeWhole(clockFile, String(Math.round(offsetMs)))
}

/** The options with which the emulator starts a function's Node process. */
export const clockOptions = (): Record<string, string> => ({
  NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, 'shifted-clock.mjs'))}`,
  RENKEI_CLOCK_FILE: clockFile,
})
