import type { APIGatewayProxyEvent } from 'aws-lambda'
import { aggregates } from '#domain/registry.ts'
import { Authorizer } from '#lambda/people/authorize.ts'
import { permitted } from '#lambda/people/cedar.ts'
import { handleQuery } from './handle.ts'

const control = { aggregates, authorizer: new Authorizer(permitted) }

/** The `GET` half of the API. */
export const handler = (event: APIGatewayProxyEvent) => handleQuery(control, event)
