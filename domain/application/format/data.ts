import { japanDate } from '../../kernel/decider.ts'
import { nearest } from '../../kernel/nearest.ts'
import type { Refusal } from '../../kernel/refusal.ts'
import { choices } from '../../kernel/shown.ts'
import { problem } from '../form.ts'
import { previousDay, shiftMonths } from './calendar.ts'
import { check, repeated } from './check.ts'

export const extracts = check({
  reads: ['extracts', 'provision'],
  find: ({ extracts: asked, provision }, { rules, now, databases }) => {
    const known = databases.map(({ id }) => id)
    const today = japanDate(now)
    const years = rules.limits.onSiteDataYears
    const oldest = shiftMonths(today, -12 * years)
    return [
      ...repeated(asked.map(({ database }) => database)).map((index) =>
        problem({
          requirement: 'APP-4',
          path: `extracts[${index}].database`,
          what: {
            en: `${asked[index]?.database} is asked for twice`,
            ja: `${asked[index]?.database} が重複して記載されています。`,
          },
          why: {
            en: 'what is asked of a database stands in one entry, so that it can be judged as a whole',
            ja: '一つのデータベースに求める内容は、全体を審査できるよう、一件にまとめます。',
          },
          next: {
            en: 'write one entry for each database, with all its conditions and variables',
            ja: 'データベースごとに一件とし、条件と項目をまとめて記載してください。',
          },
        }),
      ),
      ...asked.flatMap((extract, index) => {
        const path = `extracts[${index}]`
        const found: Refusal[] = []
        if (!known.includes(extract.database)) {
          const meant = nearest(extract.database, known)
          const listed = choices(known)
          found.push(
            problem({
              requirement: 'APP-4',
              path: `${path}.database`,
              what: {
                en: `${extract.database} is not a database of this platform`,
                ja: `${extract.database} は、この基盤のデータベースではありません。`,
              },
              why: {
                en: 'only databases that are connected to this platform can be used here',
                ja: '利用できるのは、この基盤に接続しているデータベースだけです。',
              },
              next: {
                en: meant === undefined ? `write ${listed.en}` : `did you mean "${meant}"? Write ${listed.en}`,
                ja: `${meant === undefined ? '' : `「${meant}」の誤りではありませんか。`}${listed.ja} のいずれかを記載してください。`,
              },
            }),
          )
        }
        if (extract.period.from > extract.period.until)
          found.push(
            problem({
              requirement: 'APP-4',
              path: `${path}.period`,
              what: periodReversed(extract.period),
              why: {
                en: 'the period of the data has a first and a last day',
                ja: 'データの期間は、初日と最終日で示します。',
              },
              next: { en: 'exchange the two dates', ja: '二つの日付を入れ替えてください。' },
            }),
          )
        if (extract.period.until > today)
          found.push(
            problem({
              requirement: 'APP-4',
              path: `${path}.period.until`,
              what: {
                en: `${extract.period.until} lies in the future`,
                ja: `${extract.period.until}は未来の日付です。`,
              },
              why: { en: 'only data that exist can be asked for', ja: '申出の対象は、既に存在するデータに限ります。' },
              next: { en: `write ${today} or earlier`, ja: `${today}以前の日付を記載してください。` },
            }),
          )
        if (provision.route === 'on-site' && extract.period.from < oldest)
          found.push(
            problem({
              requirement: 'APP-4',
              path: `${path}.period.from`,
              what: {
                en: `${extract.period.from} is more than ${years} years ago`,
                ja: `${extract.period.from}は${years}年より前の日付です。`,
              },
              why: {
                en: `on-site use shows the last ${years} years of data`,
                ja: `オンサイト利用（on-site）で閲覧できるのは、直近${years}年分のデータです。`,
              },
              next: { en: `write ${oldest} or later`, ja: `${oldest}以降の日付を記載してください。` },
            }),
          )
        if (extract.rationale.trim() === '' && !rules.presets.includes(extract.type))
          found.push(
            problem({
              requirement: 'APP-4',
              path: `${path}.rationale`,
              what: { en: 'the rationale is empty', ja: '理由が空欄です。' },
              why: {
                en:
                  'what is asked for is the minimum, with a reason; ' +
                  `only presets (${rules.presets.join(', ')}) need none`,
                ja: `求めるデータは必要最小限とし、その理由を示します。不要なのは、定型のデータセット（${rules.presets.join('、')}）だけです。`,
              },
              next: {
                en: 'say why these variables, this period and these persons are the minimum that the purpose needs',
                ja: 'この項目、期間、対象者が利用目的に照らして必要最小限である理由を記載してください。',
              },
            }),
          )
        return found
      }),
    ]
  },
})

const periodReversed = ({ from, until }: { readonly from: string; readonly until: string }) => ({
  en: `the period ends on ${until}, before it begins on ${from}`,
  ja: `最終日（${until}）が初日（${from}）より前の日付です。`,
})

export const period = check({
  reads: ['plan', 'provision'],
  find: ({ plan, provision }, { rules, now }) => {
    const { from, until } = plan.period
    const { route } = provision
    const today = japanDate(now)
    const months = {
      media: rules.limits.mediaMonths,
      visiting: rules.limits.visitingMonths,
      'on-site': rules.limits.onSiteMonths,
    }[route]
    if (from > until)
      return [
        problem({
          requirement: 'APP-5',
          path: 'plan.period',
          what: periodReversed(plan.period),
          why: { en: 'the period of use has a first and a last day', ja: '利用期間は、初日と最終日で示します。' },
          next: { en: 'exchange the two dates', ja: '二つの日付を入れ替えてください。' },
        }),
      ]
    if (until < today)
      return [
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
        }),
      ]
    const last = previousDay(shiftMonths(from, months))
    return until <= last
      ? []
      : [
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
          }),
        ]
  },
})
