import { nearest } from '../../kernel/nearest.ts'
import type { Refusal } from '../../kernel/refusal.ts'
import { choices } from '../../kernel/shown.ts'
import { problem } from '../format/problem.ts'
import { periodReversed } from './period.ts'

export const repeatedDatabase = (index: number, database: string | undefined): Refusal =>
  problem({
    requirement: 'APP-4',
    path: `extracts[${index}].database`,
    what: {
      en: `${database} is asked for twice`,
      ja: `${database} が重複して記載されています。`,
    },
    why: {
      en: 'what is asked of a database stands in one entry, so that it can be judged as a whole',
      ja: '一つのデータベースに求める内容は、全体を審査できるよう、一件にまとめます。',
    },
    next: {
      en: 'write one entry for each database, with all its conditions and variables',
      ja: 'データベースごとに一件とし、条件と項目をまとめて記載してください。',
    },
  })

export function unknownDatabase(path: string, database: string, known: readonly string[]): Refusal {
  const meant = nearest(database, known)
  const listed = choices(known)
  return problem({
    requirement: 'APP-4',
    path,
    what: {
      en: `${database} is not a database of this platform`,
      ja: `${database} は、この基盤のデータベースではありません。`,
    },
    why: {
      en: 'only databases that are connected to this platform can be used here',
      ja: '利用できるのは、この基盤に接続しているデータベースだけです。',
    },
    next: {
      en: meant === undefined ? `write ${listed.en}` : `did you mean "${meant}"? Write ${listed.en}`,
      ja: `${meant === undefined ? '' : `「${meant}」の誤りではありませんか。`}${listed.ja} のいずれかを記載してください。`,
    },
  })
}

export const dataPeriodReversed = (path: string, period: { readonly from: string; readonly until: string }): Refusal =>
  problem({
    requirement: 'APP-4',
    path,
    what: periodReversed(period),
    why: {
      en: 'the period of the data has a first and a last day',
      ja: 'データの期間は、初日と最終日で示します。',
    },
    next: { en: 'exchange the two dates', ja: '二つの日付を入れ替えてください。' },
  })

export const dataOfTheFuture = (path: string, until: string, today: string): Refusal =>
  problem({
    requirement: 'APP-4',
    path,
    what: {
      en: `${until} lies in the future`,
      ja: `${until}は未来の日付です。`,
    },
    why: { en: 'only data that exist can be asked for', ja: '申出の対象は、既に存在するデータに限ります。' },
    next: { en: `write ${today} or earlier`, ja: `${today}以前の日付を記載してください。` },
  })

export const dataTooOld = ({
  path,
  from,
  oldest,
  years,
}: {
  readonly path: string
  readonly from: string
  readonly oldest: string
  readonly years: number
}): Refusal =>
  problem({
    requirement: 'APP-4',
    path,
    what: {
      en: `${from} is more than ${years} years ago`,
      ja: `${from}は${years}年より前の日付です。`,
    },
    why: {
      en: `on-site use shows the last ${years} years of data`,
      ja: `オンサイト利用（on-site）で閲覧できるのは、直近${years}年分のデータです。`,
    },
    next: { en: `write ${oldest} or later`, ja: `${oldest}以降の日付を記載してください。` },
  })

export const noRationale = (path: string, presets: readonly string[]): Refusal =>
  problem({
    requirement: 'APP-4',
    path,
    what: { en: 'the rationale is empty', ja: '理由が空欄です。' },
    why: {
      en: `what is asked for is the minimum, with a reason; only presets (${presets.join(', ')}) need none`,
      ja: `求めるデータは必要最小限とし、その理由を示します。不要なのは、定型のデータセット（${presets.join('、')}）だけです。`,
    },
    next: {
      en: 'say why these variables, this period and these persons are the minimum that the purpose needs',
      ja: 'この項目、期間、対象者が利用目的に照らして必要最小限である理由を記載してください。',
    },
  })
