import {
  accept,
  hasRole,
  japanDate,
  refuse,
  type Actor,
  type Context,
  type Decider,
  type Decision,
} from '../kernel/decider.ts'
import type { ProjectCommand, ProjectCommandOf } from './commands.ts'
import type { NamedResource, ProjectEvent } from './events.ts'
import { evolve, noProject } from './evolve.ts'
import { inUse, notHandler, over } from './refusals.ts'
import { approveRemoval } from './removal-approval.ts'
import { report } from './report.ts'
import { cutOff, resume, suspend } from './suspension.ts'
import type { Project } from './state.ts'

/**
 * What a command does to a project.
 *
 * | command \ status | absent | open | suspended | ended | closed |
 * |---|---|---|---|---|---|
 * | OpenProject (from a grant) | → open | – | – | – | – |
 * | RemoveHandler | – | stays | stays | – | – |
 * | SuspendProject | – | → suspended, or one person | stays, or one person | – | – |
 * | ResumeProject | – | one person | → open, or one person | – | – |
 * | EndProject | – | → ended | → ended | nothing new | – |
 * | ApproveRemoval | – | of the held digest | of the held digest | of the held digest | – |
 * | Report… (machine) | – | yes | yes | yes, → closed when all is destroyed | quarantine only |
 */
function decide(project: Project, command: ProjectCommand, context: Context): Decision<ProjectEvent> {
  if (command.type === 'OpenProject') return open(project, command)
  if (project.status === 'absent')
    return refuse({
      code: 'project.unknown',
      what: { en: 'there is no such project', ja: 'この研究プロジェクトはありません。' },
      why: {
        en: 'a project exists from the grant of its application on',
        ja: '研究プロジェクトは、申出の利用許可によって開設されます。',
      },
      next: {
        en: 'check the project id, e.g. A-2026-0001; it is the id of the application',
        ja: '研究プロジェクトのIDを確認してください（例：A-2026-0001）。申出のIDと同じです。',
      },
    })
  const refused = cutOff(project, command, context.actor)
  if (refused) return refuse(refused)
  switch (command.type) {
    case 'RemoveHandler':
      return removeHandler(project, command, context.actor)
    case 'SuspendProject':
      return suspend(project, command)
    case 'ResumeProject':
      return resume(project, command, context.now)
    case 'EndProject':
      return end(project, command, context)
    case 'ApproveRemoval':
      return approveRemoval(project, command, context.actor)
    default:
      return report(project, command, context)
  }
}

export const projectDecider: Decider<Project, ProjectCommand, ProjectEvent> = { initial: noProject, decide, evolve }

function open(project: Project, { grant }: ProjectCommandOf<'OpenProject'>): Decision<ProjectEvent> {
  if (project.status !== 'absent')
    return refuse({
      code: 'project.exists',
      what: {
        en: `project ${project.projectId} has been opened before`,
        ja: `研究プロジェクト ${project.projectId} は、既に開設されています。`,
      },
      why: { en: 'a grant opens its project once', ja: '利用許可による開設は一度だけです。' },
      next: {
        en: 'read the project; nothing is to be opened',
        ja: '開設は不要です。研究プロジェクトを参照してください。',
      },
      requirement: 'CON-2',
    })
  if (grant.handlers.length === 0 || grant.databases.length === 0) {
    return refuse({
      code: 'project.empty-grant',
      what: {
        en: `the grant names ${grant.handlers.length} handlers and ${grant.databases.length} databases`,
        ja: `利用許可に記載された取扱者は${grant.handlers.length}名、データベースは${grant.databases.length}件です。`,
      },
      why: {
        en: 'a project is the use of databases by handlers, and needs at least one of each',
        ja: '研究プロジェクトでは取扱者がデータベースを利用するため、それぞれ一つ以上が必要です。',
      },
      next: {
        en: 'grant an application that names both',
        ja: '両方を記載した申出に、利用許可を与えてください。',
      },
      requirement: 'CON-2',
    })
  }
  return accept({ type: 'ProjectOpened', ...grant })
}

const thingsOf = (personId: string): readonly NamedResource[] => [
  { kind: 'desktop', personId },
  { kind: 'user', personId },
]

function removeHandler(
  project: Project,
  { personId, reason }: ProjectCommandOf<'RemoveHandler'>,
  actor: Actor,
): Decision<ProjectEvent> {
  if (!inUse(project)) return refuse(over(project))
  if (!project.handlers.some((handler) => handler.personId === personId)) return refuse(notHandler(project, personId))
  if (project.handlers.length === 1) {
    return refuse({
      code: 'project.last-handler',
      what: { en: `${personId} is the last handler`, ja: `${personId} は最後の取扱者です。` },
      why: {
        en: 'a project without a handler has nobody who answers for its data',
        ja: '取扱者がいなくなると、データに責任を持つ人がいなくなります。',
      },
      next: {
        en: 'end the project (EndProject, cause end-of-use), or suspend it now (SuspendProject)',
        ja: '利用を終了する（EndProject、causeは end-of-use）か、直ちに利用停止としてください（SuspendProject）。',
      },
      requirement: 'APP-2',
      path: 'personId',
    })
  }
  return accept({ type: 'HandlerRemoved', personId, reason, destroys: thingsOf(personId), askedBy: actor.id })
}

function end(
  project: Project,
  { cause }: ProjectCommandOf<'EndProject'>,
  { now, actor }: Context,
): Decision<ProjectEvent> {
  if (!inUse(project)) return refuse(over(project))
  if (cause === 'expiry' && japanDate(now) <= project.until) {
    return refuse({
      code: 'project.not-expired',
      what: {
        en: `the period of use runs until ${project.until}, and today is ${japanDate(now)} in Japan`,
        ja: `利用期間は${project.until}までです（日本時間の本日は${japanDate(now)}）。`,
      },
      why: {
        en: 'a period is over with the end of its last day in Japan, not before',
        ja: '利用期間は、最終日の日本時間の終わりをもって満了します。',
      },
      next: {
        en: 'wait for the end of that day, or end the use with cause "end-of-use"',
        ja: 'その日の終わりを待つか、causeを "end-of-use" として利用を終了してください。',
      },
      requirement: 'VIS-6',
      path: 'cause',
    })
  }
  if (cause === 'end-of-use' && !mayEndUse(project, actor)) {
    return refuse({
      code: 'project.not-the-applicant',
      what: {
        en: `${actor.id} neither represents the applicant nor operates the platform`,
        ja: `${actor.id} は、提供申出者を代表する立場になく、運用者でもありません。`,
      },
      why: {
        en: 'the end of use is declared by the side that answers for it, or by an operator',
        ja: '利用の終了は、責任を負う提供申出者の側、又は運用者が行います。',
      },
      next: {
        en: 'the representative or the contact person of the application ends the use (EndProject, cause end-of-use)',
        ja: '申出の代表者又は担当者が、利用を終了してください（EndProject、causeは end-of-use）。',
      },
      requirement: 'CON-3',
    })
  }
  const destroys: readonly NamedResource[] = [
    ...project.handlers.flatMap(({ personId }) => thingsOf(personId)),
    { kind: 'file-system' },
    { kind: 'security-group' },
    { kind: 'key' },
  ]
  return accept({ type: 'ProjectEnded', cause, destroys, askedBy: actor.id })
}

const mayEndUse = (project: Project, actor: Actor) =>
  hasRole(actor, 'operator') || (project.applicant?.persons.includes(actor.id) ?? false)
