import type { Refusal } from '../kernel/refusal.ts'
import { APPROVALS_NEEDED } from './approvals.ts'

const twoPersons = {
  en: `a large removal takes ${APPROVALS_NEEDED} operators, different persons, neither of whom asked for any of it`,
  ja: `規模の大きい削除には、それを求めた本人ではない、異なる${APPROVALS_NEEDED}名の運用者の承認が必要です。`,
}

export const nothingHeld: Refusal = {
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
  requirement: 'C-11',
}

export const otherRemoval = (digest: string, held: string): Refusal => ({
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
    en: `read the held removal again (renkei project show) and approve its digest ${held}`,
    ja: `保留中の削除を改めて確認し（renkei project show）、ダイジェスト ${held} を承認してください。`,
  },
  path: 'digest',
  requirement: 'C-11',
})

export const notOperator = (personId: string): Refusal => ({
  code: 'project.not-an-operator',
  what: { en: `${personId} is not an operator`, ja: `${personId} は運用者（人）ではありません。` },
  why: twoPersons,
  next: {
    en: 'ask two operators to read the removal and approve it (ApproveRemoval)',
    ja: '二名の運用者に、削除の確認と承認（ApproveRemoval）を依頼してください。',
  },
  requirement: 'C-11',
})

export const ownRequest = (personId: string): Refusal => ({
  code: 'project.own-request',
  what: {
    en: `${personId} asked for what is to be removed`,
    ja: `${personId} は、この削除を求めた本人です。`,
  },
  why: twoPersons,
  next: {
    en: 'ask two other operators to read the removal and approve it (ApproveRemoval)',
    ja: '別の二名の運用者に、削除の確認と承認（ApproveRemoval）を依頼してください。',
  },
  requirement: 'C-11',
})

export const approvedBefore = (personId: string): Refusal => ({
  code: 'project.approved-already',
  what: {
    en: `${personId} has approved this removal`,
    ja: `${personId} は、この削除を既に承認しています。`,
  },
  why: twoPersons,
  next: {
    en: 'ask another operator for the other approval',
    ja: 'もう一つの承認を、別の運用者に依頼してください。',
  },
  requirement: 'C-11',
})

export const approvedFully: Refusal = {
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
  requirement: 'C-11',
}
