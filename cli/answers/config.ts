import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { localised, type Language } from '#domain/kernel/refusal.ts'
import { loadConfig, type Config } from '#lib/kernel/config/load.ts'
import { ConfigRefused } from '#lib/kernel/config/problem.ts'
import { answer } from '../output.ts'

interface ValidateOptions {
  readonly json: boolean
  readonly lang: Language
}

/** `renkei config validate <file or environment>`: exit code 2 and every problem where it is refused. */
export function validateConfig(name: string, { json, lang }: ValidateOptions): void {
  const environment = join(import.meta.dirname, '..', '..', 'config', `${name}.yaml`)
  const file = !/[./\\]/.test(name) && (existsSync(environment) || !existsSync(name)) ? environment : name
  try {
    const config = loadConfig(file, new Date())
    answer({ file, ok: true, problems: [] }, json, () => `${file}${acceptedInWords(config)[lang]}`)
  } catch (error) {
    if (!(error instanceof ConfigRefused) || !json) throw error
    answer({ file, ok: false, problems: error.problems.map((each) => localised(each, lang)) }, true, () => '')
    process.exitCode = 2
  }
}

const acceptedInWords = ({ environment, databases, cells }: Config) => ({
  en:
    `: accepted (${environment}, ${databases.length} databases, ` +
    `${cells.length} ${cells.length === 1 ? 'cell' : 'cells'})`,
  ja: `：受け付けました（環境 ${environment}、DB ${databases.length} 件、セル ${cells.length} 個）`,
})
