import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '..', '..')

const texts = new Map<string, string>()

/** The text of a file of the repository. */
export function read(file: string): string {
  if (!texts.has(file)) texts.set(file, readFileSync(join(root, file), 'utf8'))
  return texts.get(file)!
}

/** What git has, or would take in. Where there is no git (an archive of the repository), the list is empty. */
export const files: readonly string[] = spawnSync(
  'git',
  ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
  { cwd: root, encoding: 'utf8' },
)
  .stdout.split('\0')
  .filter((file) => file !== '' && !file.startsWith('node_modules') && existsSync(join(root, file)))
  .sort()

export const byExtension = (...extensions: readonly string[]): readonly string[] =>
  files.filter((file) => extensions.includes(file.split('.').at(-1)!))
