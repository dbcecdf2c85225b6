import { mkdtempSync, rmSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App } from 'aws-cdk-lib'
import { parse, stringify } from 'yaml'
import { parseConfig, type Config } from '#lib/kernel/config/load.ts'
import { Platform } from '#lib/platform.ts'
import { root } from '../tools/folders.ts'
import { inTurns, median, rounded, timed } from './measure.ts'

const context = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8')).context

/** Whole synthesis as the CDK CLI runs it, against an empty app on the same runtime. */
export function synthesisRatios(rounds: number) {
  const outdir = mkdtempSync(join(tmpdir(), 'renkei-bench-'))
  const run =
    (script: string, env = '') =>
    () =>
      timed([script], {
        CDK_OUTDIR: join(outdir, env || 'empty'),
        CDK_CONTEXT_JSON: JSON.stringify({ ...context, env }),
      })
  try {
    // bundles are made once and kept, as on an engineer's machine
    run('bin/renkei.ts', 'demo')()
    const {
      empty = 0,
      demo = 0,
      production = 0,
    } = inTurns(rounds, {
      empty: run('scripts/bench/empty-app.ts'),
      demo: run('bin/renkei.ts', 'demo'),
      production: run('bin/renkei.ts', 'example-production'),
    })
    return {
      emptyMs: rounded(empty, 0),
      demoMs: rounded(demo, 0),
      productionMs: rounded(production, 0),
      demoToEmpty: rounded(demo / empty),
      demoGoal: 1.5,
      productionToEmpty: rounded(production / empty),
      productionGoal: 2.5,
    }
  } finally {
    rmSync(outdir, { recursive: true, force: true })
  }
}

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

/** Synthesis of 10, 25 and 50 databases in one process: time a database, and the largest stack. */
export function fiftyDatabases(rounds: number) {
  const measure = (count: number) => {
    const config = configWith(count)
    const times: number[] = []
    let largest = { stack: '', resources: 0 }
    for (let round = 0; round < rounds; round += 1) {
      const started = performance.now()
      const app = new App({ context: { ...context, '@aws-cdk/core:validateAgainstDefaultRules': false } })
      new Platform(app, 'Renkei-bench', { config })
      const assembly = app.synth().nestedAssemblies[0]!.nestedAssembly
      times.push(performance.now() - started)
      for (const stack of assembly.stacks) {
        const resources = Object.keys(stack.template.Resources).length
        if (resources > largest.resources) largest = { stack: stack.displayName, resources }
      }
    }
    return { ms: median(times), largest }
  }
  measure(10)
  const [ten, twentyFive, fifty] = [measure(10), measure(25), measure(50)]
  const slope = (a: { ms: number }, b: { ms: number }, more: number) => (b.ms - a.ms) / more
  return {
    ms: { 10: rounded(ten.ms, 0), 25: rounded(twentyFive.ms, 0), 50: rounded(fifty.ms, 0) },
    /** cost of one more database between 25 and 50 against between 10 and 25: 1 is linear */
    slopeRatio: rounded(slope(twentyFive, fifty, 25) / slope(ten, twentyFive, 15)),
    largestStack: fifty.largest,
    largestGoal: 450,
  }
}
