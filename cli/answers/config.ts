import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { loadConfig } from '#lib/kernel/config/load.ts'
import { ConfigRefused } from '#lib/kernel/config/problem.ts'
import { answer } from '../output.ts'

/** `renkei config validate <file or environment>`: exit code 2 and every problem where it is refused. */
export function validateConfig(name: string, options: { readonly json: boolean }): void {
  const environment = join(import.meta.dirname, '..', '..', 'config', `${name}.yaml`)
  const file = !/[./\\]/.test(name) && (existsSync(environment) || !existsSync(name)) ? environment : name
  try {
    const config = loadConfig(file, new Date())
    answer(
      { file, ok: true, problems: [] },
      options.json,
      () =>
        `${file}: accepted (${config.environment}, ${config.databases.length} databases, ${config.cells.length} ${config.cells.length === 1 ? 'cell' : 'cells'})`,
    )
  } catch (error) {
    if (!(error instanceof ConfigRefused)) throw error
    if (!options.json) throw error
    answer({ file, ok: false, problems: error.problems }, true, () => '')
    process.exitCode = 2
  }
}
