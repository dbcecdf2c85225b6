import type { APIGatewayProxyEvent } from 'aws-lambda'
import { aggregates } from '#domain/registry.ts'
import { Authorizer } from '#lambda/people/authorize.ts'
import { permitted } from '#lambda/people/cedar.ts'
import { handleCommandRequest } from './handle.ts'

const control = { aggregates, authorizer: new Authorizer(permitted) }

/** `POST /v1/commands`. */
export const handler = (event: APIGatewayProxyEvent) => handleCommandRequest(control, event)
