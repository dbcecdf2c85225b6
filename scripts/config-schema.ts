import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { jsonSchema } from '../lib/config/json-schema.ts'

/** `npm run schema`: writes config/schema.json anew; a test keeps it in step. */
writeFileSync(join(import.meta.dirname, '..', 'config', 'schema.json'), jsonSchema())
