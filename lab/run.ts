import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sampleGrants } from '#proof/network/grants.ts'
import { loadConfig } from '#lib/kernel/config/load.ts'
import { kitData } from '#lib/network/gateway-kits/kit.ts'
import { strongswanKit } from '#lib/network/gateway-kits/strongswan.ts'
import { assemblyOf } from '#scripts/tools/assembly.ts'
import { agreement, intentOf, proofOf } from './trials/agreement.ts'
import { failover } from './trials/failover.ts'
import { layers } from './trials/layers.ts'
import { refusals } from './trials/refusals.ts'
import { revoke } from './trials/revoke.ts'
import { traffic, WIRE, wireTrial } from './trials/traffic.ts'
import { MARKER, seconds, type Trial } from './trials/trial.ts'
import type { TwinTemplate } from './twin/templates.ts'
import { buildTwin } from './twin/twin.ts'
import { capture } from './world/capture.ts'
import { unpackedPackages } from './world/packages.ts'
import { lacks } from './world/prerequisites.ts'
import { World } from './world/world.ts'
import { Obstacle, refusalInWords } from '#domain/kernel/obstacle.ts'

const root = join(import.meta.dirname, '..')

export interface LabReport {
  readonly ok: boolean
  /** BGP hold time of AWS's ends, seconds: 30 as AWS has it */
  readonly holdSeconds: number
  readonly trials: readonly Trial[]
  /** one query as a person sees it */
  readonly terminal: string
  readonly buildSeconds: number
  readonly seconds: number
}

export interface LabOptions {
  /** 30 as AWS has it; 3 where time counts more than likeness */
  readonly holdSeconds: number
  readonly say?: (line: string) => void
  /** changes the templates before they are laid out, to see that the lab notices; then only the questions are asked */
  readonly weaken?: (templates: ReadonlyMap<string, TwinTemplate>) => void
}

/** Runs the whole packet twin of the demonstration environment. Throws `Obstacle` where the machine cannot. */
export async function runLab({ holdSeconds, say = () => undefined, weaken }: LabOptions): Promise<LabReport> {
  const [lack, ...more] = lacks()
  if (lack)
    throw new Obstacle({
      code: 'lab.machine',
      what: 'the packet twin cannot run on this machine',
      why: `it lacks ${[lack, ...more].map(({ what }) => what).join('; ')}`,
      next: lack.next,
    })
  const started = performance.now()
  const config = loadConfig(join(root, 'config', 'demo.yaml'), new Date())
  const grants = sampleGrants(config)
  const assembly = assemblyOf('demo')
  const templates = new Map(assembly.stacks.map((stack) => [stack, structuredClone(assembly.template(stack))]))
  weaken?.(templates)
  const world = await World.open(await unpackedPackages(join(root, '.renkei', 'lab')))
  // Ctrl-C reaches this process more than once: from the terminal, and from npm.
  let leaving = false
  const leave = (signal: NodeJS.Signals) => {
    if (leaving) return
    leaving = true
    void world.close().then(() => process.exit(signal === 'SIGINT' ? 130 : 143))
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, leave)
  const trials: Trial[] = []
  const found = (more: readonly Trial[]) => {
    trials.push(...more)
    for (const trial of more) say(`${trial.ok ? '✓' : '✗'} ${trial.title}\n    ${trial.found}`)
  }
  try {
    const building = performance.now()
    const twin = await buildTwin(world, { config, templates, grants, holdSeconds })
    const buildSeconds = seconds(performance.now() - building)
    say(
      `built in ${buildSeconds} s: ${twin.resources} resources of ${templates.size} templates as ${twin.machines.length} machines, ${twin.databases.size} databases behind ${2 * twin.databases.size} IPsec tunnels`,
    )
    const refused = weaken
      ? Promise.resolve([])
      : refusals(world, {
          connection: twin.network.connections[0]!,
          kit: strongswanKit(kitData(config, config.databases[0]!)),
        })
    refused.catch(() => undefined)
    const { trials: first, terminal } = await traffic(twin)
    found(first)
    const intent = intentOf(config, grants)
    const proof = proofOf(
      [...templates].map(([name, template]) => ({ name, template })),
      config,
      grants,
    )
    const wire = await capture(world, 'inet', WIRE)
    const agreed = await agreement(twin, intent, proof)
    const seen = await wire.stop(MARKER)
    found([
      {
        id: 'agreement',
        title: 'Intent, proof and packets',
        shows: ['C-1', 'C-2', 'NET-4', 'NET-5', 'ARC-3'],
        ok: agreed.disagreements.length === 0 && agreed.allowed > 0,
        found: `${agreed.questions} questions: ${agreed.allowed} flows open, ${agreed.refused} refused, ${agreed.disagreements.length} disagreements`,
        details: agreed,
      },
      wireTrial('wire-matrix', 'The wire while everything is tried', seen),
    ])
    if (!weaken) {
      found(await layers(twin, intent))
      found(await refused)
      found(await revoke(twin))
      found(await failover(twin, holdSeconds))
    }
    return {
      ok: trials.every(({ ok }) => ok),
      holdSeconds,
      trials,
      terminal,
      buildSeconds,
      seconds: seconds(performance.now() - started),
    }
  } finally {
    for (const signal of signals) process.removeListener(signal, leave)
    await world.close()
  }
}

/** BGP hold time where time counts more than likeness to AWS. */
const FAST = 3

/** `npm run lab [-- --fast]`: exit code 0 when everything agrees, 1 when not, 2 where the machine cannot run it. */
async function main(): Promise<number> {
  const given = process.argv.slice(2)
  const fast = given.includes('--fast') || process.env.CI === 'true'
  try {
    const unknown = given.filter((argument) => argument !== '--fast')
    if (unknown.length > 0)
      throw new Obstacle({
        code: 'lab.unknown-option',
        what: `unknown option ${unknown.map((argument) => JSON.stringify(argument)).join(' ')}`,
        why: 'the lab takes --fast only',
        next: 'npm run lab, or npm run lab -- --fast',
      })
    const report = await runLab({ holdSeconds: fast ? FAST : 30, say: (line) => console.log(line) })
    mkdirSync(join(root, 'reports'), { recursive: true })
    writeFileSync(join(root, 'reports', 'lab.json'), `${JSON.stringify(report, null, 2)}\n`)
    const failed = report.trials.filter(({ ok }) => !ok)
    console.log(
      `\n${report.terminal}\n${report.trials.length - failed.length} of ${report.trials.length} trials as they must be, ${report.seconds} s, BGP hold time ${report.holdSeconds} s; all of it in reports/lab.json`,
    )
    for (const { title, details } of failed)
      console.log(`✗ ${title}\n${JSON.stringify(details, null, 2).slice(0, 4000)}`)
    return report.ok ? 0 : 1
  } catch (error) {
    if (!(error instanceof Obstacle)) throw error
    console.error(refusalInWords(error.refusal))
    return 2
  }
}

if (import.meta.main) void main().then((code) => process.exit(code))
