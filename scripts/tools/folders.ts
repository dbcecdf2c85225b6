import { join, resolve } from 'node:path'

/** The root of the checkout. */
export const root = join(import.meta.dirname, '..', '..')
/** What is made once and used again: virtual environment, bundles. May be deleted at any time. */
export const cacheDirectory = join(root, '.renkei')
/** What one running local AWS writes. `RENKEI_STATE` gives a second one in the same checkout a place of its own. */
export const stateDirectory = resolve(process.env['RENKEI_STATE'] ?? join(cacheDirectory, 'local'))
/** Where reports go. */
export const reportsDirectory = process.env['RENKEI_STATE'] ? join(stateDirectory, 'reports') : join(root, 'reports')
