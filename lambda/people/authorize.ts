import { platformEntity } from '#domain/people/entities.ts'
import { factorKinds } from '#domain/people/factors.ts'
import { authorizationRequest, type AuthorizationRequest } from '#domain/people/request.ts'
import type { Actor } from '#domain/kernel/decider.ts'
import type { Refusal } from '#domain/kernel/refusal.ts'
import type { AnyAggregate, Entity, RequestContext, Typed } from '#domain/ledger/aggregate.ts'

/** One aggregate in its present state. */
export interface Target {
  readonly aggregate: AnyAggregate
  readonly id: string
  readonly state: unknown
}

/** Cedar's answer to one question; `permitted` of `cedar.ts`, or a test's own evaluator. */
export type Evaluator = (request: AuthorizationRequest) => Promise<boolean>

/** Asks the policies of `policies/<context>` on every call, wherever it comes from (ARC-4). Answers are empty, or say why not. */
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
    { aggregate: { authorization }, id, state }: Target,
    command?: Typed,
  ): Promise<readonly Refusal[]> {
    if (authorization === undefined) return [notPermitted(action)]
    const context = command === undefined ? {} : (authorization.context?.(command) ?? {})
    return this.on(actor, action, authorization.entity(id, state), context)
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
const notPermitted = (action: string): Refusal => ({
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
