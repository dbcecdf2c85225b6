import { applicationEntity, platformEntity, projectEntity } from '#domain/people/entities.ts'
import { factorKinds } from '#domain/people/factors.ts'
import { authorizationRequest, type Action, type RequestContext } from '#domain/people/request.ts'
import type { Application } from '#domain/application/state.ts'
import type { Actor } from '#domain/kernel/decider.ts'
import type { Refusal } from '#domain/kernel/refusal.ts'
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
): Promise<readonly Refusal[]> {
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

const oneFactor: Refusal = {
  code: 'request.one-factor',
  what: {
    en: 'this session was opened with one kind of factor',
    ja: 'このセッションは一種類の要素のみで認証されています。',
  },
  why: {
    en: 'every person signs in with two factors of different kinds',
    ja: '全ての利用者は、種別の異なる二要素で認証します。',
  },
  next: {
    en: 'sign in again with two factors of different kinds, e.g. password and one-time code',
    ja: '種別の異なる二要素（例：パスワードとワンタイムコード）でサインインし直してください。',
  },
  requirement: 'AUTH-1',
}

/** Does not say which rule refused, nor whether the thing exists. */
const notPermitted = (action: Action): Refusal => ({
  code: 'request.not-permitted',
  what: { en: `you may not do this (${action})`, ja: `この操作（${action}）は許可されていません。` },
  why: {
    en: 'every request is allowed by role and by the part one has in the very application or project, or not at all',
    ja: '全ての要求は、役割と、その申出又は研究プロジェクトでの立場に基づいて個別に認可します。',
  },
  next: {
    en: 'check the id; if it is right, ask an operator which role it needs: roles follow from the application',
    ja: 'IDを確認してください。正しい場合は、必要な役割を運用者に確認してください。役割は申出に基づいて付与します。',
  },
  requirement: 'ARC-4',
})
