import { z } from 'zod'
import { schema } from './schema.ts'

/** The configuration's shape as JSON Schema text, for editors (`# yaml-language-server: $schema=schema.json`). */
export function jsonSchema(): string {
  return `${JSON.stringify({ ...z.toJSONSchema(schema), title: 'Renkei environment' }, null, 2)}\n`
}
