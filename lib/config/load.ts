import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { schema, type ConfigInput } from './schema.ts'

export type Config = ConfigInput

/** Reads `config/<environment>.yaml`. */
export function loadConfig(file: string): Config {
  return schema.parse(parse(readFileSync(file, 'utf8')))
}
