import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parseDocument } from 'yaml'
import { Obstacle } from '#domain/kernel/obstacle.ts'
import type { Bilingual } from '#domain/kernel/refusal.ts'
import { quoted } from './output.ts'

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

/**
 * The content of a YAML or JSON file in UTF-8; `-` is standard input.
 * @throws Obstacle that says which of these it is not, and where it breaks
 */
export function readYaml(file: string): unknown {
  const bytes = attemptToRead(file)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw unreadable(file, {
      en: 'its letters are not UTF-8 (Shift_JIS or UTF-16, for example)',
      ja: '文字コードがUTF-8ではありません（Shift_JIS、UTF-16など）。',
    })
  }
  const document = parseDocument(text)
  const [error] = document.errors
  if (error !== undefined) {
    const { line = 0, col = 0 } = error.linePos?.[0] ?? {}
    const several = error.code === 'MULTIPLE_DOCS'
    throw unreadable(file, {
      en: several ? 'it holds several documents' : `line ${line}, column ${col} is no YAML`,
      ja: several ? '複数の文書が含まれています。' : `${line}行${col}桁がYAMLの形式ではありません。`,
    })
  }
  try {
    return document.toJS({ maxAliasCount: 100 }) as unknown
  } catch {
    throw unreadable(file, { en: 'it repeats parts of itself too often', ja: '参照（エイリアス）が多すぎます。' })
  }
}

function attemptToRead(file: string): Buffer {
  try {
    return readFileSync(file === '-' ? 0 : file)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') throw unreadable(file, { en: 'there is no such file', ja: 'そのファイルはありません。' })
    if (code === 'EISDIR') throw unreadable(file, { en: 'it is a folder', ja: 'フォルダーです。' })
    throw unreadable(file, { en: `the machine refuses it (${code})`, ja: `読み取りが拒否されました（${code}）。` })
  }
}

const unreadable = (file: string, why: Bilingual) =>
  new Obstacle({
    code: 'cli.unreadable-file',
    what: { en: `${quoted(file)} cannot be read`, ja: `${quoted(file)} を読めません。` },
    why,
    next: {
      en: 'name a YAML or JSON file in UTF-8, from the folder you are in; - reads standard input',
      ja: '今いるフォルダーから見た、UTF-8のYAMLまたはJSONファイルを指定してください（- は標準入力）。',
    },
  })
