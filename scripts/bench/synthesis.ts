import { mkdtempSync, rmSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App } from 'aws-cdk-lib'
import { parse, stringify } from 'yaml'
import { parseConfig, type Config } from '#lib/kernel/config/load.ts'
import { Platform } from '#lib/platform.ts'
import { root } from '../tools/folders.ts'
import { readStacks } from '../tools/templates.ts'
import { cpuMs, cpuMsOf, inTurns, rounded } from './measure.ts'

const context = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8')).context

/** The CDK judges what it synthesized by rules of its own, in WebAssembly: most of the time, in the empty app too. */
const UNJUDGED = { CDK_VALIDATION: 'false' }

/** Whole synthesis as the CDK CLI runs it, against an empty app on the same runtime. */
export function synthesisRatios(rounds: number) {
  const outdir = mkdtempSync(join(tmpdir(), 'renkei-bench-'))
  const folder = (environment: string) => join(outdir, environment || 'empty')
  const synthesis =
    (script: string, env = '', variables: NodeJS.ProcessEnv = {}) =>
    () =>
      cpuMs([script], { CDK_OUTDIR: folder(env), CDK_CONTEXT_JSON: JSON.stringify({ ...context, env }), ...variables })
  try {
    // bundles are made once and kept, as on an engineer's machine
    synthesis('bin/renkei.ts', 'demo')()
    const cpu = inTurns(rounds, {
      empty: synthesis('scripts/bench/empty-app.ts'),
      demo: synthesis('bin/renkei.ts', 'demo'),
      production: synthesis('bin/renkei.ts', 'example-production'),
      emptyUnjudged: synthesis('scripts/bench/empty-app.ts', '', UNJUDGED),
      demoUnjudged: synthesis('bin/renkei.ts', 'demo', UNJUDGED),
      productionUnjudged: synthesis('bin/renkei.ts', 'example-production', UNJUDGED),
    })
    const more = (environment: string) => resourcesIn(folder(environment)) - resourcesIn(folder(''))
    return {
      emptyCpuMs: rounded(cpu.empty, 0),
      demo: {
        cpuMs: rounded(cpu.demo, 0),
        toEmpty: rounded(cpu.demo / cpu.empty),
        goal: 1.5,
        ...aResource(cpu.demo - cpu.empty, cpu.demoUnjudged - cpu.emptyUnjudged, more('demo')),
      },
      production: {
        cpuMs: rounded(cpu.production, 0),
        toEmpty: rounded(cpu.production / cpu.empty),
        goal: 2.5,
        ...aResource(
          cpu.production - cpu.empty,
          cpu.productionUnjudged - cpu.emptyUnjudged,
          more('example-production'),
        ),
      },
    }
  } finally {
    rmSync(outdir, { recursive: true, force: true })
  }
}

/** What one more resource costs, beside the runtime and the library: as it is, and without the CDK's judgement. */
const aResource = (cpu: number, unjudged: number, resources: number) => ({
  resources,
  cpuMsAResource: rounded(cpu / resources),
  cpuMsAResourceUnjudged: rounded(unjudged / resources),
})

/** Resources of all stacks of an assembly. */
const resourcesIn = (assembly: string) =>
  readStacks(assembly).reduce((sum, { resources }) => sum + Object.keys(resources).length, 0)

/** The production example with so many databases. */
function configWith(databases: number): Config {
  const data = parse(readFileSync(join(root, 'config', 'example-production.yaml'), 'utf8'))
  const [first] = data.databases
  data.databases = Array.from({ length: databases }, (_, slot) => ({
    ...first,
    id: `DB${slot}`,
    slot,
    service: { ...first.service, realCidr: `10.30.${slot}.0/28` },
    peer: {
      ...first.peer,
      address: `${['192.0.2', '198.51.100', '203.0.113'][slot % 3]}.${slot + 1}`,
      asn: 64600 + slot,
    },
  }))
  return parseConfig('bench.yaml', stringify(data, { aliasDuplicateObjects: false }), new Date())
}

/** Synthesis of 10, 25 and 50 databases in one process: CPU time a database, and the largest stack. */
export function fiftyDatabases(rounds: number) {
  let largest = { stack: '', resources: 0 }
  const synthesis = (databases: number) => {
    const config = configWith(databases)
    return () =>
      cpuMsOf(() => {
        const app = new App({ context: { ...context, '@aws-cdk/core:validateAgainstDefaultRules': false } })
        new Platform(app, 'Renkei-bench', { config })
        const { stacks } = app.synth().nestedAssemblies[0]!.nestedAssembly
        for (const { displayName, template } of stacks) {
          const resources = Object.keys(template.Resources).length
          if (resources > largest.resources) largest = { stack: displayName, resources }
        }
      })
  }
  synthesis(10)()
  const { ten, twentyFive, fifty } = inTurns(rounds, {
    ten: synthesis(10),
    twentyFive: synthesis(25),
    fifty: synthesis(50),
  })
  return {
    cpuMs: { 10: rounded(ten, 0), 25: rounded(twentyFive, 0), 50: rounded(fifty, 0) },
    /** cost of one more database between 25 and 50 against between 10 and 25: 1 is linear */
    slopeRatio: rounded((fifty - twentyFive) / 25 / ((twentyFive - ten) / 15)),
    largestStack: largest,
    largestGoal: 450,
  }
}
