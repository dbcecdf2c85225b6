import { accept, refuse, type Actor, type Decider, type Decision } from '../kernel/decider.ts'
import type { Bilingual, Refusal } from '../kernel/refusal.ts'
import { sameOrganisation } from '../kernel/organisation.ts'
import { digestOf } from '../ledger/canonical.ts'
import { mayAdminister } from './administer.ts'
import type { ApplicationCommand, ApplicationCommandType, CommandOf } from './commands.ts'
import { asPerson, conflictOf, conflictRefusal } from './conflicts.ts'
import type { ApplicationContext } from './context.ts'
import type { ApplicationEvent } from './events.ts'
import { evolve, noApplication } from './evolve.ts'
import { parseForm, soundSections, type ApplicationForm } from './form.ts'
import { checkFormat, checkSections } from './format.ts'
import { grant } from './grant.ts'
import { signPledge } from './pledge.ts'
import { decideOnDatabase } from './decision.ts'
import { otherDatabase } from './judging.ts'
import { recordOpinion, recordReview } from './review.ts'
import { databasesOf, type Application, type ApplicationStatus } from './state.ts'

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

function wrongState(status: ApplicationStatus, type: ApplicationCommandType): Refusal {
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

/** What a command does to an application: events, or every reason why not. */
function decide(
  application: Application,
  command: ApplicationCommand,
  context: ApplicationContext,
): Decision<ApplicationEvent> {
  if (!possibleIn[command.type].includes(application.status))
    return refuse(wrongState(application.status, command.type))
  switch (command.type) {
    case 'SubmitApplication':
      return submit(application, command, context)
    case 'CheckFormat':
      return check(application, context)
    case 'AssignReviewers':
      return assignReviewers(application, command, context)
    case 'RecordReview':
      return recordReview(application, command, context)
    case 'RecordOpinion':
      return recordOpinion(application, command, context)
    case 'DecideOnDatabase':
      return decideOnDatabase(application, command, context)
    case 'SignPledge':
      return signPledge(application, command, context)
    case 'Grant':
      return grant(application, context)
    case 'Withdraw':
      return withdraw(application, command, context)
    case 'Reject':
      return rejectFormally(application, command, context)
  }
}

export const applicationDecider: Decider<Application, ApplicationCommand, ApplicationEvent, ApplicationContext> = {
  initial: noApplication,
  decide,
  evolve,
}

function submit(
  application: Application,
  command: CommandOf<'SubmitApplication'>,
  context: ApplicationContext,
): Decision<ApplicationEvent> {
  const { actor, applicationId } = context
  const parsed = parseForm(command.form)
  // What the rules find in the sound sections is told at once, so that nobody mends a form twice for one check.
  if (!parsed.ok) return refuse(...parsed.refusals, ...checkSections(soundSections(command.form), context))
  const form = parsed.value
  const faults: Refusal[] = []
  if (!speaksFor(form, actor)) {
    faults.push({
      code: 'application.not-the-applicant',
      what: {
        en: `${actor.id} of ${actor.organisation} does not speak for ${form.applicant.organisation}`,
        ja: `${actor.organisation}の ${actor.id} は、${form.applicant.organisation}を代表する立場にありません。`,
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
  }
  if (application.form && !sameOrganisation(application.form.applicant.organisation, form.applicant.organisation)) {
    faults.push({
      code: 'application.other-applicant',
      what: {
        en: `the application is ${application.form.applicant.organisation}'s, not ${form.applicant.organisation}'s`,
        ja: `差し戻された申出は${application.form.applicant.organisation}のものですが、この申出書の提供申出者は${form.applicant.organisation}です。`,
      },
      why: {
        en: 'an application stays with its applicant from the first form to the last',
        ja: '一つの申出の提供申出者は、最初の提出から変更できません。',
      },
      next: {
        en: `write ${application.form.applicant.organisation}, or submit a new application under another id`,
        ja: `${application.form.applicant.organisation}と記載するか、別のIDで新しい申出を行ってください。`,
      },
      requirement: 'APP-1',
      path: 'form.applicant.organisation',
    })
  }
  if (faults.length > 0) return refuse(...faults)
  return accept({
    type: 'ApplicationSubmitted',
    applicationId,
    revision: application.revision + 1,
    form,
    formDigest: digestOf(form),
    submittedBy: asPerson(actor),
  })
}

/** The contact person and the representative speak from the applicant's organisation, an agent from their own. */
function speaksFor({ contact, applicant }: ApplicationForm, actor: Actor): boolean {
  if (contact.agent?.personId === actor.id) return sameOrganisation(contact.agent.organisation, actor.organisation)
  return (
    [contact.personId, applicant.representative.personId].includes(actor.id) &&
    sameOrganisation(applicant.organisation, actor.organisation)
  )
}

function check(application: Application, context: ApplicationContext): Decision<ApplicationEvent> {
  const refused = mayAdminister(application, context.actor, { machine: true })
  if (refused) return refuse(refused)
  const { form, formDigest } = application
  if (!form) return accept()
  const problems = checkFormat(form, context)
  return accept(
    problems.length > 0
      ? { type: 'ApplicationReturned', formDigest, problems }
      : { type: 'FormatAccepted', formDigest },
  )
}

function assignReviewers(
  application: Application,
  { reviewers }: CommandOf<'AssignReviewers'>,
  { actor, organisations }: ApplicationContext,
): Decision<ApplicationEvent> {
  const refused = mayAdminister(application, actor, { machine: false })
  if (refused) return refuse(refused)
  const all = databasesOf(application)
  const faults = reviewers.flatMap((reviewer, index) => {
    const path = `reviewers[${index}]`
    const { personId } = reviewer
    const found: Refusal[] = []
    const conflict =
      conflictOf(application, reviewer) ??
      conflictOf(application, { personId, organisation: organisations?.get(personId) ?? reviewer.organisation })
    if (conflict)
      found.push(
        conflictRefusal({
          personId,
          conflict,
          next: {
            en: 'assign a reviewer without a part in it',
            ja: '申出に関わりのない審査委員を割り当ててください。',
          },
          path: `${path}.personId`,
        }),
      )
    if (reviewers.findIndex((other) => other.personId === personId) < index)
      found.push({
        code: 'application.repeated',
        what: { en: `${personId} is listed twice`, ja: `${personId} が重複して記載されています。` },
        why: {
          en: 'a quorum counts different persons',
          ja: '定足数は、異なる人の数で数えます。',
        },
        next: {
          en: 'list every reviewer once, with all their databases',
          ja: '審査委員は一人一回、担当する全てのデータベースとともに記載してください。',
        },
        requirement: 'REV-2',
        path: `${path}.personId`,
      })
    if (application.reviews.some((review) => review.reviewer.personId === personId))
      found.push({
        code: 'application.reviewed-already',
        what: { en: `${personId} has recorded a review`, ja: `${personId} は、既に審査を記録しています。` },
        why: {
          en: 'whoever has reviewed keeps the assignment under which the review was made',
          ja: '審査を記録した審査委員の割当ては、変更できません。',
        },
        next: {
          en: `leave ${personId} out of this list; the assignment stays as it is`,
          ja: `この一覧から ${personId} を除いてください。割当てはそのまま残ります。`,
        },
        requirement: 'REV-2',
        path: `${path}.personId`,
      })
    for (const id of reviewer.databases ?? [])
      if (!all.includes(id)) found.push(otherDatabase({ id, all, requirement: 'REV-3', path: `${path}.databases` }))
    return found
  })
  if (faults.length > 0) return refuse(...faults)
  return accept({
    type: 'ReviewersAssigned',
    reviewers: reviewers.map(({ personId, organisation, databases }) => ({
      personId,
      organisation,
      databases: databases ?? all,
    })),
  })
}

function withdraw(
  application: Application,
  { reason }: CommandOf<'Withdraw'>,
  { actor }: ApplicationContext,
): Decision<ApplicationEvent> {
  const own =
    application.submittedBy?.personId === actor.id ||
    (application.form !== undefined && speaksFor(application.form, actor))
  if (!own)
    return refuse({
      code: 'application.not-the-applicant',
      what: {
        en: `${actor.id} does not speak for the applicant`,
        ja: `${actor.id} は、提供申出者を代表する立場にありません。`,
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
  return accept({ type: 'ApplicationWithdrawn', reason })
}

function rejectFormally(
  application: Application,
  { reason }: CommandOf<'Reject'>,
  { actor }: ApplicationContext,
): Decision<ApplicationEvent> {
  const refused = mayAdminister(application, actor, { machine: false })
  return refused ? refuse(refused) : accept({ type: 'ApplicationRejected', reason })
}
