import { EC2Client } from '@aws-sdk/client-ec2'
import { NetworkFirewallClient } from '@aws-sdk/client-network-firewall'
import type { Config } from '#lib/kernel/config/load.ts'
import { EXCEPTIONS_FILE, readExceptions } from '#proof/network/exceptions.ts'
import { sampleGrants } from '#proof/network/grants.ts'
import { explain, type Question } from '#proof/network/explain.ts'
import { readModel } from '#proof/network/model/read.ts'
import { liveNetwork } from '#proof/network/live/network.ts'
import { prove, proveNetwork, type ProofReport } from '#proof/network/prove.ts'
import { printCounterexampleWithTrace, printExplanation } from '#proof/network/print.ts'
import { VERDICTS } from '#proof/network/verdicts.ts'
import { answer } from '../output.ts'
import { lookAtNetwork } from '#proof/network/live/account.ts'
import { openProjects, publishedParameters } from '../platform-view.ts'
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

/**
 * `renkei network explain`: the way of a packet through the synthesized platform with its sample projects, or what
 * stops it.
 */
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
  const question: Question = { from, to, port: port === undefined ? undefined : Number(port), protocol }
  answer(explain(network, config, grants, question), options.json, printExplanation)
}

/** `renkei network prove`: exit code 1 where the network is not exactly what is intended. */
export async function proveNetworkOf({ live, ...options }: CommonOptions & { readonly live?: boolean }): Promise<void> {
  const config = configOf(options)
  const report = live ? await proveLive(config, options) : prove(synthesized(config), config, sampleGrants(config))
  answer(report, options.json, (each) => printReport(each, config.environment))
  if (!report.ok) process.exitCode = 1
}

/** The projects of the ledger, in the network that the account shows. */
async function proveLive(config: Config, options: CommonOptions): Promise<ProofReport> {
  useAws(options)
  const now = new Date().toISOString()
  const [known, view] = await Promise.all([
    openProjects(config.environment),
    publishedParameters(config.environment).then((published) =>
      lookAtNetwork(new EC2Client({}), new NetworkFirewallClient({}), published),
    ),
  ])
  const model = readModel(synthesized(config).stacks, config, { now, projects: [] })
  const { network, gaps } = liveNetwork(model, view, config, known, now)
  return proveNetwork({
    network,
    gaps,
    config,
    grants: { now, projects: known.map((project) => ({ project, desktops: {}, stores: [] })) },
    exceptions: readExceptions(EXCEPTIONS_FILE),
  })
}

function printReport(report: ProofReport, environment: string): string {
  const { ok, verdicts, flows, counterexamples, exceptions, machines, seconds } = report
  const counted = `${machines} desktops and mount targets, ${flows.length} intended flows, ${seconds} s`
  const more = counterexamples.length - SHOWN
  return [
    `network proof of ${environment}: ${counted}`,
    ...verdicts.map(({ id, ok: reached, found }) =>
      reached ? `  ✓ ${VERDICTS[id].title.en}` : `  ✗ ${VERDICTS[id].title.en}: ${found} found`,
    ),
    `  exceptions in use: ${exceptions.join(', ') || 'none'}`,
    ...counterexamples.slice(0, SHOWN).flatMap((each) => ['', `✗ ${printCounterexampleWithTrace(each)}`]),
    ...(more > 0 ? ['', `… and ${more} more: --json has all`] : []),
    ...(ok ? ['  ✓ proved'] : []),
  ].join('\n')
}

/** Counterexamples written out with their hops. */
const SHOWN = 5
