import type { Context } from 'aws-lambda'
import { aggregates } from '#domain/registry.ts'
import { sweep, type SweepEvent } from './handle.ts'

/** Called by the schedule. */
export const handler = (event: SweepEvent, context: Context) => sweep(aggregates, event, context.awsRequestId)
