import type { Refusal } from '../../kernel/refusal.ts'
import type { PublishedDatabase } from '../context.ts'
import { problem } from '../format/problem.ts'

type Route = PublishedDatabase['provisionRoute']

export const notAccredited = (id: string, path: string, today: string): Refusal =>
  problem({
    requirement: 'PDB-1',
    path,
    what: {
      en: `${id} holds no accreditation that is valid today (${today})`,
      ja: `${id} には、本日（${today}）有効な認定がありません。`,
    },
    why: {
      en: 'a private database provides data only while its holder is accredited',
      ja: '民間のデータベースがデータを提供できるのは、保有者の認定が有効な間だけです。',
    },
    next: {
      en: 'leave it out until its holder is accredited again',
      ja: '保有者が再び認定を受けるまで、このデータベースを除いてください。',
    },
  })

const accreditedUsersOnly = (id: string) => ({
  en: `pseudonymised data, as in ${id}, go only to users who hold accreditation I or II for the whole use`,
  ja: `${id} は仮名化データを保有しています。提供を受けられるのは、利用期間を通じて、I型又はII型の認定を受けた利用者だけです。`,
})

export const noAccreditation = (id: string): Refusal =>
  problem({
    requirement: 'PDB-4',
    path: 'applicant.accreditation',
    what: { en: 'the accreditation is missing', ja: '認定の記載がありません。' },
    why: accreditedUsersOnly(id),
    next: {
      en: 'give class (I or II), number and last day, e.g. {"class": "II", "number": …, "validTo": "2029-03-31"}',
      ja: '型、番号、有効期限を記載してください（例：{"class": "II", "number": "認定利用-2026-017", "validTo": "2029-03-31"}）。',
    },
  })

export const accreditationEnds = (id: string, validTo: string, until: string): Refusal =>
  problem({
    requirement: 'PDB-4',
    path: 'applicant.accreditation.validTo',
    what: {
      en: `the accreditation ends on ${validTo}, before the use ends on ${until}`,
      ja: `認定の有効期限（${validTo}）が、利用の最終日（${until}）より前です。`,
    },
    why: accreditedUsersOnly(id),
    next: {
      en: `end the use by ${validTo}, or submit with the renewed accreditation`,
      ja: `利用の最終日を${validTo}以前とするか、更新後の認定を記載して提出してください。`,
    },
  })

export const outsideVisiting = (id: string, route: Route): Refusal =>
  problem({
    requirement: 'PUB-3',
    path: 'provision.route',
    what: {
      en: `${id} holds pseudonymised data, and the route is ${route}`,
      ja: `${id} は仮名化データを保有していますが、提供方法が ${route} とされています。`,
    },
    why: {
      en: 'pseudonymised data of public databases stay in the Visiting environment; no exception is in force',
      ja: '公的データベースの仮名化データは、Visiting環境でのみ利用できます。有効な例外もありません。',
    },
    next: { en: 'write "visiting"', ja: '"visiting" と記載してください。' },
  })

export const otherRoute = ({ id, provisionRoute }: PublishedDatabase, route: Route): Refusal =>
  problem({
    requirement: 'PUB-3',
    path: 'provision.route',
    what: {
      en: `${id} is provided by route ${provisionRoute}, not ${route}`,
      ja: `${id} の提供方法は ${provisionRoute} であり、${route} ではありません。`,
    },
    why: {
      en: 'the holder of a database decides by which route it is provided, and an application has one route',
      ja: '提供方法は保有者がデータベースごとに定めます。一つの申出の提供方法は一つです。',
    },
    next: {
      en: `write "${provisionRoute}", or ask for ${id} in another application`,
      ja: `"${provisionRoute}" と記載するか、${id} を別の申出としてください。`,
    },
  })
