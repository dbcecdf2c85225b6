import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { parseConfig, type Config } from '#lib/kernel/config/load.ts'
import { ConfigRefused, type Problem } from '#lib/kernel/config/problem.ts'

const folder = join(import.meta.dirname, '..', '..', 'config')
/** The day on which the tests read configurations, so that no accreditation lapses under them. */
export const TODAY = new Date('2026-11-22T00:00:00Z')

export const configText = (name: 'demo' | 'example-production') => readFileSync(join(folder, `${name}.yaml`), 'utf8')

/** A configuration as plain data, to be changed by a test. */
export const configData = (name: 'demo' | 'example-production'): any => parse(configText(name))

export const parseData = (data: unknown, today = TODAY): Config =>
  parseConfig('test.yaml', stringify(data, { aliasDuplicateObjects: false }), today)

/** A valid configuration with changes. */
export function demoConfig(change: (data: any) => void = () => {}): Config {
  const data = configData('demo')
  change(data)
  return parseData(data)
}

export const productionConfig = () => parseData(configData('example-production'))

/** The problems for which a configuration is refused; empty where it is accepted. */
export function problemsOf(work: () => unknown): readonly Problem[] {
  try {
    work()
    return []
  } catch (error) {
    if (error instanceof ConfigRefused) return error.problems
    throw error
  }
}
