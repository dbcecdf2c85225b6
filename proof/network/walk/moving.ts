import type { Hop, Layer, Trace } from '../trace.ts'
import { boxWithout, type Box } from '../headers.ts'
import { intersect, isEmpty, type Intervals } from '../intervals.ts'
import type { Id } from '../model/network.ts'

/** The last hop of packets, with those before it: walks that part share their beginning. */
interface LastHop {
  readonly hop: Hop
  readonly before: LastHop | undefined
}

/** Packets on their way. */
export interface Moving {
  readonly box: Box
  readonly last: LastHop | undefined
  /** firewalls that they crossed */
  readonly firewalls: readonly Id[]
  /** attachments by which they entered a Transit Gateway */
  readonly entered: readonly Id[]
  /** the one layer that would have stopped them */
  readonly ignored: Layer | undefined
}

export const starting = (box: Box): Moving => ({
  box,
  last: undefined,
  firewalls: [],
  entered: [],
  ignored: undefined,
})

/** The packets of a box that a rule lets on, with the hop that it adds. */
export function hop(moving: Moving, at: string, rule: string, box = moving.box): Moving {
  const { last: before, firewalls, entered, ignored } = moving
  return { box, last: { hop: { at, rule }, before }, firewalls, entered, ignored }
}

/** The packets to some addresses, if there are any. */
export function toward({ box, last, firewalls, entered, ignored }: Moving, addresses: Intervals): Moving | undefined {
  const destination = intersect(box.destination, addresses)
  if (isEmpty(destination)) return undefined
  const { source, protocol, sourcePort, destinationPort } = box
  return { box: { source, destination, protocol, sourcePort, destinationPort }, last, firewalls, entered, ignored }
}

/** The parts of a box that are in none of the given ones. */
export function remainder(box: Box, passed: readonly { readonly box: Box }[]): readonly Box[] {
  let rest: readonly Box[] = [box]
  for (const part of passed) rest = rest.flatMap((each) => boxWithout(each, part.box))
  return rest
}

export function traceOf(last: LastHop | undefined): Trace {
  const hops: Hop[] = []
  for (let at = last; at; at = at.before) hops.push(at.hop)
  return hops.reverse()
}
