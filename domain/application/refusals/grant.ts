import type { Bilingual, Refusal } from '../../kernel/refusal.ts'
import { conflictRefusal } from '../conflicts.ts'

export const noForm: Refusal = {
  code: 'application.no-form',
  what: { en: 'there is no form to grant', ja: '利用許可の対象となる申出書がありません。' },
  why: {
    en: 'exactly what a form asks for, and was approved, is granted',
    ja: '利用許可は、申出書に記載され承認された内容にのみ与えます。',
  },
  next: {
    en: 'submit the application first (SubmitApplication)',
    ja: '先に申出書を提出してください（SubmitApplication）。',
  },
  requirement: 'CON-1',
}

export const periodOver = (until: string, today: string): Refusal => ({
  code: 'application.period-over',
  what: {
    en: `the period of use ended on ${until}, and today is ${today}`,
    ja: `利用期間は${until}に終わっています（本日は${today}）。`,
  },
  why: {
    en: 'nothing is granted for a period that is over',
    ja: '終わった期間に利用許可を与えることはできません。',
  },
  next: {
    en: 'submit a new application whose last day of use is yet to come',
    ja: '利用の最終日が今日以降となる、新しい申出を行ってください。',
  },
  requirement: 'APP-5',
})

export const notVisiting = (route: string): Refusal => ({
  code: 'application.not-visiting',
  what: {
    en: `the form asks for provision by route ${route}`,
    ja: `申出書の提供方法は ${route} です。`,
  },
  why: {
    en: 'a project is opened here only for use in the Visiting environment (route visiting)',
    ja: '研究プロジェクトは、Visiting環境（visiting）での利用についてのみ開設します。',
  },
  next: {
    en: 'nothing is to be granted here; the holder provides the data by its own procedure',
    ja: 'ここでの利用許可は不要です。データは、保有者がその手続で提供します。',
  },
  requirement: 'PUB-3',
})

export const noRoom: Refusal = {
  code: 'application.no-room',
  what: { en: 'no cell has room for another project', ja: '研究プロジェクトを収める空きのあるセルがありません。' },
  why: {
    en: 'a cell holds the number of projects that the configuration gives it, and every grant needs a place in one',
    ja: 'セルに収める研究プロジェクトの数は構成で定められ、利用許可には必ずその一つの枠が要ります。',
  },
  next: {
    en: 'add a cell to the configuration (cells), or grant again when a project has closed',
    ja: '構成にセル（cells）を追加するか、いずれかの研究プロジェクトが終了してから、再度利用許可を行ってください。',
  },
  requirement: 'CON-1',
}

export const undecided = (database: string): Refusal => ({
  code: 'application.undecided',
  what: { en: `${database} is not approved`, ja: `${database} は承認されていません。` },
  why: {
    en: 'a project gets a database only when its holder has approved',
    ja: 'データベースは、その保有者が承認した場合にのみ利用できます。',
  },
  next: {
    en: `the holder of ${database} decides first (DecideOnDatabase)`,
    ja: `先に、${database} の保有者が決定を行ってください（DecideOnDatabase）。`,
  },
  requirement: 'CON-1',
})

export const decidedInConflict = (database: string, personId: string, conflict: Bilingual): Refusal =>
  conflictRefusal({
    personId,
    conflict: {
      en: `decided on ${database}, and ${conflict.en}`,
      ja: `${database} について決定しましたが、${conflict.ja}`,
    },
    next: {
      en: `a person of the holder of ${database} without a part in it decides; that takes a new application`,
      ja: `${database} の保有者のうち、申出に関わりのない人が決定する必要があります。新しい申出を行ってください。`,
    },
  })
