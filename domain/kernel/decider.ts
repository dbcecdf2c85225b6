import type { Refusal } from './refusal.ts'

/**
 * The words every aggregate shares. Pure: no clock, no randomness, no AWS (time and ids come in as parameters).
 */

/** Seconds-precision or finer UTC instant, `2026-11-22T02:03:04.000Z`. */
export type Instant = string
/** Calendar date in Japan, `2026-11-22`. */
export type JapanDate = string

/** Who acts: always one natural person (AUTH-3) or a named machine of the platform. */
export interface Actor {
  /** the identity provider's stable id of the person, or `system/<function>` */
  readonly id: string
  readonly organisation: string
  readonly roles: readonly Role[]
  /** what the person proved in this session (AUTH-1), as `amr` values, e.g. `['pwd', 'otp']`; empty for a machine */
  readonly factors: readonly string[]
  /** ids of the databases a holder answers for; absent for everybody else */
  readonly databases?: readonly string[]
}

export type Role = 'applicant' | 'handler' | 'reviewer' | 'holder' | 'operator' | 'system'

export type Decision<Event> =
  | { readonly ok: true; readonly events: readonly Event[] }
  | { readonly ok: false; readonly refusals: readonly Refusal[] }

/** No events is a valid answer: the command is already true, and sending it again changes nothing (C-10). */
export const accept = <Event>(...events: readonly Event[]): Decision<Event> => ({ ok: true, events })
export const refuse = (...refusals: readonly Refusal[]): Decision<never> => ({ ok: false, refusals })

/** `decide` says what happens, `evolve` what is then true. Both pure. */
export interface Decider<State, Command, Event, Surroundings extends Context = Context> {
  readonly initial: State
  decide(state: State, command: Command, context: Surroundings): Decision<Event>
  evolve(state: State, event: Event): State
}

export interface Context {
  readonly now: Instant
  readonly actor: Actor
}

/** The state after a whole stream. */
export function replay<State, Event>(
  decider: Pick<Decider<State, never, Event>, 'initial' | 'evolve'>,
  events: Iterable<Event>,
): State {
  let state = decider.initial
  for (const event of events) state = decider.evolve(state, event)
  return state
}

const JAPAN_OFFSET_MS = 9 * 60 * 60 * 1000

/** The calendar date in Japan at an instant (UTC+9, no summer time). Throws RangeError for what is not an instant. */
export function japanDate(instant: Instant): JapanDate {
  return new Date(Date.parse(instant) + JAPAN_OFFSET_MS).toISOString().slice(0, 10)
}

/** The first instant after a day in Japan: what is allowed until that day, inclusive, ends here. */
export function endOfJapanDay(date: JapanDate): Instant {
  return new Date(Date.parse(`${date}T00:00:00.000Z`) + 24 * 60 * 60 * 1000 - JAPAN_OFFSET_MS).toISOString()
}

export const hasRole = (actor: Actor, role: Role) => actor.roles.includes(role)

/** A machine of the platform: its role and its id must both say so. */
export const isMachine = (actor: Actor) => hasRole(actor, 'system') && actor.id.startsWith('system/')
