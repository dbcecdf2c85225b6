import type { Refusal } from '../../kernel/refusal.ts'

export const notTheHolder = (personId: string, database: string): Refusal => ({
  code: 'application.not-the-holder',
  what: {
    en: `${personId} does not answer for ${database}`,
    ja: `${personId} は ${database} の保有者の担当者ではありません。`,
  },
  why: {
    en: 'each database is decided on by its own holder',
    ja: '決定は、データベースごとに、その保有者が行います。',
  },
  next: {
    en: `a person of the holder of ${database} decides`,
    ja: `${database} の保有者の担当者が決定を行ってください。`,
  },
  requirement: 'REV-2',
  path: 'database',
})

export const isReviewer = (personId: string, database: string): Refusal => ({
  code: 'application.reviewed-already',
  what: {
    en: `${personId} is a reviewer of this application`,
    ja: `${personId} は、この申出の審査委員です。`,
  },
  why: {
    en: 'nobody both reviews an application and decides on it',
    ja: '同じ人が、一つの申出の審査と決定の両方を行うことはできません。',
  },
  next: {
    en: `another person of the holder of ${database} decides`,
    ja: `${database} の保有者の、別の担当者が決定を行ってください。`,
  },
  requirement: 'REV-2',
})

export const decidedAlready = (database: string): Refusal => ({
  code: 'application.decided-already',
  what: { en: `${database} is decided on`, ja: `${database} については、既に決定しています。` },
  why: {
    en: 'a holder decides on a database once, and the decision stands',
    ja: '保有者の決定は一つのデータベースについて一度で、変更できません。',
  },
  next: {
    en: 'nothing is to be done; a changed plan needs a new application',
    ja: '決定は不要です。計画を変更する場合は、新しい申出を行ってください。',
  },
  requirement: 'REV-2',
  path: 'database',
})

export const noOpinion = (database: string): Refusal => ({
  code: 'application.no-opinion',
  what: {
    en: `the committee has given no opinion on ${database}`,
    ja: `審査委員会は、${database} についてまだ意見を述べていません。`,
  },
  why: {
    en: 'a holder decides after the opinion of the committee, and apart from it',
    ja: '保有者は、審査委員会の意見の後に、それとは別に決定を行います。',
  },
  next: {
    en: 'wait for the opinion (RecordOpinion), then decide',
    ja: '意見の提出（RecordOpinion）を待ってから、決定を行ってください。',
  },
  requirement: 'REV-2',
  path: 'database',
})

export const unfavourableOpinion = (database: string): Refusal => ({
  code: 'application.unfavourable-opinion',
  what: {
    en: `the committee's opinion on ${database} is unfavourable`,
    ja: `${database} についての審査委員会の意見は「不適当」です。`,
  },
  why: {
    en: 'against an unfavourable opinion a holder can refuse, not approve',
    ja: '意見が不適当の場合、保有者は不承認とすることはできますが、承認することはできません。',
  },
  next: {
    en: 'decide "refuse"; the applicant may then submit a changed plan as a new application',
    ja: '決定を "refuse"（不承認）としてください。提供申出者は、計画を変更して新しい申出を行えます。',
  },
  requirement: 'REV-2',
  path: 'decision',
})

export const quorumLost = ({
  database,
  counted,
  quorum,
}: {
  readonly database: string
  readonly counted: number
  readonly quorum: number
}): Refusal => ({
  code: 'application.no-quorum',
  what: {
    en: `${counted} of ${quorum} reviewers of ${database} are without conflict today`,
    ja: `${database} の審査委員のうち、今日の時点で利益相反がないのは${counted}名です（必要数は${quorum}名）。`,
  },
  why: {
    en: `an approval rests on at least ${quorum} reviewers who have no conflict on the day it is given`,
    ja: `承認は、その日に利益相反のない審査委員${quorum}名以上の審査に基づきます。`,
  },
  next: {
    en: 'decide "refuse"; a new application is then reviewed by others',
    ja: '決定を "refuse"（不承認）としてください。新しい申出を、別の審査委員が審査します。',
  },
  requirement: 'REV-2',
  path: 'database',
})
