import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadRegister, requirementDocument } from '#checks/requirements.ts'
import { commandReference } from '#domain/ledger/command-reference.ts'
import { aggregates } from '#domain/registry.ts'

/**
 * `npm run docs`: writes what documents say of the code from the code itself. A test finds a document that is older
 * than its source.
 */
const root = join(import.meta.dirname, '..')
writeFileSync(join(root, 'docs', 'api.md'), commandReference(aggregates))
writeFileSync(join(root, 'docs', 'requirements.md'), requirementDocument(loadRegister(root)))
