import type { CommandDocument } from '../ledger/aggregate.ts'
import type { ProjectCommandType } from './commands.ts'

const inUse = ['open', 'suspended'] as const
const reported = ['open', 'suspended', 'ended', 'closed'] as const
/** Whoever is suspended, or would remove what may be evidence. */
const cutOff = ['project.suspended-person', 'project.suspended-project', 'project.suspended-handler'] as const
const report = ['project.unknown', 'project.suspended-person', 'project.machine-only'] as const

/** What a reader of the API must know of each command; `Report…` come from the platform's own functions. */
export const projectDocuments: Readonly<Record<Exclude<ProjectCommandType, 'OpenProject'>, CommandDocument>> = {
  RemoveHandler: {
    summary: {
      en: 'Removes a handler; their desktop and user go',
      ja: '取扱者を外します。その仮想デスクトップと利用者は削除されます。',
    },
    by: ['applicant-side', 'operator'],
    from: inUse,
    to: '–',
    example: { type: 'RemoveHandler', personId: 'p.tanaka', reason: '異動のため。' },
    refusals: ['project.unknown', ...cutOff, 'project.over', 'project.not-a-handler', 'project.last-handler'],
  },
  SuspendProject: {
    summary: {
      en: 'Suspends one person, or the whole project, without notice',
      ja: '一人または研究プロジェクト全体の利用を、予告なく停止します。',
    },
    by: ['operator'],
    from: inUse,
    to: 'suspended, or – for one person',
    example: { type: 'SuspendProject', reason: '異常な利用の疑い。', personId: 'p.tanaka' },
    refusals: ['project.unknown', 'project.suspended-person', 'project.over', 'project.not-a-handler'],
  },
  ResumeProject: {
    summary: { en: 'Ends a suspension', ja: '利用停止を解除します。' },
    by: ['operator'],
    from: inUse,
    to: 'open, or – for one person',
    example: { type: 'ResumeProject', reason: '疑いは晴れた。', personId: 'p.tanaka' },
    refusals: [
      'project.unknown',
      'project.suspended-person',
      'project.over',
      'project.expired',
      'project.not-suspended',
    ],
  },
  EndProject: {
    summary: {
      en: 'Ends the use; names everything the project has for destruction',
      ja: '利用を終了し、研究プロジェクトの全てを削除の対象とします。',
    },
    by: ['applicant-side', 'operator', 'machine'],
    from: inUse,
    to: 'ended, then closed when everything is gone',
    example: { type: 'EndProject', cause: 'end-of-use' },
    refusals: ['project.unknown', ...cutOff, 'project.over', 'project.not-expired', 'project.not-the-applicant'],
  },
  ApproveRemoval: {
    summary: {
      en: 'Approves a held removal; two persons must',
      ja: '保留中の削除を承認します。二人の承認が必要です。',
    },
    by: ['operator'],
    from: [...inUse, 'ended'],
    to: '–',
    example: { type: 'ApproveRemoval', digest: '0123456789abcdef' },
    refusals: [
      'project.unknown',
      'project.suspended-person',
      'project.over',
      'project.nothing-held',
      'project.other-removal',
      'project.not-an-operator',
      'project.own-request',
      'project.approved-already',
    ],
  },
  ReportHeld: {
    summary: { en: 'Reports a removal that waits for approvals', ja: '承認を待つ削除を報告します。' },
    by: ['machine'],
    from: reported,
    to: '–',
    example: { type: 'ReportHeld', digest: '0123456789abcdef', removes: [{ kind: 'key' }] },
    refusals: [...report, 'project.over'],
  },
  ReportConverged: {
    summary: { en: 'Reports that AWS agrees with the ledger', ja: 'AWSの状態が台帳と一致したことを報告します。' },
    by: ['machine'],
    from: reported,
    to: '–, or closed',
    example: { type: 'ReportConverged', exists: [{ kind: 'key', id: 'key-1' }] },
    refusals: [...report],
  },
  ReportDestroyed: {
    summary: { en: 'Reports evidence of destruction', ja: '削除の証跡を報告します。' },
    by: ['machine'],
    from: reported,
    to: '–, or closed',
    example: { type: 'ReportDestroyed', destroyed: [{ kind: 'desktop', id: 'ws-1', personId: 'p.tanaka' }] },
    refusals: [...report, 'project.unnamed'],
  },
  ReportQuarantined: {
    summary: { en: 'Reports something that no event asked for', ja: 'どのイベントにも基づかないものを報告します。' },
    by: ['machine'],
    from: reported,
    to: '–',
    example: { type: 'ReportQuarantined', resource: { kind: 'desktop', id: 'ws-2' } },
    refusals: [...report],
  },
}
