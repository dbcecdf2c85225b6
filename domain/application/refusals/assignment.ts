import type { Bilingual, Refusal } from '../../kernel/refusal.ts'
import { conflictRefusal } from '../conflicts.ts'

export const conflictOfInterest = (path: string, personId: string, conflict: Bilingual): Refusal =>
  conflictRefusal({
    personId,
    conflict,
    next: {
      en: 'assign a reviewer without a part in it',
      ja: '申出に関わりのない審査委員を割り当ててください。',
    },
    path,
  })

export const repeatedReviewer = (path: string, personId: string): Refusal => ({
  code: 'application.repeated',
  what: { en: `${personId} is listed twice`, ja: `${personId} が重複して記載されています。` },
  why: {
    en: 'a quorum counts different persons',
    ja: '定足数は、異なる人の数で数えます。',
  },
  next: {
    en: 'list every reviewer once, with all their databases',
    ja: '審査委員は一人一回、担当する全てのデータベースとともに記載してください。',
  },
  requirement: 'REV-2',
  path,
})

export const hasReviewed = (path: string, personId: string): Refusal => ({
  code: 'application.reviewed-already',
  what: { en: `${personId} has recorded a review`, ja: `${personId} は、既に審査を記録しています。` },
  why: {
    en: 'whoever has reviewed keeps the assignment under which the review was made',
    ja: '審査を記録した審査委員の割当ては、変更できません。',
  },
  next: {
    en: `leave ${personId} out of this list; the assignment stays as it is`,
    ja: `この一覧から ${personId} を除いてください。割当てはそのまま残ります。`,
  },
  requirement: 'REV-2',
  path,
})
