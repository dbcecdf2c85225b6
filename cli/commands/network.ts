import { sampleGrants } from '../../lib/checks/reachability/grants.ts'
import { explain, explanationInWords, NoSuchParty } from '../../lib/checks/reachability/explain.ts'
import { readModel } from '../../lib/checks/reachability/model/read.ts'
import { prove, VERDICTS, type ProofReport } from '../../lib/checks/reachability/prove.ts'
import { counterexampleInWords, pathInWords } from '../../lib/checks/reachability/words.ts'
import { answer, Mistake } from '../output.ts'
import { configOf, type CommonOptions } from '../surroundings.ts'
import { synthesized } from '../synthesized.ts'

interface ExplainOptions extends CommonOptions {
  readonly from: string
  readonly to: string
  readonly port?: string
  readonly protocol?: string
}

/** `renkei network explain`: the way of a packet through the synthesized platform with its sample projects, or what stops it. */
export function explainNetwork({ from, to, port, protocol = 'tcp', ...options }: ExplainOptions): void {
  const config = configOf(options)
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) <= 65_535)) throw new Mistake(`--port ${port}`, 'it is no port', 'write a number from 0 to 65535')
  if (protocol !== 'tcp' && protocol !== 'udp') throw new Mistake(`--protocol ${protocol}`, 'only tcp and udp have ports', 'write tcp or udp')
  const grants = sampleGrants(config)
  const { network } = readModel(synthesized(config).stacks, config, grants)
  try {
    answer(explain(network, config, grants, { from, to, port: port === undefined ? undefined : Number(port), protocol }), options.json, explanationInWords)
  } catch (error) {
    if (!(error instanceof NoSuchParty)) throw error
    const [what, ...why] = error.message.split(': ')
    throw new Mistake(what!, why.join(': '), 'renkei network explain --from P-FIRST --to NDB')
  }
}

/** `renkei network prove`: exit code 1 where the network is not exactly what is intended. */
export async function proveNetworkOf({ live, ...options }: CommonOptions & { readonly live?: boolean }): Promise<void> {
  const config = configOf(options)
  const report = live ? await (await import('./network-live.ts')).proveLive(config, options) : prove(synthesized(config), config, sampleGrants(config))
  answer(report, options.json, (each) => reportInWords(each, config.environment))
  if (!report.ok) process.exitCode = 1
}

function reportInWords({ ok, verdicts, flows, counterexamples, exceptions, machines, seconds }: ProofReport, environment: string): string {
  return [
    `network proof of ${environment}: ${machines} desktops and mount targets, ${flows.length} intended flows, ${seconds} s`,
    ...verdicts.map(({ id, ok: reached, found }) => `  ${reached ? '✓' : '✗'} ${VERDICTS[id].en}${reached ? '' : `: ${found} found`}`),
    `  exceptions in use: ${exceptions.join(', ') || 'none'}`,
    ...counterexamples.slice(0, SHOWN).flatMap((each) => ['', `✗ ${counterexampleInWords(each)}`, ...(each.path.length > 0 ? [pathInWords(each.path, '  ')] : [])]),
    ...(counterexamples.length > SHOWN ? ['', `… and ${counterexamples.length - SHOWN} more: --json has all`] : []),
    ok ? '  ✓ proved' : '',
  ].filter((line, index, lines) => line !== '' || index < lines.length - 1).join('\n')
}

/** Counterexamples written out with their ways. */
const SHOWN = 5
