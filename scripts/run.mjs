// `node scripts/run.mjs <file.ts> [arguments]`: installs what is missing, then runs the file. Every npm script goes
// through here.
import { runWithProjectNode } from './prepare.mjs'

const [file, ...args] = process.argv.slice(2)
await runWithProjectNode(file, args)
