import type { Actor } from '../../kernel/decider.ts'
import type { Refusal } from '../../kernel/refusal.ts'

export const mayNotSubmit = (actor: Actor, applicant: string): Refusal => ({
  code: 'application.not-the-applicant',
  what: {
    en: `${actor.id} of ${actor.organisation} does not speak for ${applicant}`,
    ja: `${actor.organisation}の ${actor.id} は、${applicant}を代表する立場にありません。`,
  },
  why: {
    en: 'the contact person, the agent or the representative it names submits a form, from their own organisation',
    ja: '申出書を提出できるのは、申出書に記載された担当者、代理人、代表者が、それぞれの所属機関から行う場合に限ります。',
  },
  next: {
    en: 'have one of them submit it, or name yourself as contact.personId, e.g. "personId": "p.sato"',
    ja: 'そのいずれかの人が提出するか、提出者を担当者（contact.personId）として記載してください（例："personId": "p.sato"）。',
  },
  requirement: 'APP-1',
  path: 'form.contact.personId',
})

/** `first`: the applicant of the form before, `now`: of the form submitted now. */
export const otherApplicant = (first: string, now: string): Refusal => ({
  code: 'application.other-applicant',
  what: {
    en: `the application is ${first}'s, not ${now}'s`,
    ja: `差し戻された申出は${first}のものですが、この申出書の提供申出者は${now}です。`,
  },
  why: {
    en: 'an application stays with its applicant from the first form to the last',
    ja: '一つの申出の提供申出者は、最初の提出から変更できません。',
  },
  next: {
    en: `write ${first}, or submit a new application under another id`,
    ja: `${first}と記載するか、別のIDで新しい申出を行ってください。`,
  },
  requirement: 'APP-1',
  path: 'form.applicant.organisation',
})

export const mayNotWithdraw = (personId: string): Refusal => ({
  code: 'application.not-the-applicant',
  what: {
    en: `${personId} does not speak for the applicant`,
    ja: `${personId} は、提供申出者を代表する立場にありません。`,
  },
  why: {
    en: 'an application is withdrawn by the side that submitted it',
    ja: '申出を取り下げられるのは、申出を行った側だけです。',
  },
  next: {
    en: 'the contact person, the agent or the representative withdraws it (Withdraw)',
    ja: '担当者、代理人、代表者のいずれかが取り下げてください（Withdraw）。',
  },
  requirement: 'APP-1',
})
