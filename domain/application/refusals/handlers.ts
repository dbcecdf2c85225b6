import type { Bilingual, Refusal } from '../../kernel/refusal.ts'
import type { ApplicationForm } from '../form.ts'
import { problem } from '../format/problem.ts'

type Handler = ApplicationForm['handlers'][number]

export const repeatedAddress = (index: number, email: string | undefined): Refusal =>
  problem({
    requirement: 'APP-2',
    path: `handlers[${index}].email`,
    what: {
      en: `${email} is the address of another handler`,
      ja: `${email} は、別の取扱者のアドレスと同じです。`,
    },
    why: {
      en: 'messages for a handler reach that person alone',
      ja: '取扱者への連絡は、本人だけに届く必要があります。',
    },
    next: {
      en: 'give every handler an address of their own',
      ja: '取扱者ごとに、本人専用のメールアドレスを記載してください。',
    },
  })

export const repeatedPerson = (index: number, personId: string | undefined): Refusal =>
  problem({
    requirement: 'AUTH-3',
    path: `handlers[${index}].personId`,
    what: {
      en: `${personId} is listed before as another handler`,
      ja: `${personId} は、既に別の取扱者として記載されています。`,
    },
    why: {
      en: 'every person has one account of their own, never shared',
      ja: 'アカウントは一人に一つで、共用できません。',
    },
    next: {
      en: 'list every person once, each with their own account',
      ja: '一人を一回だけ、本人のアカウントのIDで記載してください。',
    },
  })

export const noFullTimeMember = (applicant: string): Refusal =>
  problem({
    requirement: 'APP-2',
    path: 'handlers',
    what: {
      en: `no handler is a full-time member of ${applicant}`,
      ja: `${applicant}に常勤する取扱者がいません。`,
    },
    why: {
      en: 'at least one handler is a full-time member of the applicant, who answers for the data',
      ja: 'データに責任を持つため、提供申出者に常勤する取扱者が少なくとも一名必要です。',
    },
    next: {
      en: 'add at least one full-time handler of the applicant ("fullTime": true)',
      ja: '提供申出者に常勤する取扱者（"fullTime": true）を一名以上追加してください。',
    },
  })

/** `usable`: the places to choose from. */
export const noPlaceOfUse = (path: string, place: string, usable: Bilingual): Refusal =>
  problem({
    requirement: 'APP-2',
    path,
    what: {
      en: `"${place}" is no place of use in plan.places`,
      ja: `「${place}」は、plan.placesの利用場所（kind: use）にありません。`,
    },
    why: {
      en: 'every handler works at a place of use of the research plan',
      ja: '取扱者は、研究計画に記載した利用場所で作業します。',
    },
    next: {
      en: `write the id of a place whose kind is use: ${usable.en}`,
      ja: `kindがuseである場所のIDを記載してください（${usable.ja}）。`,
    },
  })

export const strangeOrganisation = (path: string, organisation: string): Refusal =>
  problem({
    requirement: 'AUTH-3',
    path,
    what: {
      en: `${organisation} is neither the applicant nor an outsourced body`,
      ja: `${organisation}は、提供申出者でも委託先でもありません。`,
    },
    why: {
      en: 'handlers belong to the applicant or to a body that plan.outsourcing names',
      ja: '取扱者は、提供申出者又はplan.outsourcingに記載した委託先に所属する人に限ります。',
    },
    next: {
      en: 'list the body in plan.outsourcing, or leave the person out',
      ja: 'その機関をplan.outsourcingに記載するか、この人を除いてください。',
    },
  })

/** `outsourced`: what the organisation of the handler makes them. */
export const wronglyOutsourced = (path: string, handler: Handler, outsourced: boolean): Refusal =>
  problem({
    requirement: 'APP-2',
    path,
    what: {
      en: `${String(handler.outsourced)} does not agree with the organisation ${handler.organisation}`,
      ja: `${String(handler.outsourced)} は、所属機関（${handler.organisation}）と合いません。`,
    },
    why: {
      en: 'outsourced staff are those of a body in plan.outsourcing, and nobody else',
      ja: '委託先の取扱者とは、plan.outsourcingに記載した機関に所属する人だけを指します。',
    },
    next: { en: `write ${String(outsourced)}`, ja: `${String(outsourced)} と記載してください。` },
  })
