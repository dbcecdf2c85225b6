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
  /** kinds of factor the person proved in this session (AUTH-1), e.g. `['pwd', 'otp']`; empty for a machine */
  readonly factors: readonly string[]
}

export type Role = 'applicant' | 'handler' | 'reviewer' | 'holder' | 'operator' | 'system'

/** Why a command was refused: what, where, why and what to do; never a stack trace. */
export interface Rejection {
  readonly code: string
  readonly message: string
  /** path into the command, where the fault is in its data */
  readonly path?: string
  readonly requirement?: string
  readonly remedy: string
}

export type Decision<Event> =
  | { readonly ok: true, readonly events: readonly Event[] }
  | { readonly ok: false, readonly rejections: readonly Rejection[] }

export const accept = <Event>(...events: readonly Event[]): Decision<Event> => ({ ok: true, events })
export const reject = (...rejections: readonly Rejection[]): Decision<never> => ({ ok: false, rejections })

/** `decide` says what happens, `evolve` what is then true. Both pure. */
export interface Decider<State, Command, Event> {
  readonly initial: State
  decide(state: State, command: Command, context: Context): Decision<Event>
  evolve(state: State, event: Event): State
}

export interface Context {
  readonly now: Instant
  readonly actor: Actor
}
