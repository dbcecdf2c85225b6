import { FIREWALL_RULES } from '../twin/hub.ts'
import { linkNamespaces } from '../twin/link.ts'
import type { Twin } from '../twin/twin.ts'
import { packetsOf, questions, words, type Question } from './agreement.ts'
import type { Trial } from './trial.ts'

/** Every network of the platform straight into the first tunnel, before the kit's blackhole routes. */
const intoTheTunnel = async (twin: Twin, gateway: string, verb: 'add' | 'del') => {
  const blackholes = (await twin.world.must(['ip', 'route', 'show', 'type', 'blackhole'], { namespace: gateway }))
    .split('\n')
    .flatMap((line) => line.split(' ')[1] ?? [])
  await twin.world.ip(
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
export async function layers(twin: Twin, intent: (question: Question) => boolean): Promise<Trial[]> {
  const desktops = twin.machines.filter(({ who, groups }) => who.kind === 'desktop' && groups.length > 0)
  const asked = brief(questions(twin.machines).filter(toDatabases)).filter((question) => !intent(question))
  const through = async (these: readonly Question[]) =>
    [...(await packetsOf(twin, these, () => false)).answers]
      .filter(([, answer]) => answer === 'open')
      .map(([question]) => words(question))

  await Promise.all(desktops.map((machine) => twin.groups(machine, false)))
  const withoutGroups = await through(asked)
  await Promise.all(desktops.map((machine) => twin.groups(machine, true)))

  await twin.world.must(['nft', 'delete', 'table', 'ip', 'firewall'], { namespace: 'firewall' })
  const withoutFirewall = await through(asked)
  await twin.world.must(['nft', '-f', FIREWALL_RULES(twin.world)], { namespace: 'firewall' })

  const back = brief(questions(twin.machines).filter(fromDatabases))
  for (const { link } of twin.databases.values()) await openGateway(twin, link.namespaces.gateway)
  const hostile = await through(back)
  for (const { link } of twin.databases.values()) await closeGateway(twin, link.namespaces.gateway)

  const trial = (
    id: string,
    title: string,
    shows: readonly string[],
    count: number,
    found: readonly string[],
  ): Trial => ({
    id,
    title,
    shows,
    ok: found.length === 0,
    found: `${count} tried, ${found.length} passed`,
    details: found,
  })
  return [
    trial(
      'firewall-alone',
      'Desktops without security groups: the firewall alone',
      ['C-2', 'C-9'],
      asked.length,
      withoutGroups,
    ),
    trial(
      'groups-alone',
      'A firewall without rules: the security groups alone',
      ['C-2', 'C-9'],
      asked.length,
      withoutFirewall,
    ),
    trial(
      'hostile-holder',
      'Gateways that filter nothing: databases open connections',
      ['C-1', 'NET-1'],
      back.length,
      hostile,
    ),
  ]
}

/**
 * The holder's device turned against the platform: no filter, and its own machines speak under the presented addresses.
 */
async function openGateway(twin: Twin, gateway: string): Promise<void> {
  const rules = await twin.world.must(['nft', 'list', 'tables'], { namespace: gateway })
  const table = /table ip (renkei_\w+)/.exec(rules)![1]!
  await twin.world.must(['nft', 'delete', 'table', 'ip', table], { namespace: gateway })
  const { presented, real } = networks(twin, gateway)
  await twin.world.nft(
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
  await twin.world.must(['nft', 'delete', 'table', 'ip', 'hostile'], { namespace: gateway })
  await intoTheTunnel(twin, gateway, 'del')
  const database = gateway.replace('gw-', '')
  await twin.world.must(['nft', '-f', `${twin.world.folder}/kit-${database}/renkei-${database.toLowerCase()}.nft`], {
    namespace: gateway,
  })
}

function networks(twin: Twin, gateway: string): { readonly presented: string; readonly real: string } {
  const server = twin.machines.find(
    ({ name }) => linkNamespaces(`link-${name.replace('db-', '')}`).gateway === gateway,
  )!
  const network = (address: string) => `${address.replace(/\d+$/, (last) => String(Number(last) & ~15))}/28`
  return { presented: network(server.presented!), real: network(server.address) }
}
