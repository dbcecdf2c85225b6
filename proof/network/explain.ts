import { formatAddress, rangeOf } from '#lib/kernel/config/addresses.ts'
import type { Config } from '#lib/kernel/config/load.ts'
import { compile, type Compiled } from './compile.ts'
import { answered, send, type Layer, type Origin, type Step, type Stop } from './evaluate.ts'
import type { Packet } from './headers.ts'
import { intendedFlows } from './intent.ts'
import type { Grants } from './grants.ts'
import { has } from './intervals.ts'
import { nameOf, type Network, type Who } from './model/network.ts'
import { oneOf } from './prove.ts'
import { packetInWords, pathInWords } from './words.ts'

/** What somebody asks: may this reach that? */
export interface Question {
  /** `desktop`, `internet`, `controllers`, `resolver`, `store`, a project, a database, or an address */
  readonly from: string
  readonly to: string
  readonly port?: number
  readonly protocol?: 'tcp' | 'udp'
}

/** The answer for one packet. */
export interface Explanation {
  readonly from: string
  readonly to: string
  readonly packet: Packet
  readonly arrives: boolean
  readonly answered: boolean
  readonly intended: boolean
  /** hops that let it through */
  readonly path: readonly Step[]
  /** what stops it, and what would stop it if the first were not there */
  readonly stops: readonly { readonly layer: Layer; readonly at: string; readonly why: string }[]
}

/** Why a question cannot be asked. */
export class NoSuchParty extends Error {}

/** Where Linux opens connections from: the first of its range. */
const FIRST_EPHEMERAL = 32_768
/** An address that is nobody's (RFC 5737), to stand for the Internet. */
const SOMEWHERE = '198.51.100.1'

interface End {
  readonly who: Who
  readonly address: number
  readonly origin?: Origin
}

/** Follows one packet through the network. Throws `NoSuchParty` where an end names nobody. */
export function explain(network: Network, config: Config, grants: Grants, question: Question): Explanation {
  const compiled = compile(network)
  const from = endOf(compiled, config, question.from)
  const to = endOf(compiled, config, question.to)
  if (from.origin === undefined) throw new NoSuchParty(`${question.from}: nobody is there to send anything`)
  const database = config.databases.find(({ id }) => to.who.kind === 'database' && to.who.id === id)
  const port =
    question.port ??
    database?.service.port ??
    (to.who.kind === 'store' ? 2049 : to.who.kind === 'controllers' ? 88 : 443)
  const packet: Packet = {
    source: from.address,
    destination: to.address,
    protocol: question.protocol === 'udp' ? 17 : 6,
    sourcePort: FIRST_EPHEMERAL,
    destinationPort: port,
  }
  const stops: Stop[] = []
  const arrival = send(compiled, from.origin, oneOf(packet), { stops }).find(
    ({ who }) => nameOf(who) === nameOf(to.who),
  )
  const intended = intendedFlows(config, grants).some(
    (flow) =>
      nameOf(flow.from) === nameOf(from.who) &&
      nameOf(flow.to) === nameOf(to.who) &&
      (flow.protocol === 'all' || flow.protocol === (question.protocol ?? 'tcp')) &&
      flow.ports[0] <= port &&
      port <= flow.ports[1],
  )
  const [first] = stops
  return {
    from: nameOf(from.who),
    to: nameOf(to.who),
    packet,
    intended,
    arrives: arrival !== undefined,
    answered: arrival !== undefined && answered(compiled, from.origin, arrival).length > 0,
    path: arrival?.path ?? first?.path ?? [],
    stops:
      arrival || !first
        ? []
        : [first, ...secondStop(compiled, from.origin, packet, first)].map(({ layer, at, why }) => ({
            layer,
            at,
            why,
          })),
  }
}

