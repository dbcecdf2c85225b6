import { applicationEntity, platformEntity, projectEntity } from '#domain/people/entities.ts'
import { factorKinds } from '#domain/people/factors.ts'
import { authorizationRequest, type Action, type RequestContext } from '#domain/people/request.ts'
import type { Application } from '#domain/application/state.ts'
import type { Actor, Rejection } from '#domain/kernel/decider.ts'
import type { Project } from '#domain/project/state.ts'
import { permitted } from './cedar.ts'

/** What an action is asked of: one aggregate in its present state, or the platform where it is a list. */
export type Target =
  | { readonly aggregate: 'application'; readonly id: string; readonly state: Application }
  | { readonly aggregate: 'project'; readonly id: string; readonly state: Project }
  | { readonly aggregate: 'platform' }

/** Empty where the policies of `policies/people` let the actor; otherwise why not (ARC-4: on every call, wherever it comes from). */
export async function authorize(
  actor: Actor,
  action: Action,
  target: Target,
  context: RequestContext = {},
): Promise<readonly Rejection[]> {
  if (await permitted(authorizationRequest(actor, action, entityOf(target), context))) return []
  return [factorKinds(actor.factors) < 2 ? oneFactor : notPermitted(action)]
}

function entityOf(target: Target) {
  switch (target.aggregate) {
    case 'application':
      return applicationEntity(target.id, target.state)
    case 'project':
      return projectEntity(target.id, target.state)
    case 'platform':
      return platformEntity()
  }
}

const oneFactor: Rejection = {
  code: 'request.one-factor',
  message: 'this session was opened with one kind of factor',
  requirement: 'AUTH-1',
  remedy: 'sign in again with two factors of different kinds, e.g. password and one-time code',
}

/** Does not say which rule refused, nor whether the thing exists. */
const notPermitted = (action: Action): Rejection => ({
  code: 'request.not-permitted',
  message: `you may not do this (${action})`,
  requirement: 'ARC-4',
  remedy: 'ask an operator which role it needs; a role is given by the application, not by hand',
})
