import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { loadConfig } from '../lib/config/load.ts'
import { ConfigRefused } from '../lib/config/problem.ts'
import { Obstacle, say } from './launcher/console.ts'
import { startLocalAws } from './launcher/local-aws.ts'
import { root } from './launcher/run.ts'
import { tellStory } from './story/story.ts'

/**
 * `npm start`: the platform synthesized, deployed with the CDK CLI to a local AWS, and one research project taken through it.
 * Keeps running until stopped; `-- --once` ends after the story: 0, or 1 with the step that failed; 2 when the machine lacks something.
 */
const once = process.argv.includes('--once')
const unknown = process.argv.slice(2).filter((argument) => argument !== '--once')

async function main(): Promise<number> {
  if (unknown.length > 0) throw new Obstacle(`unknown option ${unknown.join(' ')}`, 'npm start knows only --once', 'npm start, or npm start -- --once')
  const config = loadConfig(join(root, 'config', 'demo.yaml'), new Date())
  const form = parse(readFileSync(join(root, 'config', 'applications', 'demo.yaml'), 'utf8'))
  say('Renkei 連携 — the demonstration environment on a local AWS (nothing leaves this machine)\n')
  const local = await startLocalAws(config)
  const report = await tellStory(local, form)
  if (once || !report.ok) return report.ok ? 0 : 1
  say(`  The local AWS keeps running: ${local.endpoints.emulator} (emulator), ${local.endpoints.simulator} (simulator).`)
  say('  In another window: npx renkei status · npx renkei project list · npx renkei desktop list')
  say('  Ctrl-C stops it.')
  await new Promise<void>((resolve) => { for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve()) })
  return 0
}

try {
  process.exit(await main())
} catch (error) {
  if (error instanceof ConfigRefused) say(`\n${error.message}`)
  else if (error instanceof Obstacle) say(`\n✗ ${error.message}\n  why:  ${error.why}\n  next: ${error.next}`)
  else say(`\n✗ ${(error as Error).message}`)
  process.exit(error instanceof ConfigRefused || error instanceof Obstacle ? 2 : 1)
}
