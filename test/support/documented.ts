import type { Decision } from '#domain/kernel/decider.ts'
import type { AnyAggregate, Typed } from '#domain/ledger/aggregate.ts'

/**
 * A decision, if the document of its command names every code it is refused with: so each test of a rule holds
 * docs/api.md too.
 */
export function documented<D extends Decision<unknown>>({ commands }: AnyAggregate, { type }: Typed, decision: D): D {
  const document = commands?.documents[type]
  if (decision.ok || document === undefined) return decision
  const unnamed = decision.refusals.filter(({ code }) => !document.refusals.includes(code)).map(({ code }) => code)
  if (unnamed.length > 0) throw new Error(`the document of ${type} does not name ${[...new Set(unnamed)].join(', ')}`)
  return decision
}
