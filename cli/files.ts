import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { Obstacle } from '#domain/kernel/obstacle.ts'

/**
 * Makes a folder and those above it where they are missing. One by one: Node's own recursive mkdir never ends where a
 * file system makes no folders (`/proc`).
 * @throws Obstacle where there can be no such folder
 */
export function makeFolder(folder: string): void {
  const missing: string[] = []
  let above = resolve(folder)
  for (; !existsSync(above); above = dirname(above)) missing.unshift(above)
  if (!statSync(above).isDirectory()) throw unwritable(folder, `${above} is a file`, 'folder')
  for (const each of missing) attempt(folder, 'folder', () => mkdirSync(each))
}

/**
 * Writes a file, its folder made where it is missing.
 * @throws Obstacle where it cannot be written
 */
export function writeInFolder(file: string, text: string): void {
  makeFolder(dirname(file))
  if (existsSync(file) && statSync(file).isDirectory()) throw unwritable(file, 'a folder of that name is there', 'file')
  attempt(file, 'file', () => writeFileSync(file, text))
}

function attempt(path: string, kind: 'file' | 'folder', write: () => void): void {
  try {
    write()
  } catch (error) {
    throw unwritable(path, (error as Error).message, kind)
  }
}

const unwritable = (path: string, why: string, kind: 'file' | 'folder') =>
  new Obstacle({
    code: 'cli.unwritable',
    what: `${path} cannot be written`,
    why,
    next: `name another ${kind} with --out`,
  })
