import type { Context, Decider } from '#domain/kernel/decider.ts'
import type { Refusal } from '#domain/kernel/refusal.ts'
import { replayRecords } from '#domain/ledger/earlier-records.ts'
import {
  append,
  findRepeated,
  headOf,
  readStream,
  type Appended,
  type LedgerPort,
  type StreamAppend,
} from './ledger.ts'
import type { Idempotency } from './requests.ts'
import { keyReused, tooBusy } from './refusals.ts'

/** A command of one stream, decided on that stream alone. */
export interface Decidable<State, Command, Event, Surroundings extends Context> {
  readonly decider: Decider<State, Command, Event, Surroundings>
  readonly stream: string
  readonly command: Command
  readonly context: Context
  /** what else the decision needs to know, read anew for every attempt; left out where the context is all of it */
  readonly surroundings?: (state: State) => Promise<Surroundings>
  readonly idempotency?: Idempotency
  /** decides and appends nothing: what would happen */
  readonly dryRun?: boolean
  /** asked after the stream is read and before anything is decided; a refusal ends it */
  readonly permit?: (state: State) => Promise<readonly Refusal[]> | readonly Refusal[]
  /** what other streams this decision opens or continues, in the same transaction */
  readonly companions?: (
    events: readonly Event[],
    state: State,
  ) => Promise<readonly StreamAppend[] | { readonly refusals: readonly Refusal[] }>
}

export type Outcome =
  | ({ readonly outcome: 'done' } & Appended)
  | { readonly outcome: 'would-do'; readonly events: readonly unknown[] }
  | { readonly outcome: 'denied'; readonly refusals: readonly Refusal[] }
  | { readonly outcome: 'rejected'; readonly refusals: readonly Refusal[] }

/** How often a decision is made anew after losing a race; each loss means that somebody else got on. */
const ATTEMPTS = 8

/**
 * Load, decide, append; again from the start when another append came first, since the decision may now be another.
 * The same request sent twice is answered twice and done once (C-10).
 */
export async function decideAndAppend<State, Command, Event, Surroundings extends Context>(
  port: LedgerPort,
  {
    decider,
    stream,
    command,
    context,
    surroundings,
    idempotency,
    permit,
    companions,
    dryRun = false,
  }: Decidable<State, Command, Event, Surroundings>,
): Promise<Outcome> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const records = await readStream(port, stream)
    const state = replayRecords<State, Event>(decider, records)
    const refusals = (await permit?.(state)) ?? []
    if (refusals.length > 0) return { outcome: 'denied', refusals: refusals }
    const repeated = idempotency && !dryRun && (await findRepeated(port, context.actor, idempotency.key))
    if (repeated)
      return repeated.digest === idempotency.digest
        ? { outcome: 'done', records: repeated.records, receipts: repeated.receipts }
        : { outcome: 'rejected', refusals: [keyReused] }

    const decision = decider.decide(state, command, (await surroundings?.(state)) ?? (context as Surroundings))
    if (!decision.ok) return { outcome: 'rejected', refusals: decision.refusals }
    const others = (await companions?.(decision.events, state)) ?? []
    if ('refusals' in others) return { outcome: 'rejected', refusals: others.refusals }
    if (dryRun) return { outcome: 'would-do', events: decision.events }
    const result = await append(port, {
      at: context.now,
      actor: context.actor,
      idempotency,
      streams: [{ stream, head: headOf(records), events: decision.events }, ...others],
    })
    if (result.ok) return { outcome: 'done', records: result.records, receipts: result.receipts }
    if (result.reason === 'lost-race') await pause(attempt)
  }
  return { outcome: 'rejected', refusals: [tooBusy(ATTEMPTS)] }
}

/** Losers of one race wait for different times, or they race again. */
const pause = (attempt: number) =>
  new Promise((resolve) => {
    setTimeout(resolve, Math.random() * 25 * 2 ** attempt)
  })
