import { replay, type Actor, type Context } from '#domain/kernel/decider.ts'
import type { Refusal } from '#domain/kernel/refusal.ts'
import type { AnyAggregate, CompanionStream, Typed } from '#domain/ledger/aggregate.ts'
import { decideAndAppend, type Outcome } from './handle-command.ts'
import type { StreamAppend } from './ledger.ts'
import type { Idempotency } from './requests.ts'
import { AttemptReader, type Sources } from './reader.ts'

/** A command on one aggregate of the registry. */
export interface CommandOn {
  readonly aggregate: AnyAggregate
  readonly id: string
  readonly command: Typed
  readonly context: Context
  readonly idempotency?: Idempotency
  /** decides and appends nothing */
  readonly dryRun?: boolean
  /** asked before anything is decided; a machine of the platform needs none, its own role is its permit */
  readonly permit?: (state: unknown) => Promise<readonly Refusal[]>
}

/** A function of the platform as the one who acts. */
export const machine = (name: string): Actor => ({
  id: `system/${name}`,
  organisation: 'renkei',
  roles: ['system'],
  factors: [],
})

/**
 * Decides a command of any aggregate and appends what follows from it, companions included: what other aggregates of
 * the registry do in their own streams stands or falls in the same transaction (CON-2).
 */
export function commandOn(
  sources: Sources,
  aggregates: readonly AnyAggregate[],
  { aggregate, id, command, context, idempotency, dryRun, permit }: CommandOn,
): Promise<Outcome> {
  const companions = aggregates.flatMap((each) => each.companions ?? []).filter(({ of }) => of === aggregate.name)
  let reader = new AttemptReader(sources)
  return decideAndAppend<unknown, Typed, Typed, Context>(sources.port, {
    decider: aggregate.decider,
    stream: `${aggregate.name}/${id}`,
    command,
    context,
    idempotency,
    dryRun,
    permit,
    surroundings: async (state) => {
      reader = new AttemptReader(sources)
      const found = await Promise.all([
        aggregate.surroundings?.(reader, id, command, state),
        ...companions.map((each) => each.surroundings?.(reader, command, id)),
      ])
      return Object.assign({}, ...found, context) as Context
    },
    companions: async (events, before) => {
      const after = replay({ initial: before, evolve: aggregate.decider.evolve }, events)
      const streams: StreamAppend[] = []
      for (const companion of companions) {
        const decision = await companion.follow({ reader, id, events, before, after, context })
        if (!decision.ok) return { refusals: decision.refusals }
        streams.push(...decision.events.map((each) => continued(reader, each)))
      }
      return streams
    },
  })
}

const continued = (reader: AttemptReader, { stream, events }: CompanionStream): StreamAppend => ({
  stream,
  head: reader.headOf(stream),
  events,
})
