import { EC2Client } from '@aws-sdk/client-ec2'
import { NetworkFirewallClient } from '@aws-sdk/client-network-firewall'
import type { Config } from '#lib/kernel/config/load.ts'
import { readExceptions } from '#proof/network/exceptions.ts'
import { sampleGrants } from '#proof/network/grants.ts'
import { explain, explanationInWords, NoSuchParty } from '#proof/network/explain.ts'
import { readModel } from '#proof/network/model/read.ts'
import { liveNetwork } from '#proof/network/live/compare.ts'
import { EXCEPTIONS_FILE, prove, proveNetwork, VERDICTS, type ProofReport } from '#proof/network/prove.ts'
import { counterexampleInWords, pathInWords } from '#proof/network/words.ts'
import { answer } from '../output.ts'
import { lookAtNetwork } from '#proof/network/live/vpcs.ts'
import { projects, publishedParameters } from '../platform-view.ts'
import type { CommonOptions } from '../command.ts'
import { configOf, useAws } from '../surroundings.ts'
import { synthesized } from '../synthesized.ts'
import { Obstacle } from '#domain/kernel/obstacle.ts'

interface ExplainOptions extends CommonOptions {
  readonly from: string
  readonly to: string
  readonly port?: string
  readonly protocol?: string
}

/** `renkei network explain`: the way of a packet through the synthesized platform with its sample projects, or what stops it. */
export function explainNetwork({ from, to, port, protocol = 'tcp', ...options }: ExplainOptions): void {
  const config = configOf(options)
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) <= 65_535))
    throw new Obstacle({
      code: 'cli.no-port',
      what: `--port ${port}`,
      why: 'it is no port',
      next: 'write a number from 0 to 65535',
    })
  if (protocol !== 'tcp' && protocol !== 'udp')
    throw new Obstacle({
      code: 'cli.no-protocol',
      what: `--protocol ${protocol}`,
      why: 'only tcp and udp have ports',
      next: 'write tcp or udp',
    })
  const grants = sampleGrants(config)
  const { network } = readModel(synthesized(config).stacks, config, grants)
  try {
    answer(
      explain(network, config, grants, { from, to, port: port === undefined ? undefined : Number(port), protocol }),
      options.json,
      explanationInWords,
    )
  } catch (error) {
    if (!(error instanceof NoSuchParty)) throw error
    const [what, ...why] = error.message.split(': ')
    throw new Obstacle({
      code: 'cli.unknown-party',
      what: what!,
      why: why.join(': '),
      next: './renkei network explain --from P-FIRST --to NDB',
    })
  }
}

/** `renkei network prove`: exit code 1 where the network is not exactly what is intended. */
export async function proveNetworkOf({ live, ...options }: CommonOptions & { readonly live?: boolean }): Promise<void> {
  const config = configOf(options)
  const report = live ? await proveLive(config, options) : prove(synthesized(config), config, sampleGrants(config))
  answer(report, options.json, (each) => reportInWords(each, config.environment))
  if (!report.ok) process.exitCode = 1
}

/** The projects of the ledger, in the network that the account shows. */
async function proveLive(config: Config, options: CommonOptions): Promise<ProofReport> {
  useAws(options)
  const now = new Date().toISOString()
  const [known, view] = await Promise.all([
    projects(config.environment),
    publishedParameters(config.environment).then((published) =>
      lookAtNetwork(new EC2Client({}), new NetworkFirewallClient({}), published),
    ),
  ])
  const model = readModel(synthesized(config).stacks, config, { now, projects: [] })
  const { network, gaps } = liveNetwork(model, view, config, known, now)
  return proveNetwork(
    network,
    gaps,
    config,
    { now, projects: known.map((project) => ({ project, desktops: {}, stores: [] })) },
    readExceptions(EXCEPTIONS_FILE),
  )
}

function reportInWords(
  { ok, verdicts, flows, counterexamples, exceptions, machines, seconds }: ProofReport,
  environment: string,
): string {
  return [
    `network proof of ${environment}: ${machines} desktops and mount targets, ${flows.length} intended flows, ${seconds} s`,
    ...verdicts.map(
      ({ id, ok: reached, found }) => `  ${reached ? '✓' : '✗'} ${VERDICTS[id].en}${reached ? '' : `: ${found} found`}`,
    ),
    `  exceptions in use: ${exceptions.join(', ') || 'none'}`,
    ...counterexamples
      .slice(0, SHOWN)
      .flatMap((each) => [
        '',
        `✗ ${counterexampleInWords(each)}`,
        ...(each.path.length > 0 ? [pathInWords(each.path, '  ')] : []),
      ]),
    ...(counterexamples.length > SHOWN ? ['', `… and ${counterexamples.length - SHOWN} more: --json has all`] : []),
    ok ? '  ✓ proved' : '',
  ]
    .filter((line, index, lines) => line !== '' || index < lines.length - 1)
    .join('\n')
}

/** Counterexamples written out with their ways. */
const SHOWN = 5
