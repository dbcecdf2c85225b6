import type { ApplicationCommandType } from '../application/commands.ts'
import type { Actor } from '../kernel/decider.ts'
import type { ProjectCommandType } from '../project/commands.ts'
import { principalOf, type AttributeValue, type Entity, type EntityUid } from './entities.ts'

type ReadAction = 'ReadApplication' | 'ReadProject' | 'ReadLedger' | 'ListProjects'
/** Every action of the schema that somebody can ask for; `OpenProject` is none, so that nothing permits it. */
export type Action = ApplicationCommandType | Exclude<ProjectCommandType, 'OpenProject'> | ReadAction

/** What a policy must know of the command itself. */
export type RequestContext = Record<string, AttributeValue>

/**
 * One question to Cedar: spread it into `isAuthorized` together with schema and policies of `policies/people`, and
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
 * May this actor do this to this resource (`applicationEntity`, `projectEntity`, `platformEntity`)?
 * `context` carries what a policy must know of the command itself: `{ database }` for `Decide`, `{ person }` for `RemoveHandler`, else nothing.
 */
export function authorizationRequest(
  actor: Actor,
  action: Action,
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
