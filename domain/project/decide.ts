import {
  accept,
  hasRole,
  isMachine,
  japanDate,
  refuse,
  type Actor,
  type Context,
  type Decider,
  type Decision,
  type Instant,
} from '../kernel/decider.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { choices } from '../kernel/shown.ts'
import { APPROVALS_NEEDED } from './approvals.ts'
import type { ProjectCommand } from './commands.ts'
import type { NamedResource, ProjectEvent } from './events.ts'
import { approvalsOf, covers, evolve, nameKey, noProject, resourceKey, sameThings } from './evolve.ts'
import type { Project } from './state.ts'

type CommandOf<Type extends ProjectCommand['type']> = Extract<ProjectCommand, { type: Type }>

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

const inUse = (project: Project) => project.status === 'open' || project.status === 'suspended'
const over = (project: Project): Refusal => ({
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

function notHandler({ handlers }: Project, personId: string): Refusal {
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

function open(project: Project, { grant }: CommandOf<'OpenProject'>): Decision<ProjectEvent> {
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

/**
 * A suspension takes away a person's say in the project too, not only their desktop (VIS-7): whoever is suspended
 * commands nothing in it, and whatever holds the traces of what is looked into is removed or ended by an operator only:
 * everything while the whole of it is suspended, the desktop of one who is suspended, and the project itself while a
 * suspended person is still among its handlers.
 */
function cutOff(project: Project, command: ProjectCommand, actor: Actor): Refusal | undefined {
  if (isMachine(actor)) return undefined
  if (project.suspendedPersons.includes(actor.id)) {
    return {
      code: 'project.suspended-person',
      what: {
        en: `${actor.id} is suspended in this project`,
        ja: `${actor.id} は、この研究プロジェクトで利用停止中です。`,
      },
      why: {
        en: 'whoever is suspended commands nothing in the project they were cut off from',
        ja: '利用停止中の人は、その研究プロジェクトに対する操作を一切行えません。',
      },
      next: {
        en: 'an operator who has no part in the project acts',
        ja: '研究プロジェクトに関わりのない運用者に依頼してください。',
      },
      requirement: 'VIS-7',
    }
  }
  if (hasRole(actor, 'operator')) return undefined
  const destroys = command.type === 'RemoveHandler' || command.type === 'EndProject'
  if (destroys && project.status === 'suspended') {
    return {
      code: 'project.suspended-project',
      what: { en: 'the project is suspended', ja: '研究プロジェクトは利用停止中です。' },
      why: {
        en: 'what it holds may be evidence: until that is cleared only an operator removes a handler or ends the use',
        ja: '内容が証拠となり得るため、解除されるまで、取扱者の削除や利用の終了は運用者だけが行えます。',
      },
      next: {
        en: 'ask the operator who suspended it',
        ja: '利用停止を行った運用者に問い合わせてください。',
      },
      requirement: 'VIS-7',
    }
  }
  const suspended = project.handlers
    .map(({ personId }) => personId)
    .filter((id) => project.suspendedPersons.includes(id))
  const evidenceOf = command.type === 'RemoveHandler' ? suspended.filter((id) => id === command.personId) : suspended
  if (destroys && evidenceOf.length > 0) {
    return {
      code: 'project.suspended-handler',
      what: {
        en: `${evidenceOf.join(', ')} is suspended in this project`,
        ja: `${evidenceOf.join('、')} は、この研究プロジェクトで利用停止中です。`,
      },
      why: {
        en: 'the desktop of a suspended person may be evidence: until that is cleared only an operator has it removed',
        ja: '利用停止中の人の仮想デスクトップは証拠となり得るため、解除されるまで、削除は運用者だけが行えます。',
      },
      next: {
        en: 'ask the operator who suspended them',
        ja: '利用停止を行った運用者に問い合わせてください。',
      },
      requirement: 'VIS-7',
    }
  }
  return undefined
}

const thingsOf = (personId: string): readonly NamedResource[] => [
  { kind: 'desktop', personId },
  { kind: 'user', personId },
]

function removeHandler(
  project: Project,
  { personId, reason }: CommandOf<'RemoveHandler'>,
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

/** Suspending what is suspended is recorded again: the reason is new, and the suspend lane runs once more (VIS-7). */
function suspend(project: Project, { reason, personId }: CommandOf<'SuspendProject'>): Decision<ProjectEvent> {
  if (!inUse(project)) return refuse(over(project))
  if (personId === undefined) return accept({ type: 'ProjectSuspended', reason })
  if (!project.handlers.some((handler) => handler.personId === personId)) return refuse(notHandler(project, personId))
  return accept({ type: 'ProjectSuspended', reason, personId })
}

function resume(
  project: Project,
  { reason, personId }: CommandOf<'ResumeProject'>,
  now: Instant,
): Decision<ProjectEvent> {
  if (!inUse(project)) return refuse(over(project))
  if (japanDate(now) > project.until)
    return refuse({
      code: 'project.expired',
      what: {
        en: `the period of use ended on ${project.until}, and today is ${japanDate(now)} in Japan`,
        ja: `利用期間は${project.until}に終わっています（日本時間の本日は${japanDate(now)}）。`,
      },
      why: {
        en: 'nothing is used after the last day of the period',
        ja: '利用期間の最終日を過ぎた利用はできません。',
      },
      next: {
        en: 'end the project (EndProject, cause expiry); an extension is a change application',
        ja: '利用を終了してください（EndProject、causeは expiry）。延長は、変更の申出により行います。',
      },
      requirement: 'VIS-6',
    })
  if (personId === undefined) {
    if (project.status !== 'suspended')
      return refuse({
        code: 'project.not-suspended',
        what: {
          en: 'the project as a whole is not suspended',
          ja: '研究プロジェクト全体の利用停止は行われていません。',
        },
        why: { en: 'only what is suspended is resumed', ja: '利用再開の対象は、利用停止中のものに限ります。' },
        next:
          project.suspendedPersons.length === 0
            ? { en: 'nothing is to be done: nobody is suspended', ja: '操作は不要です。利用停止中の人はいません。' }
            : {
                en: `name the person to resume: ${choices(project.suspendedPersons).en}`,
                ja: `再開する人の個人IDを記載してください（${choices(project.suspendedPersons).ja}）。`,
              },
      })
    return accept({ type: 'ProjectResumed', reason })
  }
  if (!project.suspendedPersons.includes(personId))
    return refuse({
      code: 'project.not-suspended',
      what: { en: `${personId} is not suspended`, ja: `${personId} は利用停止中ではありません。` },
      why: { en: 'only what is suspended is resumed', ja: '利用再開の対象は、利用停止中のものに限ります。' },
      next:
        project.suspendedPersons.length === 0
          ? {
              en: 'nobody is suspended; leave personId out to resume the project as a whole',
              ja: '利用停止中の人はいません。研究プロジェクト全体を再開する場合は、personIdを省いてください。',
            }
          : {
              en: `name a suspended person: ${choices(project.suspendedPersons).en}`,
              ja: `利用停止中の人の個人IDを記載してください（${choices(project.suspendedPersons).ja}）。`,
            },
      path: 'personId',
    })
  return accept({ type: 'ProjectResumed', reason, personId })
}

function end(project: Project, { cause }: CommandOf<'EndProject'>, { now, actor }: Context): Decision<ProjectEvent> {
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

function approveRemoval(
  project: Project,
  { digest }: CommandOf<'ApproveRemoval'>,
  actor: Actor,
): Decision<ProjectEvent> {
  const no = (refusal: Omit<Refusal, 'requirement'>) => refuse({ ...refusal, requirement: 'C-11' })
  const twoPersons = {
    en: `a large removal takes ${APPROVALS_NEEDED} operators, different persons, neither of whom asked for any of it`,
    ja: `規模の大きい削除には、それを求めた本人ではない、異なる${APPROVALS_NEEDED}名の運用者の承認が必要です。`,
  }
  if (project.heldRemoval === undefined)
    return no({
      code: 'project.nothing-held',
      what: {
        en: 'no removal of this project waits for approval',
        ja: 'この研究プロジェクトに、承認を待つ削除はありません。',
      },
      why: {
        en: 'an approval is given to a removal that is held, never in advance',
        ja: '承認は、保留中の削除に対して行います。事前の承認はできません。',
      },
      next: {
        en: 'read the project (renkei project show); approve only what it shows as held',
        ja: '研究プロジェクトを参照し（renkei project show）、保留中と示されたものだけを承認してください。',
      },
    })
  if (digest !== project.heldRemoval) {
    return no({
      code: 'project.other-removal',
      what: {
        en: `${digest} is not the removal that is held now`,
        ja: `${digest} は、現在保留中の削除ではありません。`,
      },
      why: {
        en: 'an approval holds for exactly the removal that was read, and what is held may have changed',
        ja: '承認の対象は、確認した削除そのものに限ります。保留中の内容は変わることがあります。',
      },
      next: {
        en: `read the held removal again (renkei project show) and approve its digest ${project.heldRemoval}`,
        ja: `保留中の削除を改めて確認し（renkei project show）、ダイジェスト ${project.heldRemoval} を承認してください。`,
      },
      path: 'digest',
    })
  }
  if (!hasRole(actor, 'operator') || isMachine(actor))
    return no({
      code: 'project.not-an-operator',
      what: { en: `${actor.id} is not an operator`, ja: `${actor.id} は運用者（人）ではありません。` },
      why: twoPersons,
      next: {
        en: 'ask two operators to read the removal and approve it (ApproveRemoval)',
        ja: '二名の運用者に、削除の確認と承認（ApproveRemoval）を依頼してください。',
      },
    })
  if (askedFor(project, actor))
    return no({
      code: 'project.own-request',
      what: {
        en: `${actor.id} asked for what is to be removed`,
        ja: `${actor.id} は、この削除を求めた本人です。`,
      },
      why: twoPersons,
      next: {
        en: 'ask two other operators to read the removal and approve it (ApproveRemoval)',
        ja: '別の二名の運用者に、削除の確認と承認（ApproveRemoval）を依頼してください。',
      },
    })
  const given = approvalsOf(project, digest)
  if (given.some(({ approver }) => approver === actor.id))
    return no({
      code: 'project.approved-already',
      what: {
        en: `${actor.id} has approved this removal`,
        ja: `${actor.id} は、この削除を既に承認しています。`,
      },
      why: twoPersons,
      next: {
        en: 'ask another operator for the other approval',
        ja: 'もう一つの承認を、別の運用者に依頼してください。',
      },
    })
  if (given.length >= APPROVALS_NEEDED)
    return no({
      code: 'project.approved-already',
      what: {
        en: `this removal has its ${APPROVALS_NEEDED} approvals`,
        ja: `この削除は、既に${APPROVALS_NEEDED}名に承認されています。`,
      },
      why: twoPersons,
      next: {
        en: 'nothing is to be done; the next pass of the reconciler removes it',
        ja: '操作は不要です。次の調整パスで削除されます。',
      },
    })
  return accept({ type: 'RemovalApproved', digest, approver: actor.id, organisation: actor.organisation })
}

/** Whether the actor's own command named any part of what is held. */
function askedFor({ askers = [], heldRemoves = [] }: Project, actor: Actor): boolean {
  const held = new Set(heldRemoves.map(nameKey))
  return askers.some(
    ({ askedBy, destroys }) => askedBy === actor.id && destroys.some((name) => held.has(nameKey(name))),
  )
}

type Report = Extract<ProjectCommand, { type: `Report${string}` }>

/** Reports say what the reconciler found; a repeated report is accepted and changes nothing (C-10). */
function report(project: Project, command: Report, { actor, now }: Context): Decision<ProjectEvent> {
  if (!isMachine(actor))
    return refuse({
      code: 'project.machine-only',
      what: { en: `${actor.id} is not a machine of the platform`, ja: `${actor.id} は、基盤の機能ではありません。` },
      why: {
        en: `${command.type} is evidence, and comes from the platform's own functions only`,
        ja: `${command.type} は証拠となる報告であり、基盤の機能だけが送ります。`,
      },
      next: {
        en: 'nothing is to be sent; read the project instead (renkei project show)',
        ja: '送信は不要です。研究プロジェクトを参照してください（renkei project show）。',
      },
      requirement: 'C-5',
    })
  switch (command.type) {
    case 'ReportQuarantined': {
      const known = (project.quarantined ?? []).map(resourceKey)
      return known.includes(resourceKey(command.resource))
        ? accept()
        : accept({ type: 'UnknownResourceQuarantined', resource: command.resource })
    }
    case 'ReportHeld':
      if (project.status === 'closed') return refuse(over(project))
      return project.heldRemoval === command.digest
        ? accept()
        : accept({ type: 'RemovalHeld', digest: command.digest, removes: command.removes })
    case 'ReportConverged':
      if (project.status === 'closed') return accept()
      if (project.convergedAt !== undefined && sameThings(project.exists, command.exists)) return accept()
      return accept({ type: 'ProvisioningConverged', exists: command.exists, at: command.at ?? now })
    case 'ReportDestroyed': {
      const unnamed = command.destroyed.filter((resource) => !project.named.some((name) => covers(name, resource)))
      if (unnamed.length > 0) {
        return refuse({
          code: 'project.unnamed',
          what: {
            en: `${unnamed.map(resourceKey).join(', ')} was destroyed, but no end event named it`,
            ja: `${unnamed.map(resourceKey).join('、')} が破棄されましたが、終了のイベントに記載がありません。`,
          },
          why: {
            en: 'nothing is destroyed but what an end event names',
            ja: '破棄できるのは、終了のイベントに記載されたものだけです。',
          },
          next: {
            en: 'treat it as an incident: stop the reconciler and find who destroyed it',
            ja: 'インシデントとして扱い、調整機能を停止して、誰が破棄したかを調べてください。',
          },
          requirement: 'C-11',
          path: 'destroyed',
        })
      }
      const known = new Set(project.destroyed.map(resourceKey))
      const fresh = command.destroyed.filter((resource) => !known.has(resourceKey(resource)))
      return fresh.length === 0
        ? accept()
        : accept({ type: 'ResourcesDestroyed', destroyed: fresh, at: command.at ?? now })
    }
  }
}
