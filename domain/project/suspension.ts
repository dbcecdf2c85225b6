import {
  accept,
  hasRole,
  isMachine,
  japanDate,
  refuse,
  type Actor,
  type Decision,
  type Instant,
} from '../kernel/decider.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { choices } from '../kernel/shown.ts'
import type { ProjectCommand, ProjectCommandOf } from './commands.ts'
import type { ProjectEvent } from './events.ts'
import { inUse, notHandler, over } from './refusals.ts'
import type { Project } from './state.ts'

/**
 * A suspension takes away a person's say in the project too, not only their desktop (VIS-7): whoever is suspended
 * commands nothing in it, and whatever holds the traces of what is looked into is removed or ended by an operator only:
 * everything while the whole of it is suspended, the desktop of one who is suspended, and the project itself while a
 * suspended person is still among its handlers.
 */
export function cutOff(project: Project, command: ProjectCommand, actor: Actor): Refusal | undefined {
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

/** Suspending what is suspended is recorded again: the reason is new, and the suspend lane runs once more (VIS-7). */
export function suspend(
  project: Project,
  { reason, personId }: ProjectCommandOf<'SuspendProject'>,
): Decision<ProjectEvent> {
  if (!inUse(project)) return refuse(over(project))
  if (personId === undefined) return accept({ type: 'ProjectSuspended', reason })
  if (!project.handlers.some((handler) => handler.personId === personId)) return refuse(notHandler(project, personId))
  return accept({ type: 'ProjectSuspended', reason, personId })
}

export function resume(
  project: Project,
  { reason, personId }: ProjectCommandOf<'ResumeProject'>,
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
