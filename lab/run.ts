import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sampleGrants } from '#proof/network/grants.ts'
import { loadConfig, type Config } from '#lib/kernel/config/load.ts'
import { kitData } from '#lib/network/gateway-kits/kit.ts'
import { strongswanKit } from '#lib/network/gateway-kits/strongswan.ts'
import { assemblyOf } from '#scripts/tools/assembly.ts'
import { agreement, intentOf, proofOf, type Judgement } from './experiments/agreement.ts'
import { failover } from './experiments/failover.ts'
import { layers } from './experiments/layers.ts'
import { refusals } from './experiments/refusals.ts'
import { revoke } from './experiments/revoke.ts'
import { traffic, WIRE, wireExperiment } from './experiments/traffic.ts'
import { MARKER, seconds, type Experiment } from './experiments/experiment.ts'
import type { TwinTemplate } from './twin/templates.ts'
import { buildTwin, type Twin } from './twin/twin.ts'
import { capture } from './sandbox/capture.ts'
import { unpackedPackages } from './sandbox/packages.ts'
import { missingPrerequisites } from './sandbox/prerequisites.ts'
import { Sandbox } from './sandbox/sandbox.ts'
import { Obstacle, refusalInWords } from '#domain/kernel/obstacle.ts'

const root = join(import.meta.dirname, '..')

export interface LabReport {
  readonly ok: boolean
  /** BGP hold time of AWS's ends, seconds: 30 as AWS has it */
  readonly holdSeconds: number
  readonly experiments: readonly Experiment[]
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
  const [lack, ...more] = missingPrerequisites()
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
  const sandbox = await Sandbox.open(await unpackedPackages(join(root, '.renkei', 'lab')))
  const stopListening = closeOnSignal(sandbox)
  const experiments: Experiment[] = []
  const found = (more: readonly Experiment[]) => {
    experiments.push(...more)
    for (const experiment of more) say(`${experiment.ok ? '✓' : '✗'} ${experiment.title}\n    ${experiment.found}`)
  }
  try {
    const building = performance.now()
    const twin = await buildTwin(sandbox, { config, templates, grants, holdSeconds })
    const buildSeconds = seconds(performance.now() - building)
    say(
      `built in ${buildSeconds} s: ${twin.resources} resources of ${templates.size} templates ` +
        `as ${twin.machines.length} machines, ` +
        `${twin.databases.size} databases behind ${2 * twin.databases.size} IPsec tunnels`,
    )
    const refused = weaken ? Promise.resolve([]) : refusalsOf(twin, config)
    refused.catch(() => undefined)
    const { experiments: queries, terminal } = await traffic(twin)
    found(queries)
    const intent = intentOf(config, grants)
    const named = [...templates].map(([name, template]) => ({ name, template }))
    found(await askEverything(twin, intent, proofOf(named, config, grants)))
    if (!weaken) {
      found(await layers(twin, intent))
      found(await refused)
      found(await revoke(twin))
      found(await failover(twin, holdSeconds))
    }
    return {
      ok: experiments.every(({ ok }) => ok),
      holdSeconds,
      experiments,
      terminal,
      buildSeconds,
      seconds: seconds(performance.now() - started),
    }
  } finally {
    stopListening()
    await sandbox.close()
  }
}

/** Ends the sandbox and this process on a signal, once: Ctrl-C comes from the terminal and from npm. */
function closeOnSignal(sandbox: Sandbox): () => void {
  let leaving = false
  const leave = (signal: NodeJS.Signals) => {
    if (leaving) return
    leaving = true
    void sandbox.close().then(() => process.exit(signal === 'SIGINT' ? 130 : 143))
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, leave)
  return () => {
    for (const signal of signals) process.removeListener(signal, leave)
  }
}

const refusalsOf = ({ sandbox, network }: Twin, config: Config) =>
  refusals(sandbox, {
    connection: network.connections[0]!,
    kit: strongswanKit(kitData(config, config.databases[0]!)),
  })

/** Every question to intent, proof and packets, while the wire is watched. */
async function askEverything(twin: Twin, intent: Judgement, proof: Judgement): Promise<Experiment[]> {
  const wire = await capture(twin.sandbox, 'inet', WIRE)
  const agreed = await agreement(twin, intent, proof)
  const seen = await wire.stop(MARKER)
  const { questions, allowed, refused, disagreements } = agreed
  return [
    {
      id: 'agreement',
      title: 'Intent, proof and packets',
      shows: ['C-1', 'C-2', 'NET-4', 'NET-5', 'ARC-3'],
      ok: disagreements.length === 0 && allowed > 0,
      found: `${questions} questions: ${allowed} flows open, ${refused} refused, ${disagreements.length} disagreements`,
      details: agreed,
    },
    wireExperiment('wire-matrix', 'The wire while everything is tried', seen),
  ]
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
    const failed = report.experiments.filter(({ ok }) => !ok)
    console.log(`\n${report.terminal}`)
    console.log(
      `${report.experiments.length - failed.length} of ${report.experiments.length} experiments as they must be, ` +
        `${report.seconds} s, BGP hold time ${report.holdSeconds} s; all of it in reports/lab.json`,
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
