import type { Refusal } from '../../kernel/refusal.ts'
import { problem } from '../format/problem.ts'

const kindsOfPlace = {
  use: { en: 'use, where people work', ja: '利用場所（use）' },
  storage: { en: 'storage, where data are kept', ja: '保管場所（storage）' },
} as const

export const lackingPlace = (kind: 'use' | 'storage'): Refusal =>
  problem({
    requirement: 'APP-3',
    path: 'plan.places',
    what: { en: `there is no place of ${kind}`, ja: `${kindsOfPlace[kind].ja}がありません。` },
    why: {
      en: `a plan names at least one place of ${kindsOfPlace[kind].en}`,
      ja: '研究計画には、利用場所と保管場所をそれぞれ一つ以上記載します。',
    },
    next: {
      en: `add a place whose kind is "${kind}"`,
      ja: `kindが "${kind}" の場所を追加してください。`,
    },
  })

export const repeatedPlace = (index: number, id: string | undefined): Refusal =>
  problem({
    requirement: 'APP-3',
    path: `plan.places[${index}].id`,
    what: {
      en: `"${id}" is the id of another place`,
      ja: `「${id}」は、別の場所のIDと同じです。`,
    },
    why: { en: 'handlers name their place by its id', ja: '取扱者は、場所をIDで示します。' },
    next: { en: 'give every place an id of its own', ja: '場所ごとに異なるIDを付けてください。' },
  })

export const peopleInVisiting = (path: string): Refusal =>
  problem({
    requirement: 'APP-3',
    path,
    what: {
      en: 'the Visiting environment is named as a place of use',
      ja: '利用場所としてVisiting環境が記載されています。',
    },
    why: {
      en: 'data are stored in the Visiting environment; people sit elsewhere, at a terminal',
      ja: 'Visiting環境はデータを保管する場所です。人は、端末のある別の場所で作業します。',
    },
    next: {
      en: 'name the room in which the terminal stands (facility applicant or contractor)',
      ja: '端末を置く部屋を記載してください（facilityは applicant 又は contractor）。',
    },
  })

export const strangeFacility = (path: string, organisation: string, applicant: string): Refusal =>
  problem({
    requirement: 'APP-3',
    path,
    what: {
      en: `${organisation} is neither the applicant nor an outsourced body`,
      ja: `${organisation}は、提供申出者でも委託先でもありません。`,
    },
    why: {
      en: 'data are handled at facilities of the applicant and of outsourced bodies only',
      ja: 'データを取り扱う場所は、提供申出者又は委託先の施設に限ります。',
    },
    next: {
      en: `name a facility of ${applicant}, or list the body in plan.outsourcing`,
      ja: `${applicant}の施設を記載するか、その機関をplan.outsourcingに記載してください。`,
    },
  })

export const storedOutside = (path: string, facility: string): Refusal =>
  problem({
    requirement: 'APP-3',
    path,
    what: {
      en: `data are to be stored at a facility of type ${facility}, outside the Visiting environment`,
      ja: `Visiting環境の外（${facility}）が保管場所とされています。`,
    },
    why: {
      en: 'with route visiting, data never leave the Visiting environment',
      ja: '提供方法がvisitingの場合、データがVisiting環境の外に出ることはありません。',
    },
    next: {
      en: 'write facility "visiting", or leave this place out',
      ja: 'facilityを "visiting" とするか、この場所を除いてください。',
    },
  })
