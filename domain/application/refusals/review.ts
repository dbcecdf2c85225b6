import { nearest } from '../../kernel/nearest.ts'
import type { Refusal } from '../../kernel/refusal.ts'

export const notAssigned = (personId: string): Refusal => ({
  code: 'application.not-a-reviewer',
  what: {
    en: `${personId} is not assigned to this application as a reviewer`,
    ja: `${personId} は、この申出の審査委員として割り当てられていません。`,
  },
  why: {
    en: 'an application is reviewed by the reviewers who were assigned to it and found without conflict',
    ja: '審査は、利益相反がないと確認され、その申出に割り当てられた審査委員が行います。',
  },
  next: {
    en: 'an operator assigns reviewers (AssignReviewers)',
    ja: '運用者に、審査委員の割当て（AssignReviewers）を依頼してください。',
  },
  requirement: 'REV-2',
})

export const unanswered = (id: string): Refusal => ({
  code: 'application.unanswered',
  what: { en: `item ${id} of the checklist is not answered`, ja: `審査項目 ${id} に回答がありません。` },
  why: { en: 'a review answers every item of the checklist', ja: '審査では、全ての審査項目に回答します。' },
  next: {
    en: `add "${id}": {"verdict": "met", "comment": "…"}; the verdict is met, not-met or not-applicable`,
    ja: `"${id}": {"verdict": "met", "comment": "…"} を追加してください。verdictは met、not-met、not-applicable のいずれかです。`,
  },
  requirement: 'REV-1',
  path: `checklist.${id}`,
})

export function unknownItem(id: string, items: readonly string[]): Refusal {
  const meant = nearest(id, items)
  return {
    code: 'application.unknown-item',
    what: { en: `${id} is no item of the checklist`, ja: `${id} という審査項目はありません。` },
    why: {
      en: `the items are ${items.join(', ')}`,
      ja: `審査項目は、${items.join('、')} です。`,
    },
    next:
      meant === undefined
        ? { en: 'remove it', ja: '削除してください。' }
        : {
            en: `did you mean "${meant}"? Otherwise remove it`,
            ja: `「${meant}」の誤りではありませんか。そうでなければ削除してください。`,
          },
    requirement: 'REV-1',
    path: `checklist.${id}`,
  }
}

/** A review that comes after the opinion. */
export const opinionsGiven = (databases: readonly string[]): Refusal => ({
  code: 'application.opinion-recorded',
  what: {
    en: `the committee has given its opinion on ${databases.join(', ')}`,
    ja: `審査委員会は、${databases.join('、')} について既に意見を述べています。`,
  },
  why: {
    en: 'an opinion rests on the reviews before it, so none is added or changed afterwards',
    ja: '意見はそれまでの審査に基づくため、後から審査を追加、変更することはできません。',
  },
  next: {
    en: 'nothing is to be done; the holder decides next (DecideOnDatabase)',
    ja: '審査は不要です。次は、保有者が決定を行います（DecideOnDatabase）。',
  },
  requirement: 'REV-2',
})

/** A second opinion on a database. */
export const opinionRecorded = (id: string): Refusal => ({
  code: 'application.opinion-recorded',
  what: { en: `the opinion on ${id} is recorded`, ja: `${id} についての意見は、既に記録されています。` },
  why: {
    en: 'a committee gives its opinion on a database once, and it stands',
    ja: '審査委員会が一つのデータベースについて意見を述べるのは一度で、変更できません。',
  },
  next: {
    en: `leave ${id} out of databases; its holder decides next (DecideOnDatabase)`,
    ja: `databasesから ${id} を除いてください。次は、保有者が決定を行います（DecideOnDatabase）。`,
  },
  requirement: 'REV-2',
  path: 'databases',
})

export const hasNotReviewed = (personId: string, id: string): Refusal => ({
  code: 'application.not-a-reviewer',
  what: { en: `${personId} has not reviewed ${id}`, ja: `${personId} は ${id} の審査を行っていません。` },
  why: {
    en: "a committee's opinion is given by one of its reviewers who recorded a review without conflict",
    ja: '審査委員会の意見は、利益相反がなく審査を記録した審査委員の一人が提出します。',
  },
  next: {
    en: `record a review first (RecordReview), or have a reviewer of ${id} give the opinion`,
    ja: `先に審査を記録する（RecordReview）か、${id} を審査した審査委員が意見を提出してください。`,
  },
  requirement: 'REV-2',
  path: 'databases',
})

export const tooFewReviews = ({
  id,
  counted,
  quorum,
}: {
  readonly id: string
  readonly counted: number
  readonly quorum: number
}): Refusal => ({
  code: 'application.no-quorum',
  what: {
    en: `${id} has ${counted} of ${quorum} reviews without conflict`,
    ja: `${id} には、利益相反のない審査が${counted}件しかありません（必要数は${quorum}件）。`,
  },
  why: {
    en: `an opinion rests on the reviews of at least ${quorum} reviewers without conflict`,
    ja: `意見は、利益相反のない審査委員${quorum}名以上の審査に基づきます。`,
  },
  next: {
    en: 'wait for further reviews (RecordReview), or have an operator assign more reviewers (AssignReviewers)',
    ja: '他の審査委員の審査（RecordReview）を待つか、運用者に審査委員の追加（AssignReviewers）を依頼してください。',
  },
  requirement: 'REV-2',
  path: 'databases',
})

export const noRiskProfile = (databases: number): Refusal => ({
  code: 'application.no-risk-profile',
  what: {
    en: `${databases} databases are concerned, and the risk profile is missing`,
    ja: `${databases}件のデータベースに関わる申出ですが、リスクの整理（riskProfile）がありません。`,
  },
  why: {
    en: 'where several databases are concerned, their committees share one view of the risk of identification',
    ja: '複数のデータベースに関わる場合、各審査委員会は、識別リスクについて共通の整理に基づいて判断します。',
  },
  next: {
    en: 'write riskProfile with a text for each of geography, facility, death and rareItems',
    ja: 'riskProfileに、geography（地域）、facility（施設）、death（死亡）、rareItems（希少項目）をそれぞれ記載してください。',
  },
  requirement: 'REV-3',
  path: 'riskProfile',
})
