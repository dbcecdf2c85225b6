#!/usr/bin/env node
// `npx renkei …`: plain JavaScript, so that it starts on whatever Node the operator has.
import { runWithProjectNode } from '../scripts/prepare.mjs'

await runWithProjectNode('cli/main.ts', process.argv.slice(2), process.cwd())
