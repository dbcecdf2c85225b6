import { platformEntity } from '#domain/people/entities.ts'
import { factorKinds } from '#domain/people/factors.ts'
import { authorizationRequest, type AuthorizationRequest } from '#domain/people/request.ts'
import { hasRole, type Actor } from '#domain/kernel/decider.ts'
import type { Refusal } from '#domain/kernel/refusal.ts'
import type { AnyAggregate, Entity, RequestContext, Typed } from '#domain/ledger/aggregate.ts'
import { forOperator, NOT_PERMITTED, notPermitted, oneFactor } from './refusals.ts'

/** One aggregate in its present state. */
export interface Target {
  readonly aggregate: AnyAggregate
  readonly id: string
  readonly state: unknown
}

/** Cedar's answer to one question; `permitted` of `cedar.ts`, or a test's own evaluator. */
export type Evaluator = (request: AuthorizationRequest) => Promise<boolean>

/**
 * Asks the policies of `policies/<context>` on every call, wherever it comes from (ARC-4). Answers are empty, or say
 * why not.
 */
export class Authorizer {
  readonly #permitted: Evaluator

  constructor(permitted: Evaluator) {
    this.#permitted = permitted
  }

  /** May this actor do this to the resource, or to the platform as a whole where it is a list? */
  async on(
    actor: Actor,
    action: string,
    resource: Entity = platformEntity(),
    context: RequestContext = {},
  ): Promise<readonly Refusal[]> {
    if (await this.#permitted(authorizationRequest(actor, action, resource, context))) return []
    return [factorKinds(actor.factors) < 2 ? oneFactor : notPermitted(action)]
  }

  /** The same of an aggregate in its present state; one that nobody outside sees permits nothing. */
  async onAggregate(
    actor: Actor,
    action: string,
    { aggregate: { authorization, commands }, id, state }: Target,
    command?: Typed,
  ): Promise<readonly Refusal[]> {
    if (authorization === undefined) return [notPermitted(action)]
    const context = command === undefined ? {} : (authorization.context?.(command) ?? {})
    const refusals = await this.on(actor, action, authorization.entity(id, state), context)
    const by = commands?.documents[action]?.by
    // An operator sees every application and project anyway, so the reason tells them nothing about which there are.
    return by !== undefined && hasRole(actor, 'operator')
      ? refusals.map((refusal) => (refusal.code === NOT_PERMITTED ? forOperator(refusal, by) : refusal))
      : refusals
  }
}
