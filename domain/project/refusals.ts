import type { Refusal } from '../kernel/refusal.ts'
import { choices } from '../kernel/shown.ts'
import type { Project } from './state.ts'

export const inUse = (project: Project) => project.status === 'open' || project.status === 'suspended'

export const over = (project: Project): Refusal => ({
  code: 'project.over',
  what: {
    en: `the project is ${project.status}`,
    ja: project.status === 'ended' ? '研究プロジェクトは利用を終了しています。' : '研究プロジェクトは閉鎖済みです。',
  },
  why: {
    en: 'a project that has ended is never in use again',
    ja: '利用を終了した研究プロジェクトは、再び利用できません。',
  },
  next: { en: 'a new use needs a new application', ja: '再び利用する場合は、新しい申出を行ってください。' },
})

export function notHandler({ handlers }: Project, personId: string): Refusal {
  const known = choices(handlers.map((handler) => handler.personId))
  return {
    code: 'project.not-a-handler',
    what: {
      en: `${personId} is not a handler of this project`,
      ja: `${personId} は、この研究プロジェクトの取扱者ではありません。`,
    },
    why: {
      en: 'a project has exactly the handlers that its grant named, less those who left',
      ja: '研究プロジェクトの取扱者は、利用許可に記載された人から、抜けた人を除いた人だけです。',
    },
    next: {
      en: `name a handler by person id: ${known.en}`,
      ja: `取扱者の個人IDを記載してください（${known.ja}）。`,
    },
    requirement: 'CON-2',
    path: 'personId',
  }
}
