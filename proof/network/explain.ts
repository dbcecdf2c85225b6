import { Obstacle } from '#domain/kernel/obstacle.ts'
import { rangeOf } from '#lib/kernel/config/addresses.ts'
import type { Config } from '#lib/kernel/config/load.ts'
import { compile } from './compile.ts'
import { INTERNET, type Compiled, type Location } from './compiled/compiled.ts'
import { answered, sendRecordingStops } from './evaluate.ts'
import type { Layer, Stop, Trace } from './trace.ts'
import type { Grants } from './grants.ts'
import { boxOf, type Packet } from './headers.ts'
import { intendedFlows } from './intent.ts'
import { has } from './intervals.ts'
import { nameOf, type Network, type Party } from './model/network.ts'

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
  /** hops that let it on */
  readonly trace: Trace
  /** what stops it, and what would stop it if the first were not there */
  readonly stops: readonly { readonly layer: Layer; readonly at: string; readonly why: string }[]
}

/** A question names somebody who is not there. */
export class NoSuchParty extends Obstacle {
  constructor(name: string, why: string) {
    super({
      code: 'network.unknown-party',
      what: name,
      why,
      next: './renkei network explain --from P-FIRST --to NDB',
    })
  }
}

/** Where Linux opens connections from: the first of its range. */
const FIRST_EPHEMERAL = 32_768
/** An address that is nobody's (RFC 5737), to stand for the Internet. */
const SOMEWHERE = '198.51.100.1'
const HTTPS = 443
const KERBEROS = 88
const NFS = 2049

/** A side of a question: a location, and its address that is asked about. */
interface Asked {
  readonly location: Location
  readonly address: number
}

/** Follows one packet through the network. Throws `NoSuchParty` where a side names nobody. */
export function explain(network: Network, config: Config, grants: Grants, question: Question): Explanation {
  const compiled = compile(network)
  const from = sideOf(compiled, config, question.from)
  const to = sideOf(compiled, config, question.to)
  const packet: Packet = {
    source: from.address,
    destination: to.address,
    protocol: question.protocol === 'udp' ? 17 : 6,
    sourcePort: FIRST_EPHEMERAL,
    destinationPort: question.port ?? usualPort(config, to.location.party),
  }
  const { arrivals, stops } = sendRecordingStops(compiled, from.location, boxOf(packet))
  const arrival = arrivals.find(({ at }) => nameOf(at.party) === nameOf(to.location.party))
  const [first] = arrival ? [] : stops
  return {
    from: nameOf(from.location.party),
    to: nameOf(to.location.party),
    packet,
    intended: isIntended(config, grants, question, { from, to, port: packet.destinationPort }),
    arrives: arrival !== undefined,
    answered: arrival !== undefined && answered(compiled, from.location, arrival).length > 0,
    trace: arrival?.trace ?? first?.trace ?? [],
    stops: first ? withSecond(compiled, from.location, packet, first) : [],
  }
}

function usualPort({ databases }: Config, party: Party): number {
  if (party.kind === 'database') return databases.find(({ id }) => id === party.id)?.service.port ?? HTTPS
  if (party.kind === 'store') return NFS
  return party.kind === 'controllers' ? KERBEROS : HTTPS
}

const isIntended = (
  config: Config,
  grants: Grants,
  { protocol = 'tcp' }: Question,
  { from, to, port }: { readonly from: Asked; readonly to: Asked; readonly port: number },
): boolean =>
  intendedFlows(config, grants).some(
    (flow) =>
      nameOf(flow.from) === nameOf(from.location.party) &&
      nameOf(flow.to) === nameOf(to.location.party) &&
      (flow.protocol === 'all' || flow.protocol === protocol) &&
      flow.ports[0] <= port &&
      port <= flow.ports[1],
  )

/** What stops the packet first, and what would stop it if that layer were ignored. */
function withSecond(compiled: Compiled, from: Location, packet: Packet, first: Stop): Explanation['stops'] {
  const [second] = sendRecordingStops(compiled, from, boxOf(packet), first.layer).stops
  return [first, ...(second ? [second] : [])].map(({ layer, at, why }) => ({ layer, at, why }))
}

const ADDRESS = /^\d{1,3}(\.\d{1,3}){3}$/

function sideOf(compiled: Compiled, config: Config, name: string): Asked {
  if (name.toLowerCase() === 'internet') return { location: INTERNET, address: addressAt(SOMEWHERE) }
  return ADDRESS.test(name) ? atAddress(compiled, name) : named(compiled, config, name)
}

const addressAt = (text: string): number => rangeOf(`${text}/32`).first

/** Whoever has an address; an address that is not the platform's is on the Internet. */
function atAddress({ interfaces, connections, inside, network }: Compiled, text: string): Asked {
  const address = addressAt(text)
  const location =
    interfaces.find(({ addresses }) => has(addresses, address)) ??
    [...connections.values()].find(({ attachment, home }) => homeOf(network, attachment) && has(home, address))
  if (location) return { location, address }
  if (has(inside, address)) throw new NoSuchParty(text, 'an address of the platform at which nobody is')
  return { location: INTERNET, address }
}

/** A database, a desktop of a project, the first of a kind, or a project's store. */
function named(compiled: Compiled, config: Config, name: string): Asked {
  const { interfaces } = compiled
  const at = (test: (party: Party) => boolean): Asked | undefined => {
    const location = interfaces.find(({ party }) => test(party))
    return location && { location, address: location.addresses[0]! }
  }
  const granted = (party: Party) => party.kind === 'desktop' && party.access === 'granted'
  const found =
    database(compiled, config, name) ??
    at((party) => granted(party) && 'project' in party && party.project === name) ??
    at((party) => party.kind === 'desktop' && party.project === name) ??
    at((party) => (name === 'desktop' ? granted(party) : party.kind === name)) ??
    at((party) => party.kind === 'store' && `store:${party.project}` === name)
  if (found) return found
  throw new NoSuchParty(name, whoIsThere(compiled, config))
}

function database({ connections, network }: Compiled, config: Config, name: string): Asked | undefined {
  if (!config.databases.some(({ id }) => id === name)) return undefined
  const location = [...connections.values()].find(({ party }) => party.kind === 'database' && party.id === name)
  if (!location) return undefined
  const home = homeOf(network, location.attachment)
  return { location, address: home ? rangeOf(home).first + 1 : 0 }
}

/** The network that the far end of a connection stands for, where the configuration says so. */
function homeOf({ attachments }: Network, attachment: string): string | undefined {
  const found = attachments[attachment]
  return found?.kind === 'vpn' ? found.home : undefined
}

function whoIsThere({ interfaces }: Compiled, { databases }: Config): string {
  const projects = new Set(interfaces.flatMap(({ party }) => ('project' in party ? [party.project] : [])))
  return [
    'nobody of that name; there are desktop, controllers, resolver, store, internet',
    `the databases ${databases.map(({ id }) => id).join(', ')}`,
    `the projects ${[...projects].join(', ')}`,
    'store:<project>, and every address',
  ].join(', ')
}
