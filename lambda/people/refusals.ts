import type { Refusal } from '#domain/kernel/refusal.ts'
import { senders, type Sender } from '#domain/ledger/aggregate.ts'

export const oneFactor: Refusal = {
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

export const NOT_PERMITTED = 'request.not-permitted'

/** The same with the roles that the command takes. */
export function forOperator(refusal: Refusal, by: readonly Sender[]): Refusal {
  const en = by.map((sender) => senders[sender].en).join(' or ')
  const ja = by.map((sender) => senders[sender].ja).join('又は')
  return {
    ...refusal,
    why: {
      en: `it may be sent by ${en}; by nobody with a part in what they judge, and by nobody who is suspended`,
      ja: `このコマンドを送れるのは、${ja}です。自らが関わるものを判断する人や、利用停止中の人は送れません。`,
    },
    next: {
      en: `have it sent by ${en}; roles follow from the application and the groups of the account`,
      ja: `${ja}に、送信を依頼してください。役割は、申出とアカウントのグループに基づきます。`,
    },
  }
}

/** Does not say which rule refused, nor whether the thing exists. */
export const notPermitted = (action: string): Refusal => ({
  code: NOT_PERMITTED,
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
