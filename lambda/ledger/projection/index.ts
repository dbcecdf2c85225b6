import type { Context, DynamoDBStreamEvent } from 'aws-lambda'
import { aggregates } from '#domain/registry.ts'
import { followLedger } from './handle.ts'

/** Consumes the stream of the ledger's table. */
export const handler = (event: DynamoDBStreamEvent, context: Context) => followLedger(aggregates, event, context)
