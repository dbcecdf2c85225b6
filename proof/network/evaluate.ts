import type { Compiled, Location } from './compiled/compiled.ts'
import { ALL, reversed, type Box, type Headers } from './headers.ts'
import { interval, subtract } from './intervals.ts'
import type { Id } from './model/network.ts'
import type { Arrival, Layer, Stop } from './trace.ts'
import type { WalkMode } from './walk/filters.ts'
import { SetWalk } from './walk/set-walk.ts'

/** Loopback addresses never leave a machine (RFC 1122, 3.2.1.3); groups that let nothing out name one. */
const LEAVING = subtract(ALL.destination, interval(127 * 2 ** 24, 128 * 2 ** 24 - 1))

/** What a location may write into a packet: EC2 checks the source of its own interfaces; of others nobody does. */
export function emitted(compiled: Compiled, from: Location): Box {
  const box = { ...ALL, destination: LEAVING }
  if (from.kind === 'interface') return { ...box, source: from.addresses }
  return from.kind === 'internet' ? { ...box, source: compiled.outside } : box
}

const walk = (compiled: Compiled, from: Location, box: Box, mode: WalkMode): Arrival[] =>
  new SetWalk(compiled, from, mode).send(box)

/** Sends a set of packets on its way, and gives everything that arrives. */
export const send = (compiled: Compiled, from: Location, box: Box): Arrival[] => walk(compiled, from, box, {})

/**
 * The same, and beside it everything that would arrive if any one layer were not there, each with the layer that was
 * ignored. What carries the source group or the routes as ignored may arrive with them too; the rest does not. It is
 * made while it is read, and can be read once: there is much of it.
 */
export function sendIgnoringOneLayer(
  compiled: Compiled,
  from: Location,
  box: Box,
): { readonly arrivals: readonly Arrival[]; readonly ignoring: Iterable<Arrival> } {
  const all = walk(compiled, from, box, { ignorable: ['network ACL', 'firewall', 'destination group'] })
  const removable = from.kind === 'interface' ? (['source group', 'routes'] as const) : (['routes'] as const)
  function* ignoring(): Generator<Arrival> {
    yield* all.filter(({ ignored }) => ignored !== undefined)
    for (const layer of removable) yield* walk(compiled, from, box, { removed: layer })
  }
  return { arrivals: all.filter(({ ignored }) => ignored === undefined), ignoring: ignoring() }
}

/** Sends answers of connections that these firewalls saw begin; groups and those firewalls let them through. */
const sendAnswers = (compiled: Compiled, from: Location, box: Box, firewalls: readonly Id[]): Arrival[] =>
  walk(compiled, from, box, { answersThrough: firewalls })

/** Sends packets and writes down what stops them, where and why; with a layer to ignore, what would stop them then. */
export function sendRecordingStops(
  compiled: Compiled,
  from: Location,
  box: Box,
  ignored?: Layer,
): { readonly arrivals: readonly Arrival[]; readonly stops: readonly Stop[] } {
  const stops: Stop[] = []
  const arrivals = walk(compiled, from, box, { stops, ...without(ignored) })
  return { arrivals, stops: stops.filter(({ layer }) => layer !== ignored) }
}

/** Where packets begin, and where they go, a layer is removed; on the way they are let past it. */
function without(layer: Layer | undefined): Pick<WalkMode, 'removed' | 'ignorable'> {
  if (layer === undefined) return {}
  return layer === 'source group' || layer === 'routes' ? { removed: layer } : { ignorable: [layer] }
}

/** The part of what arrived whose answers find their way back, through the same firewalls. */
export function answered(compiled: Compiled, from: Location, arrival: Arrival): Headers {
  if (arrival.at.kind === 'internet') return [arrival.box]
  const [answer] = reversed([arrival.box])
  return sendAnswers(compiled, arrival.at, answer!, arrival.firewalls)
    .filter(({ at, firewalls }) => at === from && arrival.firewalls.every((id) => firewalls.includes(id)))
    .flatMap(({ box }) => reversed([box]))
}
