import type { Actor } from '../kernel/decider.ts'
import type { Entity, EntityUid, RequestContext } from '../ledger/aggregate.ts'
import { principalOf } from './entities.ts'

/**
 * One question to Cedar: spread it into `isAuthorized` together with schema and policies of `policies/<context>`, and
 * `validateRequest: true`. Anything but the decision `allow` without errors is a denial.
 */
export interface AuthorizationRequest {
  principal: EntityUid
  action: EntityUid
  resource: EntityUid
  context: RequestContext
  entities: Entity[]
}

/**
 * May this actor do this to this resource (an aggregate's entity, or `platformEntity` for a list)? `action` is a
 * command's type, or the action of reading. `context` carries what a policy must know of the command itself.
 */
export function authorizationRequest(
  actor: Actor,
  action: string,
  resource: Entity,
  context: RequestContext = {},
): AuthorizationRequest {
  const principal = principalOf(actor)
  return {
    principal: principal.uid,
    action: { type: 'Renkei::Action', id: action },
    resource: resource.uid,
    context,
    entities: [principal, resource],
  }
}
