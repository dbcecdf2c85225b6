import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { commandReference } from '#domain/ledger/command-reference.ts'
import { aggregates } from '#domain/registry.ts'

/**
 * `npm run docs`: writes what documents say of the code from the code itself. A test finds a document that is older
 * than its source.
 */
writeFileSync(join(import.meta.dirname, '..', 'docs', 'api.md'), commandReference(aggregates))
