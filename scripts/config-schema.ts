import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { formSchemaText } from '#domain/application/form-schema.ts'
import { jsonSchema } from '#lib/kernel/config/json-schema.ts'

const root = join(import.meta.dirname, '..')

/** `npm run schema`: writes the schemas that editors read anew; tests keep both in step. */
writeFileSync(join(root, 'config', 'schema.json'), jsonSchema())
writeFileSync(join(root, 'policies', 'application', 'form.schema.json'), formSchemaText())
