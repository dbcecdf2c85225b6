import type { CommandDocument } from '../ledger/aggregate.ts'
import type { ApplicationCommandType } from './commands.ts'
import { formSchema } from './form.ts'
import { possibleIn } from './procedure.ts'

/**
 * What a reader of the API must know of each command; the states come from the table that the decider itself keeps to.
 */
type Document = Omit<CommandDocument, 'from'>

const document = (type: ApplicationCommandType, rest: Document): CommandDocument => ({
  ...rest,
  from: possibleIn[type],
  refusals: ['application.wrong-state', ...rest.refusals],
})

const judged = ['application.conflict-of-interest', 'application.not-a-person'] as const
const administered = ['application.not-an-operator', 'application.conflict-of-interest'] as const

export const applicationDocuments: Readonly<Record<ApplicationCommandType, CommandDocument>> = {
  SubmitApplication: document('SubmitApplication', {
    summary: {
      en: 'Submits the application form, or a corrected one after a return',
      ja: '申出書を提出します。差し戻された後は、訂正した申出書を提出します。',
    },
    by: ['applicant', 'applicant-side'],
    to: 'submitted',
    example: { type: 'SubmitApplication', form: { formVersion: '1.0' } },
    refusals: [
      'form.shape',
      'form.rule',
      'form.too-large',
      'application.not-the-applicant',
      'application.other-applicant',
    ],
    parts: { form: formSchema },
  }),
  CheckFormat: document('CheckFormat', {
    summary: { en: 'Checks the form by the rules of the procedure', ja: '申出書を手続の規則に照らして確認します。' },
    by: ['operator', 'machine'],
    to: 'returned or format-accepted',
    example: { type: 'CheckFormat' },
    refusals: [...administered],
  }),
  AssignReviewers: document('AssignReviewers', {
    summary: { en: 'Assigns reviewers to the committees', ja: '審査委員会に審査委員を割り当てます。' },
    by: ['operator'],
    to: 'under-review',
    example: { type: 'AssignReviewers', reviewers: [{ personId: 'r.ito', organisation: '審査大学' }] },
    refusals: [...administered, 'application.repeated', 'application.reviewed-already', 'application.other-database'],
  }),
  RecordReview: document('RecordReview', {
    summary: {
      en: 'Records the checklist and verdict of one reviewer',
      ja: '審査委員一人の審査票と判定を記録します。',
    },
    by: ['reviewer'],
    to: '–',
    example: {
      type: 'RecordReview',
      checklist: { 'public-benefit': { verdict: 'met', comment: '公益性が認められる。' } },
      verdict: 'favourable',
      comment: '問題はない。',
    },
    refusals: [
      ...judged,
      'application.not-a-reviewer',
      'application.unanswered',
      'application.unknown-item',
      'application.opinion-recorded',
    ],
  }),
  RecordOpinion: document('RecordOpinion', {
    summary: { en: "Records a committee's opinion", ja: '審査委員会の意見を記録します。' },
    by: ['reviewer'],
    to: 'under-decision, when every database has one',
    example: {
      type: 'RecordOpinion',
      opinion: 'favourable',
      reason: '適当と認める。',
      databases: ['NDB'],
    },
    refusals: [
      ...judged,
      'application.other-database',
      'application.opinion-recorded',
      'application.not-a-reviewer',
      'application.no-quorum',
      'application.no-risk-profile',
    ],
  }),
  DecideOnDatabase: document('DecideOnDatabase', {
    summary: {
      en: "Records a holder's decision on its own database",
      ja: '保有者による自らのDBについての決定を記録します。',
    },
    by: ['holder'],
    to: 'approved when all approve; refused by the first refusal',
    example: { type: 'DecideOnDatabase', database: 'NDB', decision: 'approve', reason: '意見を踏まえ、提供する。' },
    refusals: [
      ...judged,
      'application.other-database',
      'application.not-the-holder',
      'application.reviewed-already',
      'application.decided-already',
      'application.no-opinion',
      'application.unfavourable-opinion',
      'application.no-quorum',
      'application.no-longer-lawful',
    ],
  }),
  SignPledge: document('SignPledge', {
    summary: {
      en: 'Signs the pledge in every capacity the person has',
      ja: '本人の全ての立場について誓約書に署名します。',
    },
    by: ['signatory'],
    to: '–',
    example: { type: 'SignPledge', termsVersion: '2026-04' },
    refusals: ['application.nothing-to-sign', 'application.other-terms'],
  }),
  Grant: document('Grant', {
    summary: {
      en: 'Grants what was approved and opens the project',
      ja: '承認された内容を許諾し、研究プロジェクトを開きます。',
    },
    by: ['operator', 'machine'],
    to: 'granted',
    example: { type: 'Grant' },
    refusals: [
      ...administered,
      'application.no-form',
      'application.undecided',
      'application.unsigned',
      'application.no-longer-lawful',
      'application.period-over',
      'application.not-visiting',
      'application.no-room',
      'project.exists',
      'project.empty-grant',
    ],
  }),
  Withdraw: document('Withdraw', {
    summary: { en: 'Withdraws the application', ja: '申出を取り下げます。' },
    by: ['applicant-side'],
    to: 'withdrawn',
    example: { type: 'Withdraw', reason: '研究計画を見直すため。' },
    refusals: ['application.not-the-applicant'],
  }),
  Reject: document('Reject', {
    summary: {
      en: "Closes the application on formal grounds; a refusal on the merits is a holder's decision",
      ja: '形式上の理由により申出を却下します。内容による不承認は保有者の決定です。',
    },
    by: ['operator'],
    to: 'rejected',
    example: { type: 'Reject', reason: '申出者から応答がない。' },
    refusals: [...administered],
  }),
}
