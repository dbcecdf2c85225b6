import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { loadConfig } from '#lib/kernel/config/load.ts'
import { ConfigRefused } from '#lib/kernel/config/problem.ts'
import { say } from '#scripts/tools/console.ts'
import { startLocalAws } from './launcher/local-aws.ts'
import { root, stateDirectory } from '#scripts/tools/folders.ts'
import { demonstrationPeople, type DemonstrationPerson } from '#scripts/tools/demonstration-people.ts'
import { movedDate } from '#scripts/tools/platform-clock.ts'
import { tellStory } from './story/story.ts'
import { Obstacle, refusalInWords } from '#domain/kernel/obstacle.ts'
import type { Refusal } from '#domain/kernel/refusal.ts'

const usage = `npm start [-- --once]
  Synthesizes the demonstration environment, deploys it to a local AWS and takes one research project through it.
  Keeps running until Ctrl-C; with --once it ends after the story: 0, or 1 with the step that failed.
  Exit code 2: the machine lacks something, or the command is mistaken.
  RENKEI_PORT    first of the two ports on 127.0.0.1 (4566)
  RENKEI_PYTHON  the Python to use, 3.11 or later
  RENKEI_STATE   folder for what this run writes, so that a second one can run beside it
                 (with a RENKEI_PORT of its own)`

/** Exit codes by signal, as shells give them. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const

/**
 * `npm start`: the platform synthesized, deployed with the CDK CLI to a local AWS, and one research project taken
 * through it. Keeps running until stopped; `-- --once` ends after the story: 0, or 1 with the step that failed; 2 when
 * the machine lacks something.
 */
async function main(args: readonly string[]): Promise<number> {
  if (args.some((argument) => argument === '--help' || argument === '-h')) {
    say(usage)
    return 0
  }
  const unknown = args.filter((argument) => argument !== '--once')
  if (unknown.length > 0)
    throw new Obstacle({
      code: 'launcher.unknown-option',
      what: `unknown option ${unknown.map((argument) => JSON.stringify(argument)).join(' ')}`,
      why: 'npm start knows only --once',
      next: 'npm start, or npm start -- --once',
    })
  let told = false
  for (const [signal, code] of Object.entries(SIGNALS)) {
    // without a handler the exit handlers, which end the emulator and release the lock, would not run
    process.on(signal, () => {
      if (!told) say(`\n✗ stopped by ${signal} before the story's end; nothing is left running, npm start begins anew`)
      process.exit(told ? 0 : code)
    })
  }
  const config = loadConfig(join(root, 'config', 'demo.yaml'), new Date())
  const form = applicationForm()
  say('Renkei 連携 — the demonstration environment on a local AWS (nothing leaves this machine)\n')
  const local = await startLocalAws(config)
  const report = await tellStory(local, form)
  if (args.includes('--once') || !report.ok) return report.ok ? 0 : 1
  told = true
  say(
    `  The local AWS keeps running: ${local.endpoints.emulator} (emulator), ${local.endpoints.simulator} (simulator).`,
  )
  const date = movedDate(new Date())
  if (date)
    say(`  The platform believes it is ${date}: the story moved its clock past the end of its period, where it stays.`)
  say('  In another window: ./renkei status · ./renkei project list · ./renkei desktop list')
  say('  As one of its people: ./renkei list applications --as operator-1 · ./renkei do --help')
  say(`  People: ${demonstrationPeople().map(personInWords).join(', ')}`)
  say('  Ctrl-C stops it.')
  return await new Promise<number>(() => {})
}

const personInWords = ({ id, roles }: DemonstrationPerson) => `${id} (${roles.join(', ')})`

/** The application that the story takes through; its period is set by the story. */
function applicationForm(): Record<string, any> {
  const file = join(root, 'config', 'applications', 'demo.yaml')
  try {
    const form = parse(readFileSync(file, 'utf8'))
    if (!Array.isArray(form?.handlers) || !form.applicant?.representative)
      throw new Error('it names no applicant or no handlers')
    return form
  } catch (error) {
    throw new Obstacle({
      code: 'launcher.demo-application',
      what: 'the demonstration application cannot be read',
      why: `${file}: ${(error as Error).message.split('\n')[0]}`,
      next: 'git checkout config/applications/demo.yaml, or correct it',
    })
  }
}

/** What a step of the start failed by: its first line says which, the others what its program said. */
function startRefusal({ message }: Error): Refusal<string> {
  const [what = '', ...said] = message.split('\n')
  return {
    code: 'launcher.failed',
    what,
    why: said.join('\n        ') || 'the start cannot go on without it',
    next: `mend what it says, then npm start begins anew; ${join(stateDirectory, 'emulator.log')} has more`,
  }
}

try {
  process.exit(await main(process.argv.slice(2)))
} catch (error) {
  if (error instanceof ConfigRefused) say(`\n${error.message}`)
  else if (error instanceof Obstacle) say(`\n${refusalInWords(error.refusal)}`)
  else say(`\n${refusalInWords(startRefusal(error as Error))}`)
  process.exit(error instanceof ConfigRefused || error instanceof Obstacle ? 2 : 1)
}
