import type { Refusal } from '#domain/kernel/refusal.ts'
import { MAX_EVENT_BYTES } from './ledger.ts'

// What any request may be refused with, whatever it asks for; the refusals of rules stand with the rules.

export const nobody: Refusal = {
  code: 'request.nobody',
  what: { en: 'the token names no person', ja: 'トークンから利用者本人を特定できません。' },
  why: {
    en: 'every account belongs to one person of one organisation, and only such a person is answered',
    ja: 'アカウントは一人に一つとし、所属機関が登録された本人の要求にのみ応答します。',
  },
  next: {
    en: 'ask an operator to complete the account: it needs a person id and an organisation',
    ja: '運用者に、アカウントへの個人IDと所属機関の登録を依頼してください。',
  },
  requirement: 'AUTH-3',
}

export const failed = (requestId: string): Refusal => ({
  code: 'request.failed',
  what: {
    en: 'the platform could not finish this request',
    ja: '基盤側の障害により、この要求を完了できませんでした。',
  },
  why: {
    en: 'a fault inside the platform ended it; a request that is sent again with its key is done once only',
    ja: '基盤内部の障害によるものです。同じ冪等キーで再送しても、処理は一度しか行われません。',
  },
  next: {
    en: `send it again with the same idempotency key; if it fails again, tell the operator the request id ${requestId}`,
    ja: `同じ冪等キー（idempotencyKey）で再送してください。再び失敗する場合は、要求ID ${requestId} を運用者に伝えてください。`,
  },
})

export const keyReused: Refusal = {
  code: 'request.idempotency-key-reused',
  what: {
    en: 'this idempotency key was used for another command',
    ja: 'この冪等キーは、別のコマンドで既に使われています。',
  },
  why: {
    en: 'a key stands for one command only, so that the same command sent twice is done once',
    ja: '同じコマンドを再送しても一度しか処理されないよう、キーは一つのコマンドにのみ対応します。',
  },
  next: {
    en: 'send a new key (a UUID) with a new command; repeat a key only with the very same command',
    ja: '新しいコマンドには新しいキー（UUID）を付けてください。同じキーを使うのは、同一のコマンドを再送するときだけです。',
  },
  requirement: 'C-10',
  path: 'idempotencyKey',
}

export const tooBusy = (attempts: number): Refusal => ({
  code: 'request.too-busy',
  what: {
    en: 'others kept changing the same thing while this command was decided',
    ja: '判定の間に、同じ対象が他の利用者によって繰り返し変更されました。',
  },
  why: {
    en: `a command is decided on the present state only, and after ${attempts} lost races it is given up`,
    ja: `コマンドは最新の状態に基づいてのみ判定します。競合が${attempts}回続いたため、処理を中止しました。`,
  },
  next: {
    en: 'send the same command with the same idempotency key again, after some seconds',
    ja: '数秒おいて、同じコマンドを同じ冪等キーで再送してください。',
  },
  requirement: 'C-10',
})

export const notFound: Refusal = {
  code: 'request.not-found',
  what: { en: 'nothing stands at this path', ja: '指定されたパスには何もありません。' },
  why: {
    en: 'an answer is given for what exists only: applications, projects and their ledgers',
    ja: '応答できるのは、存在する申出、研究プロジェクト、それぞれの台帳のみです。',
  },
  next: {
    en: 'check the path and the id, e.g. projects/A-2026-0001',
    ja: 'パスとIDを確認してください（例：projects/A-2026-0001）。',
  },
}

export const badPage: Refusal = {
  code: 'request.malformed',
  what: { en: 'the value of after continues no list', ja: 'afterの値は一覧の続きを指していません。' },
  why: {
    en: 'a further page begins where the page before ended, which that page says',
    ja: '次のページは前のページの終わりから始まり、その位置は前のページが示します。',
  },
  next: {
    en: 'send the value of next of the page before, e.g. ?after=0.A-2026-0001',
    ja: '前のページのnextの値を指定してください（例：?after=0.A-2026-0001）。',
  },
  path: 'after',
}

export const badSequence: Refusal = {
  code: 'request.malformed',
  what: { en: 'the value of after is no sequence number', ja: 'afterの値は連番ではありません。' },
  why: {
    en: 'a further page of a ledger begins after the sequence number of its last event',
    ja: '台帳の次のページは、直前のイベントの連番の後から始まります。',
  },
  next: {
    en: 'send the value of next of the page before, e.g. ?after=100',
    ja: '前のページのnextの値を指定してください（例：?after=100）。',
  },
  path: 'after',
}

export const tooLarge: Refusal = {
  code: 'form.too-large',
  what: {
    en: `the command is larger than ${MAX_EVENT_BYTES} bytes`,
    ja: `コマンドが${MAX_EVENT_BYTES}バイトを超えています。`,
  },
  why: {
    en: 'a command is recorded whole, in one record of the ledger, which takes no more',
    ja: 'コマンドは台帳の一つの記録に全体を保存し、それより大きいものは記録できません。',
  },
  next: {
    en: 'send attachments as documents of their own and name their SHA-256 in the form',
    ja: '添付資料は別の文書とし、申出書にはそのSHA-256を記載してください。',
  },
}
