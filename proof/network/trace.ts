import type { Location } from './compiled/compiled.ts'
import type { Box } from './headers.ts'
import type { Id } from './model/network.ts'

/** What can stop a packet, each by itself. */
export type Layer = 'source group' | 'network ACL' | 'routes' | 'firewall' | 'destination group'

/** One filter or table on the way of packets, and the rule of it that let them go on. */
export interface Hop {
  readonly at: string
  readonly rule: string
}

/** The hops of packets, in order. */
export type Trace = readonly Hop[]

/** Packets that got somewhere. */
export interface Arrival {
  /** where they are now */
  readonly at: Location
  readonly box: Box
  readonly trace: Trace
  /** the firewalls that they crossed */
  readonly firewalls: readonly Id[]
  /** the one layer that would have stopped them; only of a walk that ignores one */
  readonly ignored?: Layer
}

/** Packets that something stopped. */
export interface Stop {
  readonly layer: Layer
  readonly at: string
  readonly why: string
  readonly box: Box
  readonly trace: Trace
}
