import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { japanDate } from '#domain/kernel/decider.ts'
import { stateDirectory } from './folders.ts'

/** Milliseconds by which the functions of the local AWS are ahead of this machine; they read it at every call. */
export const clockFile = join(stateDirectory, 'clock-offset')

/** The day that the local AWS believes it is (Japan), where its clock was moved to another. */
export function movedDate(now: Date): string | undefined {
  let offset = 0
  try {
    offset = Number(readFileSync(clockFile, 'utf8'))
  } catch {
    /* it was never moved */
  }
  const believed = japanDate(new Date(now.getTime() + offset).toISOString())
  return believed === japanDate(now.toISOString()) ? undefined : believed
}
