import type { Bilingual, Refusal } from '../kernel/refusal.ts'
import type { ApplicationCommandType } from './commands.ts'
import type { ApplicationStatus } from './state.ts'

/**
 * In which states a command makes sense; everything else is refused with the state and the next step.
 *
 * | command | from | to | by |
 * |---|---|---|---|
 * | SubmitApplication | absent, returned | submitted | contact person, agent or representative |
 * | CheckFormat | submitted | returned or format-accepted | a machine or an operator |
 * | AssignReviewers | format-accepted, under-review | under-review | an operator |
 * | RecordReview | under-review | – | an assigned reviewer without conflict |
 * | RecordOpinion | under-review | under-decision, when every database has one | a reviewer who reviewed |
 * | DecideOnDatabase | under-decision | approved when all approve; refused by the first refusal | the holder of that
 * database |
 * | SignPledge | approved | – | the representative, every handler |
 * | Grant | approved | granted | a machine or an operator |
 * | Withdraw | all before granted | withdrawn | the applicant's side |
 * | Reject | submitted, returned, format-accepted | rejected | an operator |
 */
export const possibleIn: Readonly<Record<ApplicationCommandType, readonly ApplicationStatus[]>> = {
  SubmitApplication: ['absent', 'returned'],
  CheckFormat: ['submitted'],
  AssignReviewers: ['format-accepted', 'under-review'],
  RecordReview: ['under-review'],
  RecordOpinion: ['under-review'],
  DecideOnDatabase: ['under-decision'],
  SignPledge: ['approved'],
  Grant: ['approved'],
  Withdraw: ['submitted', 'returned', 'format-accepted', 'under-review', 'under-decision', 'approved'],
  Reject: ['submitted', 'returned', 'format-accepted'],
}

/** A state in words, and what comes next in it. */
const states: Readonly<Record<ApplicationStatus, { readonly ja: string; readonly next: Bilingual }>> = {
  absent: {
    ja: '未提出',
    next: { en: 'submit the application (SubmitApplication)', ja: '申出書を提出してください（SubmitApplication）。' },
  },
  submitted: {
    ja: '提出済み',
    next: {
      en: 'an operator checks the format next (CheckFormat)',
      ja: '次は、運用者が形式審査を行います（CheckFormat）。',
    },
  },
  returned: {
    ja: '差戻し',
    next: {
      en: 'correct the form by its problems and submit it again (SubmitApplication)',
      ja: '指摘に従って申出書を修正し、再度提出してください（SubmitApplication）。',
    },
  },
  'format-accepted': {
    ja: '形式審査済み',
    next: {
      en: 'an operator assigns reviewers next (AssignReviewers)',
      ja: '次は、運用者が審査委員を割り当てます（AssignReviewers）。',
    },
  },
  'under-review': {
    ja: '審査中',
    next: {
      en: 'reviews (RecordReview) and the opinion of each committee (RecordOpinion) come next',
      ja: '次は、審査（RecordReview）と各審査委員会の意見（RecordOpinion）です。',
    },
  },
  'under-decision': {
    ja: '決定待ち',
    next: {
      en: 'every holder decides next (DecideOnDatabase)',
      ja: '次は、各保有者が決定を行います（DecideOnDatabase）。',
    },
  },
  approved: {
    ja: '承認済み',
    next: {
      en: 'the representative and every handler sign (SignPledge), then it is granted (Grant)',
      ja: '代表者と全ての取扱者が署名（SignPledge）した後、利用許可（Grant）を行います。',
    },
  },
  refused: {
    ja: '不承認',
    next: {
      en: 'submit a changed plan as a new application',
      ja: '計画を変更する場合は、新しい申出を行ってください。',
    },
  },
  granted: {
    ja: '利用許可済み',
    next: { en: 'go on with its project', ja: '以後は、研究プロジェクトに対して操作を行ってください。' },
  },
  withdrawn: {
    ja: '取下げ済み',
    next: { en: 'submit a new application', ja: '新しい申出を行ってください。' },
  },
  rejected: {
    ja: '却下済み',
    next: { en: 'submit a new application', ja: '新しい申出を行ってください。' },
  },
}

/** A command that comes at the wrong time. */
export function wrongState(status: ApplicationStatus, type: ApplicationCommandType): Refusal {
  const possible = possibleIn[type]
  return {
    code: 'application.wrong-state',
    what:
      status === 'absent'
        ? { en: 'there is no such application', ja: 'この申出は、まだ提出されていません。' }
        : { en: `the application is ${status}`, ja: `この申出の状態は「${states[status].ja}」です。` },
    why: {
      en: `${type} is possible only when it is ${possible.join(' or ')}`,
      ja: `${type} を行えるのは、状態が${possible.map((each) => `「${states[each].ja}」`).join('又は')}のときだけです。`,
    },
    next: states[status].next,
  }
}
