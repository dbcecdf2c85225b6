import { FIREWALL_RULES } from '../twin/hub.ts'
import { kitFilters, linkNamespaces } from '../twin/link.ts'
import type { Twin } from '../twin/twin.ts'
import { packetsOf, questions, questionInWords, type Judgement, type Question } from './agreement.ts'
import type { Experiment } from './experiment.ts'

/** Every network of the platform straight into the first tunnel, before the kit's blackhole routes. */
const intoTheTunnel = async (twin: Twin, gateway: string, verb: 'add' | 'del') => {
  const blackholes = (await twin.sandbox.must(['ip', 'route', 'show', 'type', 'blackhole'], { namespace: gateway }))
    .split('\n')
    .flatMap((line) => line.split(' ')[1] ?? [])
  await twin.sandbox.ip(
    gateway,
    blackholes.map((cidr) => `route ${verb} ${cidr} dev ipsec1 metric 5`),
  )
}

const toDatabases = ({ from, to }: Question) => to.who.kind === 'database' && from.who.kind === 'desktop'
const fromDatabases = ({ from, to }: Question) => from.who.kind === 'database' && to.who.kind !== 'internet'

/** One question of each pair is enough where a whole layer is gone: the databases' own ports. */
const brief = (all: readonly Question[]) =>
  all.filter(
    ({ protocol, port, address, to }) =>
      protocol === 'tcp' && (port === 5432 || port === 5433 || port === 22) && address === (to.presented ?? to.address),
  )

/**
 * Each layer alone still refuses what no grant allows: security groups taken away, the firewall taken away, the
 * holder's filters taken away.
 */
export async function layers(twin: Twin, intent: Judgement): Promise<Experiment[]> {
  const desktops = twin.machines.filter(({ who, groups }) => who.kind === 'desktop' && groups.length > 0)
  const asked = brief(questions(twin.machines).filter(toDatabases)).filter((question) => !intent(question))
  const through = async (these: readonly Question[]) =>
    [...(await packetsOf(twin, these, () => false)).answers]
      .filter(([, answer]) => answer === 'open')
      .map(([question]) => questionInWords(question))

  await Promise.all(desktops.map((machine) => twin.groups(machine, false)))
  const withoutGroups = await through(asked)
  await Promise.all(desktops.map((machine) => twin.groups(machine, true)))

  await twin.sandbox.must(['nft', 'delete', 'table', 'ip', 'firewall'], { namespace: 'firewall' })
  const withoutFirewall = await through(asked)
  await twin.sandbox.must(['nft', '-f', FIREWALL_RULES(twin.sandbox)], { namespace: 'firewall' })

  const back = brief(questions(twin.machines).filter(fromDatabases))
  for (const { link } of twin.databases.values()) await openGateway(twin, link.namespaces.gateway)
  const hostile = await through(back)
  for (const { link } of twin.databases.values()) await closeGateway(twin, link.namespaces.gateway)

  return [
    refusing({
      id: 'firewall-alone',
      title: 'Desktops without security groups: the firewall alone',
      shows: ['C-2', 'C-9'],
      tried: asked.length,
      passed: withoutGroups,
    }),
    refusing({
      id: 'groups-alone',
      title: 'A firewall without rules: the security groups alone',
      shows: ['C-2', 'C-9'],
      tried: asked.length,
      passed: withoutFirewall,
    }),
    refusing({
      id: 'hostile-holder',
      title: 'Gateways that filter nothing: databases open connections',
      shows: ['C-1', 'NET-1'],
      tried: back.length,
      passed: hostile,
    }),
  ]
}

/** An experiment in which nothing may pass. */
function refusing({
  tried,
  passed,
  ...experiment
}: Pick<Experiment, 'id' | 'title' | 'shows'> & {
  readonly tried: number
  readonly passed: readonly string[]
}): Experiment {
  return {
    ...experiment,
    ok: passed.length === 0,
    found: `${tried} tried, ${passed.length} passed`,
    details: passed,
  }
}

/**
 * The holder's device turned against the platform: no filter, and its own machines speak under the presented addresses.
 */
async function openGateway(twin: Twin, gateway: string): Promise<void> {
  const rules = await twin.sandbox.must(['nft', 'list', 'tables'], { namespace: gateway })
  const table = /table ip (renkei_\w+)/.exec(rules)![1]!
  await twin.sandbox.must(['nft', 'delete', 'table', 'ip', table], { namespace: gateway })
  const { presented, real } = networks(twin, gateway)
  await twin.sandbox.nft(
    gateway,
    `table ip hostile {
  chain after {
    type nat hook postrouting priority 100
    oifname { "ipsec1", "ipsec2" } ip saddr ${real} snat ip prefix to ip saddr map { ${real} : ${presented} }
  }
}
`,
  )
  await intoTheTunnel(twin, gateway, 'add')
}

async function closeGateway(twin: Twin, gateway: string): Promise<void> {
  await twin.sandbox.must(['nft', 'delete', 'table', 'ip', 'hostile'], { namespace: gateway })
  await intoTheTunnel(twin, gateway, 'del')
  const database = gateway.replace('gw-', '')
  await twin.sandbox.must(['nft', '-f', kitFilters(twin.sandbox, database)], { namespace: gateway })
}

function networks(twin: Twin, gateway: string): { readonly presented: string; readonly real: string } {
  const server = twin.machines.find(
    ({ name }) => linkNamespaces(`link-${name.replace('db-', '')}`).gateway === gateway,
  )!
  const network = (address: string) => `${address.replace(/\d+$/, (last) => String(Number(last) & ~15))}/28`
  return { presented: network(server.presented!), real: network(server.address) }
}
