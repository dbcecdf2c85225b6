import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { App } from 'aws-cdk-lib'
import { readAssembly } from '../../lib/checks/assembly.ts'
import { sampleGrants } from '../../lib/checks/reachability/grants.ts'
import { intendedFlows } from '../../lib/checks/reachability/intent.ts'
import { networkMap } from '../../lib/checks/reachability/map.ts'
import { readModel } from '../../lib/checks/reachability/model/read.ts'
import { prove } from '../../lib/checks/reachability/prove.ts'
import { Platform } from '../../lib/platform.ts'
import { answer } from '../output.ts'
import { configOf, type CommonOptions } from '../surroundings.ts'

/** `renkei network map`: a picture of the network that the configuration synthesizes to, with a sample world of grants. */
export function drawMap(options: CommonOptions & { readonly out?: string }): void {
  const config = configOf(options)
  const parent = join(import.meta.dirname, '..', '..', '.renkei', 'map')
  mkdirSync(parent, { recursive: true })
  const folder = mkdtempSync(join(parent, `${config.environment}-`))
  process.env['CDK_VALIDATION'] = 'false'
  try {
    const app = new App({ outdir: folder, analyticsReporting: false })
    new Platform(app, `Renkei-${config.environment}`, { config })
    app.synth()
    const grants = sampleGrants(config)
    const assembly = readAssembly(app)
    const { network } = readModel(assembly.stacks, config, grants)
    const proved = prove(assembly, config, grants).ok
    const file = resolve(options.out ?? join('reports', `network-${config.environment}.svg`))
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, networkMap({ config, network, flows: intendedFlows(config, grants), proved }))
    answer({ environment: config.environment, file, proved }, options.json, (map) => `network map of ${map.environment}${map.proved ? '' : ' (NOT PROVED: see npm run check)'}: ${map.file}`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
