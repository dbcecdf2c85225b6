import type { Instant } from '#domain/kernel/decider.ts'
import type { ProvisionedResource } from '../events.ts'
import type { Tags } from './resource-names.ts'

/** What AWS showed, or that it did not answer: an unanswered question is never read as "there is none" (C-11). */
export type Seen<Value> =
  | { readonly seen: true; readonly value: Value }
  | { readonly seen: false; readonly reason: string }
export const seen = <Value>(value: Value): Seen<Value> => ({ seen: true, value })
export const unseen = (reason: string): Seen<never> => ({ seen: false, reason })

export interface ObservedKey {
  readonly id: string
  readonly arn: string
  /** the project's alias points to it */
  readonly aliased: boolean
  readonly state: 'Enabled' | 'Disabled' | 'PendingDeletion' | 'Other'
  readonly rotates: boolean
}

/** One rule, in one direction, to or from one peer. */
export interface Rule {
  readonly protocol: string
  readonly from: number
  readonly to: number
  /** `prefix-list/pl-…`, `group/sg-…` or `cidr/…` */
  readonly peer: `prefix-list/${string}` | `group/${string}` | `cidr/${string}`
}
export const ruleKey = ({ protocol, from, to, peer }: Rule) => `${protocol} ${from}-${to} ${peer}`

export interface ObservedGroup {
  readonly id: string
  readonly name: string
  readonly egress: readonly Rule[]
  readonly ingress: readonly Rule[]
}

/** `creating`, `available`, `updating`, `deleting`, `deleted`, `error`: EFS's own words. */
type LifeCycle = string

export interface ObservedFileSystem {
  readonly id: string
  readonly state: LifeCycle
  readonly keyArn: string | undefined
  /** the policy as JSON value; undefined where none was put, which lets any client in */
  readonly policy: unknown
  readonly accessPoints: readonly { readonly id: string; readonly state: LifeCycle; readonly clientToken?: string }[]
  readonly mountTargets: readonly { readonly id: string; readonly subnetId: string; readonly state: LifeCycle }[]
}

export interface ObservedUser {
  readonly enabled: boolean
}

/** A WorkSpace in any state but TERMINATED. */
export interface ObservedDesktop {
  readonly id: string
  /** WorkSpaces' own words: PENDING, AVAILABLE, STOPPED, ERROR, UNHEALTHY, TERMINATING, … */
  readonly state: string
  readonly address: string | undefined
  readonly autoStop: boolean
  /** key of both volumes; undefined where either is not encrypted */
  readonly volumeKey: string | undefined
}

export interface ObservedInterface {
  readonly id: string
  readonly address: string
  readonly groups: readonly string[]
  readonly tags: Tags
}

export interface ObservedPerson {
  readonly user: Seen<ObservedUser | undefined>
  readonly desktops: Seen<readonly ObservedDesktop[]>
}

/**
 * What the provisioner wrote down for itself between passes: when it asked for something that has no idempotency key,
 * and since when something is not to be seen. It only ever delays an action; nothing is decided from it alone.
 */
export interface Note {
  readonly at: Instant
  /** the id AWS gave, where the note is of a creation that was answered */
  readonly id?: string
  readonly times?: number
  readonly resource?: ProvisionedResource
}

export interface Observed {
  /** every key that carries this project's tags; the aliased one first */
  readonly keys: Seen<readonly ObservedKey[]>
  readonly groups: Seen<readonly ObservedGroup[]>
  readonly fileSystem: Seen<ObservedFileSystem | undefined>
  readonly people: Readonly<Record<string, ObservedPerson>>
  /** at the addresses of the desktops, and all that carry the project's group or tag */
  readonly interfaces: Seen<readonly ObservedInterface[]>
  readonly notes: Readonly<Record<string, Note>>
}
