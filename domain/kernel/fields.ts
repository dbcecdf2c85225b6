import * as z from 'zod'
import { wordings } from './wording.ts'

/**
 * Building blocks of everything that comes from outside: bounded, well-formed, without control characters. What to
 * write instead stands beside each in both languages; `explain` of `parse.ts` finds it there.
 */

/**
 * Control, surrogate and line-separating characters, and those that print nothing or turn the direction of writing:
 * what a reader sees is what was written.
 */
const UNFIT = '\\p{Cc}\\p{Cs}\\p{Cf}\\p{Zl}\\p{Zp}'
const visible = {
  en: 'a reader must see all that is written: no control or invisible characters, and no more than the ledger takes',
  ja: '記載の全てを目で確認できるよう、制御文字や見えない文字は使えません。長さにも台帳に収まる上限があります。',
}
export const line = z
  .string()
  .regex(new RegExp(`^(?=.*\\S)[^${UNFIT}]{1,200}$`, 'u'))
  .register(wordings, {
    why: visible,
    next: {
      en: 'write 1 to 200 characters on one line, without control or invisible characters',
      ja: '1〜200文字を1行で、制御文字や見えない文字を使わずに記載してください。',
    },
  })
/**
 * Free text of a section; line breaks and tabs are allowed. Bounded so that an event stays below DynamoDB's 400 KB an
 * item.
 */
export const prose = z
  .string()
  .regex(new RegExp(`^(?=[\\s\\S]*\\S)(?:[^${UNFIT}]|[\\n\\r\\t]){1,4000}$`, 'u'))
  .register(wordings, {
    why: visible,
    next: {
      en: 'write 1 to 4000 characters; of control characters only line breaks and tabs',
      ja: '1〜4000文字で記載してください。制御文字は改行とタブのみ使えます。',
    },
  })
/** The same, where a rule decides whether it may be empty. */
export const optionalProse = z
  .string()
  .regex(new RegExp(`^(?:[^${UNFIT}]|[\\n\\r\\t]){0,4000}$`, 'u'))
  .register(wordings, {
    why: visible,
    next: {
      en: 'write at most 4000 characters, or an empty text ""; of control characters only line breaks and tabs',
      ja: '4000文字以内で記載するか、空の文字列（""）としてください。制御文字は改行とタブのみ使えます。',
    },
  })
/** The identity provider's stable id of one person (AUTH-3). */
export const personId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/)
  .register(wordings, {
    why: {
      en: 'a person is named by the id of their own account, which never changes',
      ja: '人は、本人のアカウントの変わらないIDで示します。',
    },
    next: {
      en: 'write a person id, e.g. p.sato: lower-case letters, digits, full stop, hyphen or underscore, at most 64',
      ja: '個人IDを記載してください（例：p.sato）。英小文字、数字、ピリオド、ハイフン、下線で64文字以内です。',
    },
  })
/** As in the configuration of the environment. */
export const databaseId = z
  .string()
  .regex(/^[A-Z][A-Z0-9]{1,11}$/)
  .register(wordings, {
    why: {
      en: 'a database is named by its id in the information listing',
      ja: 'データベースは、情報提供一覧表のIDで示します。',
    },
    next: {
      en: 'write the id of a database, e.g. NDB: 2 to 12 capital letters or digits',
      ja: 'データベースのIDを記載してください（例：NDB）。英大文字と数字で2〜12文字です。',
    },
  })
export const date = z.iso.date().register(wordings, {
  why: { en: 'a day is written as a date of the calendar', ja: '日は、暦の日付で記載します。' },
  next: {
    en: 'write a date that exists as YYYY-MM-DD, e.g. 2026-11-22',
    ja: '実在する日付を西暦のYYYY-MM-DDで記載してください（例：2026-11-22）。',
  },
})
export const email = z
  .email()
  .max(254)
  .register(wordings, {
    why: {
      en: 'messages go to this address; no address on the Internet is longer than 254 characters',
      ja: '連絡の宛先です。インターネットのメールアドレスは254文字以内です。',
    },
    next: {
      en: 'write an e-mail address of at most 254 characters, e.g. sato@example.jp',
      ja: 'メールアドレスを254文字以内で記載してください（例：sato@example.jp）。',
    },
  })
export const phone = z
  .string()
  .regex(/^\+?[0-9-]{6,20}$/)
  .register(wordings, {
    why: { en: 'the person must be reachable by telephone', ja: '本人に電話で連絡できる必要があります。' },
    next: {
      en: 'write 6 to 20 digits and hyphens, e.g. 03-1234-5601',
      ja: '6〜20桁の半角数字とハイフンで記載してください（例：03-1234-5601）。',
    },
  })
export const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .register(wordings, {
    why: {
      en: 'a document is kept elsewhere and known here by its hash alone',
      ja: '文書は別に保管し、ここではハッシュのみで特定します。',
    },
    next: {
      en: 'write the SHA-256 of the document, 64 lower-case hexadecimal digits, e.g. from sha256sum FILE',
      ja: '文書のSHA-256を、16進数の小文字64桁で記載してください（例：sha256sum コマンドの出力）。',
    },
  })
