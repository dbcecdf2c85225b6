import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

/**
 * `node scripts/run.mjs scripts/tool.ts <program> [arguments]`: a program of node_modules, installed first where it is
 * missing.
 */
const [program = '', ...args] = process.argv.slice(2)
const root = join(import.meta.dirname, '..')
const { status } = spawnSync(join(root, 'node_modules', '.bin', program), args, { cwd: root, stdio: 'inherit' })
process.exitCode = status ?? 1
