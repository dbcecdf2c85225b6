import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import type { Bilingual } from '#domain/kernel/refusal.ts'
import { readableParts } from './parts.ts'
import { ConfigRefused, fileProblem } from './problem.ts'
import { ruleProblems } from './rules.ts'
import { schema, type ConfigInput } from './schema.ts'
import { shapeProblems, unreadablePaths } from './shape.ts'
import { dataOf, textOf } from './yaml.ts'

declare const checked: unique symbol

/** A configuration whose shape and rules hold. Only `parseConfig` makes one. */
export type Config = ConfigInput & { readonly [checked]: true }

/**
 * Reads and checks a configuration file. Throws `ConfigRefused` with every problem found.
 * @param today decides what has lapsed
 */
export function loadConfig(file: string, today: Date): Config {
  let bytes: Uint8Array
  try {
    bytes = readFileSync(file)
  } catch (error) {
    throw unreadable(file, (error as NodeJS.ErrnoException).code)
  }
  return parseConfig(basename(file), textOf(basename(file), bytes), today)
}

/** Checks the text of a configuration file. Throws `ConfigRefused`, never anything else. */
export function parseConfig(file: string, text: string, today: Date): Config {
  const data = dataOf(file, text)
  const parsed = schema.safeParse(data)
  if (parsed.success) {
    const problems = ruleProblems(parsed.data, today)
    if (problems.length > 0) throw new ConfigRefused(file, problems)
    return parsed.data as Config
  }
  // a rule can still be broken by the parts whose shape is right
  const { issues } = parsed.error
  const parts = readableParts(data, unreadablePaths(issues))
  throw new ConfigRefused(file, [...shapeProblems(data, issues), ...(parts ? ruleProblems(parts, today) : [])])
}

function unreadable(file: string, code: string | undefined): ConfigRefused {
  const environments = environmentsBeside(file)
  const why: Readonly<Record<string, Bilingual>> = {
    ENOENT: { en: 'there is no such file', ja: 'そのようなファイルはありません。' },
    EISDIR: { en: 'it is a folder', ja: 'フォルダーです。' },
    EACCES: { en: 'this user may not read it', ja: 'この利用者には読み取る権限がありません。' },
  }
  return new ConfigRefused(file, [
    fileProblem(
      'unreadable',
      { en: 'found no readable file', ja: '読み取れるファイルがありません。' },
      why[code ?? ''] ?? { en: `it cannot be read (${code})`, ja: `読み取れません（${code}）。` },
      environments.length > 0
        ? {
            en: `name one of the environments here: ${environments.join(', ')}`,
            ja: `ここにある環境のいずれかを指定してください：${environments.join('、')}`,
          }
        : {
            en: 'name a file of the folder config/, e.g. config/demo.yaml',
            ja: 'フォルダー config/ のファイルを指定してください（例：config/demo.yaml）。',
          },
    ),
  ])
}

/** The environments of the folder in which a file was looked for. */
function environmentsBeside(file: string): string[] {
  try {
    return readdirSync(dirname(file)).flatMap((name) => /^([a-z][a-z0-9-]{0,39})\.yaml$/.exec(name)?.[1] ?? [])
  } catch {
    return []
  }
}
