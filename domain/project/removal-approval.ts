import { accept, hasRole, isMachine, refuse, type Actor, type Decision } from '../kernel/decider.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { APPROVALS_NEEDED } from './approvals.ts'
import type { ProjectCommandOf } from './commands.ts'
import type { ProjectEvent } from './events.ts'
import { approvalsOf, nameKey } from './evolve.ts'
import type { Project } from './state.ts'

/** One of the two approvals that a held removal takes, by somebody who asked for none of it (C-11). */
export function approveRemoval(
  project: Project,
  { digest }: ProjectCommandOf<'ApproveRemoval'>,
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
