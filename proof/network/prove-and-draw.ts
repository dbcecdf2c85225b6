import type { Config } from '#lib/kernel/config/load.ts'
import { EXCEPTIONS_FILE, readExceptions } from './exceptions.ts'
import { sampleGrants } from './grants.ts'
import { networkMap } from './map/map.ts'
import { readModel } from './model/read.ts'
import { proveNetwork, type ProofReport, type ProvableAssembly } from './prove.ts'

/**
 * Proves the network of an assembly with a sample world of projects, and draws it: the templates are read once for
 * both.
 */
export function proveAndDraw(
  { stacks }: ProvableAssembly,
  config: Config,
): { readonly report: ProofReport; readonly svg: string } {
  const grants = sampleGrants(config)
  const { network, gaps } = readModel(stacks, config, grants)
  const exceptions = readExceptions(EXCEPTIONS_FILE)
  const report = proveNetwork({ network, gaps, config, grants, exceptions, sample: true })
  return { report, svg: networkMap({ config, network, flows: report.flows, proved: report.ok }) }
}