/** What would stop the packet if the layer that stops it first were taken away. */
function secondStop(compiled: Compiled, origin: Origin, packet: Packet, first: Stop): Stop[] {
  if (first.layer !== 'source group' && first.layer !== 'routes') {
    const stops: Stop[] = []
    send(compiled, origin, oneOf(packet), { stops, single: true })
    return stops.filter(({ layer }) => layer !== first.layer).slice(0, 1)
  }
  const stops: Stop[] = []
  send(compiled, origin, oneOf(packet), { stops, open: first.layer })
  return stops.slice(0, 1)
}

function endOf(compiled: Compiled, config: Config, name: string): End {
  const { machines, network } = compiled
  const machine = (test: (who: Who) => boolean): End | undefined => {
    const found = machines.find(({ who }) => test(who))
    return found && { who: found.who, address: found.addresses[0]!, origin: { kind: 'machine', machine: found } }
  }
  const farEnd = (test: (who: Who, home: string | undefined) => boolean, address?: number): End | undefined => {
    const found = Object.entries(network.attachments).find(
      ([, each]) => each.kind === 'vpn' && test(each.who, each.home),
    )
    if (!found || found[1].kind !== 'vpn') return undefined
    return {
      who: found[1].who,
      address: address ?? (found[1].home ? rangeOf(found[1].home).first + 1 : 0),
      origin: { kind: 'far end', attachment: found[0], who: found[1].who },
    }
  }
  if (name.toLowerCase() === 'internet')
    return { who: { kind: 'internet' }, address: rangeOf(`${SOMEWHERE}/32`).first, origin: { kind: 'internet' } }
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(name)) {
    const address = rangeOf(`${name}/32`).first
    const found = machines.find(({ addresses }) => has(addresses, address))
    if (found) return { who: found.who, address, origin: { kind: 'machine', machine: found } }
    const end = farEnd(
      (_who, home) => home !== undefined && rangeOf(home).first <= address && address <= rangeOf(home).last,
      address,
    )
    if (end) return end
    if (has(compiled.inside, address)) throw new NoSuchParty(`${name}: an address of the platform at which nobody is`)
    return { who: { kind: 'internet' }, address, origin: { kind: 'internet' } }
  }
  const found =
    (config.databases.some(({ id }) => id === name)
      ? farEnd((who) => who.kind === 'database' && who.id === name)
      : undefined) ??
    machine((who) => who.kind === 'desktop' && who.project === name && who.access === 'granted') ??
    machine((who) => who.kind === 'desktop' && who.project === name) ??
    machine((who) => (name === 'desktop' ? who.kind === 'desktop' && who.access === 'granted' : who.kind === name)) ??
    (name.startsWith('store:')
      ? machine((who) => who.kind === 'store' && who.project === name.slice('store:'.length))
      : undefined)
  if (found) return found
  const projects = [...new Set(machines.flatMap(({ who }) => ('project' in who ? [who.project] : [])))]
  throw new NoSuchParty(
    `${name}: nobody of that name; there are desktop, controllers, resolver, store, internet, the databases ${config.databases.map(({ id }) => id).join(', ')}, the projects ${projects.join(', ')}, store:<project>, and every address`,
  )
}

/** The answer as a person reads it. */
export function explanationInWords({
  from,
  to,
  packet,
  arrives,
  answered: back,
  intended,
  path,
  stops,
}: Explanation): string {
  const reaches = arrives
    ? back
      ? `reaches ${to}, and answers come back`
      : `reaches ${to}, but no answer comes back`
    : `does not reach ${to}`
  const judged =
    arrives === intended
      ? arrives
        ? 'as intended'
        : 'and nothing intends it'
      : arrives
        ? 'AND NOTHING INTENDS IT'
        : 'ALTHOUGH IT IS INTENDED'
  return [
    `${from} (${formatAddress(packet.source)}) ${reaches}, ${judged}.`,
    `  ${packetInWords(packet)}`,
    ...(path.length > 0 ? ['', pathInWords(path, '  ')] : []),
    ...stops.map(
      ({ layer, at, why }, index) =>
        `${index === 0 ? '\n  ✗ stopped by' : '  ✗ and without that by'} the ${layer}: ${at}: ${why}`,
    ),
  ].join('\n')
}
