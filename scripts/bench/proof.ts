import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { App, Stage } from 'aws-cdk-lib'
import { parse, stringify } from 'yaml'
import { madeUp } from '#proof/network/grants.ts'
import { printCounterexample } from '#proof/network/print.ts'
import { prove, type ProvableAssembly } from '#proof/network/prove.ts'
import type { Template } from '#checks/template.ts'
import { parseConfig, type Config } from '#lib/kernel/config/load.ts'
import { HubStack } from '#lib/network/hub/hub-stack.ts'
import { LinkStack } from '#lib/network/link/link-stack.ts'
import { VisitingStack } from '#lib/network/visiting/visiting-stack.ts'
import { cpuMsOf, inTurns, rounded } from './measure.ts'

/** EFS allows 400 mount targets in a VPC, two a project (docs/aws-behaviour.md, EFS). */
const PROJECTS_A_CELL = 180
const DESKTOPS_A_PROJECT = 10
/** A project uses a few databases, not all: three here. */
const DATABASES_A_PROJECT = 3

/** The demonstration configuration with as many databases, and cells for as many projects. */
function configOf(databases: number, projects: number): Config {
  const data = parse(readFileSync(join(import.meta.dirname, '..', '..', 'config', 'demo.yaml'), 'utf8'))
  const [first] = data.databases
  data.databases = Array.from({ length: databases }, (_, slot) => ({
    ...first,
    id: `BENCH${slot}`,
    slot,
    service: { ...first.service, realCidr: `10.30.${slot}.0/28` },
    peer: { address: `203.0.${113 + Math.floor(slot / 200)}.${1 + (slot % 200)}`, asn: 64_600 + slot, device: 'other' },
  }))
  data.cells = Array.from({ length: Math.ceil(projects / PROJECTS_A_CELL) }, (_, index) => ({
    id: index + 1,
    cidr: `172.${22 + index}.0.0/16`,
    projects: PROJECTS_A_CELL,
  }))
  data.capacity = { projects, handlersPerProject: DESKTOPS_A_PROJECT }
  return parseConfig('bench.yaml', stringify(data, { aliasDuplicateObjects: false }), new Date('2026-06-15T03:00:00Z'))
}

/** The network plane of a configuration, synthesized in this process. */
function assemblyOf(config: Config): ProvableAssembly {
  const app = new App({ analyticsReporting: false })
  const stage = new Stage(app, `Renkei-${config.environment}`, {
    env: { account: config.accounts.workload, region: config.region },
  })
  new HubStack(stage, 'hub', { config })
  for (const database of config.databases) new LinkStack(stage, `link-${database.id}`, { config, database })
  for (const cell of config.cells) new VisitingStack(stage, `visiting-${cell.id}`, { config, cell })
  return {
    stacks: stage.synth().stacks.map((stack) => ({
      name: stack.stackName.slice(stage.stageName.length + 1),
      template: stack.template as Template,
    })),
  }
}

/**
 * The proof for so many projects of ten desktops over so many databases, as work whose CPU time can be taken; what it
 * is given is synthesized before. The work throws where the proof does not hold.
 */
function proofOf(databases: number, projects: number): () => number {
  const config = configOf(databases, projects)
  const assembly = assemblyOf(config)
  const grants = madeUp(
    config,
    Array.from({ length: projects }, (_, index) => ({
      id: `P-${index}`,
      cell: 1 + Math.floor(index / PROJECTS_A_CELL),
      people: DESKTOPS_A_PROJECT,
      databases: Array.from(
        { length: Math.min(DATABASES_A_PROJECT, databases) },
        (_each, at) => `BENCH${(index + at) % databases}`,
      ),
      // The exceptions of the proof are all needed only where somebody is suspended and somebody waits.
      ...(index === 0 ? { suspendedPeople: 1 } : {}),
    })),
  )
  return () =>
    cpuMsOf(() => {
      const { ok, counterexamples } = prove(assembly, config, grants)
      const [first] = counterexamples
      if (!ok)
        throw new Error(
          `the proof of ${databases} databases and ${projects} projects does not hold: ` +
            `${first && printCounterexample(first)}`,
        )
    })
}

/**
 * C-1 to C-3 and C-9 for 50 databases: CPU seconds by projects, and the cost of one more project between 500 and 1,000
 * against between 250 and 500.
 */
export function networkProof(rounds: number) {
  const { quarter, half, whole } = inTurns(rounds, {
    quarter: proofOf(50, 250),
    half: proofOf(50, 500),
    whole: proofOf(50, 1000),
  })
  const seconds = (milliseconds: number) => rounded(milliseconds / 1000)
  return {
    cpuSeconds: { 250: seconds(quarter), 500: seconds(half), 1000: seconds(whole) },
    /** 1 is linear */
    slopeRatio: rounded((whole - half) / 500 / ((half - quarter) / 250)),
    cpuSecondsGoal: 5,
  }
}
