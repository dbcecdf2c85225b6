import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { sampleGrants } from '../../lib/checks/reachability/grants.ts'
import { intendedFlows } from '../../lib/checks/reachability/intent.ts'
import { networkMap } from '../../lib/checks/reachability/map.ts'
import { readModel } from '../../lib/checks/reachability/model/read.ts'
import { prove } from '../../lib/checks/reachability/prove.ts'
import { answer } from '../output.ts'
import { configOf, type CommonOptions } from '../surroundings.ts'
import { synthesized } from '../synthesized.ts'

/** `renkei network map`: a picture of the network that the configuration synthesizes to, with a sample world of grants. */
export function drawMap(options: CommonOptions & { readonly out?: string }): void {
  const config = configOf(options)
  const grants = sampleGrants(config)
  const assembly = synthesized(config)
  const { network } = readModel(assembly.stacks, config, grants)
  const proved = prove(assembly, config, grants).ok
  const file = resolve(options.out ?? join('reports', `network-${config.environment}.svg`))
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, networkMap({ config, network, flows: intendedFlows(config, grants), proved }))
  answer({ environment: config.environment, file, proved }, options.json, (map) => `network map of ${map.environment}${map.proved ? '' : ' (NOT PROVED: see npm run check)'}: ${map.file}`)
}
