import { applicationAggregate } from './application/aggregate.ts'
import type { AnyAggregate } from './ledger/aggregate.ts'
import { projectAggregate } from './project/aggregate.ts'
import { cellAggregate } from './project/cell.ts'

/** Every aggregate of the platform; functions, API, command and documents iterate over this list. */
export const aggregates: readonly AnyAggregate[] = [applicationAggregate, projectAggregate, cellAggregate]
