import {
  fromPairs,
  has,
  interval,
  intersect as common,
  isEmpty as none,
  size,
  subtract as without,
  type Intervals,
} from './intervals.ts'

/** The dimensions of a packet's header that routes, rules and groups look at. */
const DIMENSIONS = ['source', 'destination', 'protocol', 'sourcePort', 'destinationPort'] as const
export type Dimension = (typeof DIMENSIONS)[number]

/** A product of five sets: every packet whose each field is in the set of that field. */
export type Box = Readonly<Record<Dimension, Intervals>>

/** An exact set of packets: the union of disjoint boxes. */
export type Headers = readonly Box[]

/** One packet. */
export type Packet = Readonly<Record<Dimension, number>>

/** Addresses, IANA protocol numbers, ports; protocols without ports are taken to have all of them. */
export const ALL: Readonly<Record<Dimension, Intervals>> = {
  source: interval(0, 0xffffffff),
  destination: interval(0, 0xffffffff),
  protocol: interval(0, 255),
  sourcePort: interval(0, 65_535),
  destinationPort: interval(0, 65_535),
}

export const NOTHING: Headers = []

/** The packets whose named fields are in the given sets; fields not named are free. */
export function headers(fields: Partial<Box>): Headers {
  const box = { ...ALL, ...fields }
  return DIMENSIONS.some((dimension) => none(box[dimension])) ? NOTHING : [box]
}

/** The set that holds one packet alone. */
export const boxOf = (packet: Packet): Box => ({
  source: interval(packet.source, packet.source),
  destination: interval(packet.destination, packet.destination),
  protocol: interval(packet.protocol, packet.protocol),
  sourcePort: interval(packet.sourcePort, packet.sourcePort),
  destinationPort: interval(packet.destinationPort, packet.destinationPort),
})

export const isEmpty = (set: Headers) => set.length === 0

/** The order in which dimensions tell boxes apart soonest. */
const QUICKEST: readonly Dimension[] = ['destination', 'protocol', 'destinationPort', 'source', 'sourcePort']

export function commonBox(a: Box, b: Box): Box | undefined {
  // Most pairs of boxes share nothing, and that shows at the ends of their sets.
  for (const dimension of QUICKEST) {
    const x = a[dimension]
    const y = b[dimension]
    if (x !== y && (x[x.length - 1]! < y[0]! || y[y.length - 1]! < x[0]!)) return undefined
  }
  const destination = same(a.destination, b.destination)
  if (none(destination)) return undefined
  const protocol = same(a.protocol, b.protocol)
  if (none(protocol)) return undefined
  const destinationPort = same(a.destinationPort, b.destinationPort)
  if (none(destinationPort)) return undefined
  const source = same(a.source, b.source)
  if (none(source)) return undefined
  const sourcePort = same(a.sourcePort, b.sourcePort)
  if (none(sourcePort)) return undefined
  return { source, destination, protocol, sourcePort, destinationPort }
}

const same = (a: Intervals, b: Intervals) => (a === b ? a : common(a, b))

export function intersect(a: Headers, b: Headers): Headers {
  const result: Box[] = []
  for (const x of a)
    for (const y of b) {
      const box = commonBox(x, y)
      if (box) result.push(box)
    }
  return result
}

/** The packets of one box that are not in another, as disjoint boxes: one a dimension at the most. */
export function boxWithout(a: Box, b: Box): Headers {
  const overlap = commonBox(a, b)
  if (!overlap) return [a]
  const result: Box[] = []
  let rest = a
  for (const dimension of DIMENSIONS) {
    const outside = without(rest[dimension], overlap[dimension])
    if (!none(outside)) result.push({ ...rest, [dimension]: outside })
    rest = { ...rest, [dimension]: overlap[dimension] }
  }
  return result
}

export function subtract(a: Headers, b: Headers): Headers {
  let rest = a
  for (const box of b) {
    if (rest.length === 0) break
    rest = rest.flatMap((part) => boxWithout(part, box))
  }
  return rest
}

export const union = (a: Headers, b: Headers): Headers => merge([...a, ...subtract(b, a)])

const isSubset = (a: Headers, b: Headers) => isEmpty(subtract(a, b))
export const equals = (a: Headers, b: Headers) => isSubset(a, b) && isSubset(b, a)

/** Joins boxes that differ in one dimension only, so that unions of many rules stay short. */
function merge(set: Headers): Headers {
  let boxes = [...set]
  for (const dimension of DIMENSIONS) {
    const groups = new Map<string, Box[]>()
    for (const box of boxes) {
      const key = DIMENSIONS.filter((other) => other !== dimension)
        .map((other) => box[other].join(','))
        .join(';')
      groups.set(key, [...(groups.get(key) ?? []), box])
    }
    if (groups.size === boxes.length) continue
    boxes = [...groups.values()].map((group) =>
      group.length === 1 ? group[0]! : { ...group[0]!, [dimension]: joinAll(group.map((box) => box[dimension])) },
    )
  }
  return boxes
}

const joinAll = (sets: readonly Intervals[]) =>
  fromPairs(
    sets.flatMap((set) => Array.from({ length: set.length / 2 }, (_, at) => [set[2 * at]!, set[2 * at + 1]!] as const)),
  )

/** The answers to these packets: source and destination change places. */
export const reversed = (set: Headers): Headers =>
  set.map((box) => ({
    source: box.destination,
    destination: box.source,
    protocol: box.protocol,
    sourcePort: box.destinationPort,
    destinationPort: box.sourcePort,
  }))

export const contains = (set: Headers, packet: Packet) =>
  set.some((box) => DIMENSIONS.every((dimension) => has(box[dimension], packet[dimension])))

/** One packet of a set, the lowest of its first box: what a counterexample shows. */
export function example(set: Headers): Packet | undefined {
  const [box] = set
  return box && (Object.fromEntries(DIMENSIONS.map((dimension) => [dimension, box[dimension][0]])) as unknown as Packet)
}

/** How many packets there are; exact, because the boxes are disjoint. */
export const count = (set: Headers): bigint =>
  set.reduce(
    (sum, box) => sum + DIMENSIONS.reduce((product, dimension) => product * BigInt(size(box[dimension])), 1n),
    0n,
  )
