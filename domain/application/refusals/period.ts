import type { Bilingual, Refusal } from '../../kernel/refusal.ts'
import { problem } from '../format/problem.ts'

interface Period {
  readonly from: string
  readonly until: string
}

export const periodReversed = ({ from, until }: Period): Bilingual => ({
  en: `the period ends on ${until}, before it begins on ${from}`,
  ja: `最終日（${until}）が初日（${from}）より前の日付です。`,
})

export const usePeriodReversed = (period: Period): Refusal =>
  problem({
    requirement: 'APP-5',
    path: 'plan.period',
    what: periodReversed(period),
    why: { en: 'the period of use has a first and a last day', ja: '利用期間は、初日と最終日で示します。' },
    next: { en: 'exchange the two dates', ja: '二つの日付を入れ替えてください。' },
  })

export const usePast = (until: string, today: string): Refusal =>
  problem({
    requirement: 'APP-5',
    path: 'plan.period.until',
    what: {
      en: `${until} is past: today is ${today} in Japan`,
      ja: `${until}は過去の日付です（日本時間の本日は${today}）。`,
    },
    why: {
      en: 'nothing is granted for a period that is over',
      ja: '終わった期間の利用を申し出ることはできません。',
    },
    next: {
      en: `write the last day of the use intended, ${today} or later`,
      ja: `予定する利用の最終日を、${today}以降の日付で記載してください。`,
    },
  })

export const useTooLong = ({
  period: { from, until },
  route,
  months,
  last,
}: {
  readonly period: Period
  readonly route: string
  readonly months: number
  readonly last: string
}): Refusal =>
  problem({
    requirement: 'APP-5',
    path: 'plan.period.until',
    what: {
      en: `${until} is more than ${months} months after the first day ${from}`,
      ja: `${until}は、初日（${from}）から${months}か月を超えています。`,
    },
    why: {
      en: `use by route ${route} runs ${months} months at most`,
      ja: `提供方法が${route}の場合、利用期間は最長${months}か月です。`,
    },
    next: {
      en: `write ${last} or earlier; an extension is a change application`,
      ja: `${last}以前の日付を記載してください。延長は、変更の申出により行います。`,
    },
  })
