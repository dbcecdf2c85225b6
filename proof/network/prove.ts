import { performance } from 'node:perf_hooks'
import type { Config } from '#lib/kernel/config/load.ts'
import { compile } from './compile.ts'
import type { Compiled } from './compiled/compiled.ts'
import type { Counterexample } from './counterexamples.ts'
import { EXCEPTIONS_FILE, readExceptions, type Exception } from './exceptions.ts'
import type { Grants } from './grants.ts'
import { intendedFlows, type Flow } from './intent.ts'
import { size } from './intervals.ts'
import { Judge } from './judge.ts'
import type { NamedTemplate } from './model/links.ts'
import type { Gap, Network } from './model/network.ts'
import { readModel } from './model/read.ts'
import { VERDICT_IDS, type VerdictId } from './verdicts.ts'

export interface ProofReport {
  readonly ok: boolean
  /** every intended flow, and whether it was found exactly */
  readonly flows: readonly (Flow & { readonly proved: boolean })[]
  readonly verdicts: readonly { readonly id: VerdictId; readonly ok: boolean; readonly found: number }[]
  readonly counterexamples: readonly Counterexample[]
  readonly gaps: readonly Gap[]
  /** exceptions that were needed */
  readonly exceptions: readonly string[]
  /** desktops and mount targets */
  readonly machines: number
  readonly seconds: number
}

/** An assembly: templates by the names of their stacks. */
export interface ProvableAssembly {
  readonly stacks: readonly NamedTemplate[]
}

/**
 * Proves the network of an assembly against what the configuration and the grants intend. Exact: sets of packets, not
 * samples.
 * @param exceptions flows that one layer alone may block; left out: `policies/network/exceptions.yaml`
 */
export function prove(
  assembly: ProvableAssembly,
  config: Config,
  grants: Grants,
  exceptions: readonly Exception[] = readExceptions(EXCEPTIONS_FILE),
): ProofReport {
  const started = performance.now()
  const { network, gaps } = readModel(assembly.stacks, config, grants)
  return proveNetwork({ network, gaps, config, grants, exceptions, started, sample: true })
}

/** A network that was read, and what it is judged by. */
interface NetworkToProve {
  readonly network: Network
  readonly gaps: readonly Gap[]
  readonly config: Config
  readonly grants: Grants
  readonly exceptions: readonly Exception[]
  /** when reading began, by the clock of the process */
  readonly started?: number
  /** whether every kind of party is there, so that an exception which nothing needs is needed by nobody */
  readonly sample?: boolean
}

/** The same for a network that was read elsewhere, e.g. from a live account. */
export function proveNetwork({
  network,
  gaps,
  config,
  grants,
  exceptions,
  started = performance.now(),
  sample = false,
}: NetworkToProve): ProofReport {
  const compiled = compile(network)
  const flows = intendedFlows(config, grants)
  const judge = new Judge(compiled, flows, exceptions)
  judge.checkGaps(gaps)
  judge.checkNames(network, config.environment)
  for (const location of compiled.locations) judge.judge(location)
  judge.checkExceptions(grants.now.slice(0, 10), sample)
  judge.checkBegun()
  const { kept, found } = judge.counterexamples
  return {
    ok: kept.length === 0,
    flows: flows.map((flow) => ({ ...flow, proved: !judge.unproved.has(flow) })),
    verdicts: VERDICT_IDS.map((id) => ({ id, ok: !found.has(id), found: found.get(id) ?? 0 })),
    counterexamples: kept,
    gaps,
    exceptions: judge.used,
    machines: machinesOf(compiled),
    seconds: Math.round(performance.now() - started) / 1000,
  }
}

const machinesOf = ({ interfaces }: Compiled): number =>
  interfaces
    .filter(({ party: { kind } }) => kind === 'desktop' || kind === 'store')
    .reduce((sum, { addresses }) => sum + size(addresses), 0)
