import type { AnyAggregate } from '#domain/ledger/aggregate.ts'
import type { Authorizer } from '../people/authorize.ts'

/** What the functions of the control plane are made of: the registry, and who is asked whether somebody may. */
export interface Control {
  readonly aggregates: readonly AnyAggregate[]
  readonly authorizer: Authorizer
}
