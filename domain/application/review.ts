import { accept, hasRole, isMachine, refuse, type Actor, type Decision } from '../kernel/decider.ts'
import { nearest } from '../kernel/nearest.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { choices } from '../kernel/shown.ts'
import type { CommandOf } from './commands.ts'
import { asPerson, conflictOf, conflictRefusal } from './conflicts.ts'
import type { ApplicationContext } from './context.ts'
import type { ApplicationEvent, Person } from './events.ts'
import { legalProblems } from './legal.ts'
import { databasesOf, type Application } from './state.ts'

/** A conflict found now, by the organisation the actor comes from today, whatever was assigned before (C-4). */
function conflictNow(application: Application, actor: Actor): Refusal | undefined {
  if (isMachine(actor))
    return {
      code: 'application.not-a-person',
      what: { en: `${actor.id} is a machine`, ja: `${actor.id} は基盤の機能であり、人ではありません。` },
      why: { en: 'only people judge an application', ja: '申出の審査と決定は、人だけが行います。' },
      next: {
        en: 'a reviewer or a person of the holder sends this command',
        ja: '審査委員又は保有者の担当者が、このコマンドを送ってください。',
      },
      requirement: 'REV-2',
    }
  const conflict = conflictOf(application, asPerson(actor))
  return conflict === undefined
    ? undefined
    : conflictRefusal({
        personId: actor.id,
        conflict,
        next: {
          en: 'another reviewer or another person of the holder, without a part in it, sends this command',
          ja: '申出に関わりのない、別の審査委員又は保有者の別の担当者が、このコマンドを送ってください。',
        },
      })
}

/** A database that the application does not ask for. */
export function otherDatabase({
  id,
  all,
  requirement,
  path,
}: {
  readonly id: string
  readonly all: readonly string[]
  readonly requirement: string
  readonly path: string
}): Refusal {
  const asked = choices(all)
  return {
    code: 'application.other-database',
    what: { en: `${id} is not asked for in this application`, ja: `この申出は ${id} の利用を求めていません。` },
    why: {
      en: 'reviews, opinions and decisions concern the databases of the application only',
      ja: '審査、意見、決定の対象は、申出に記載されたデータベースに限ります。',
    },
    next: { en: `write ${asked.en}`, ja: `${asked.ja} のいずれかを記載してください。` },
    requirement,
    path,
  }
}

/** One reviewer's review: the whole checklist, each item with verdict and comment (REV-1). */
export function recordReview(
  application: Application,
  { checklist, verdict, comment }: CommandOf<'RecordReview'>,
  { actor, rules }: ApplicationContext,
): Decision<ApplicationEvent> {
  const conflict = conflictNow(application, actor)
  if (conflict) return refuse(conflict)
  const assigned = application.reviewers.find(({ personId }) => personId === actor.id)
  if (!assigned || !hasRole(actor, 'reviewer'))
    return refuse({
      code: 'application.not-a-reviewer',
      what: {
        en: `${actor.id} is not assigned to this application as a reviewer`,
        ja: `${actor.id} は、この申出の審査委員として割り当てられていません。`,
      },
      why: {
        en: 'an application is reviewed by the reviewers who were assigned to it and found without conflict',
        ja: '審査は、利益相反がないと確認され、その申出に割り当てられた審査委員が行います。',
      },
      next: {
        en: 'an operator assigns reviewers (AssignReviewers)',
        ja: '運用者に、審査委員の割当て（AssignReviewers）を依頼してください。',
      },
      requirement: 'REV-2',
    })
  const items = rules.checklist.map(({ id }) => id)
  const faults = [
    ...items
      .filter((id) => !Object.hasOwn(checklist, id))
      .map((id): Refusal => ({
        code: 'application.unanswered',
        what: { en: `item ${id} of the checklist is not answered`, ja: `審査項目 ${id} に回答がありません。` },
        why: { en: 'a review answers every item of the checklist', ja: '審査では、全ての審査項目に回答します。' },
        next: {
          en: `add "${id}": {"verdict": "met", "comment": "…"}; the verdict is met, not-met or not-applicable`,
          ja: `"${id}": {"verdict": "met", "comment": "…"} を追加してください。verdictは met、not-met、not-applicable のいずれかです。`,
        },
        requirement: 'REV-1',
        path: `checklist.${id}`,
      })),
    ...Object.keys(checklist)
      .filter((id) => !items.includes(id))
      .map((id): Refusal => {
        const meant = nearest(id, items)
        return {
          code: 'application.unknown-item',
          what: { en: `${id} is no item of the checklist`, ja: `${id} という審査項目はありません。` },
          why: {
            en: `the items are ${items.join(', ')}`,
            ja: `審査項目は、${items.join('、')} です。`,
          },
          next:
            meant === undefined
              ? { en: 'remove it', ja: '削除してください。' }
              : {
                  en: `did you mean "${meant}"? Otherwise remove it`,
                  ja: `「${meant}」の誤りではありませんか。そうでなければ削除してください。`,
                },
          requirement: 'REV-1',
          path: `checklist.${id}`,
        }
      }),
  ]
  if (faults.length > 0) return refuse(...faults)
  const decided = assigned.databases.filter((database) => application.opinions.has(database))
  if (decided.length > 0)
    return refuse({
      code: 'application.opinion-recorded',
      what: {
        en: `the committee has given its opinion on ${decided.join(', ')}`,
        ja: `審査委員会は、${decided.join('、')} について既に意見を述べています。`,
      },
      why: {
        en: 'an opinion rests on the reviews before it, so none is added or changed afterwards',
        ja: '意見はそれまでの審査に基づくため、後から審査を追加、変更することはできません。',
      },
      next: {
        en: 'nothing is to be done; the holder decides next (DecideOnDatabase)',
        ja: '審査は不要です。次は、保有者が決定を行います（DecideOnDatabase）。',
      },
      requirement: 'REV-2',
    })
  return accept({
    type: 'ReviewRecorded',
    reviewer: asPerson(actor),
    databases: assigned.databases,
    checklist,
    verdict,
    comment,
  })
}

/**
 * The reviewers whose reviews count for a database today: they reviewed it, and have no conflict by any organisation
 * known of them.
 */
function countedReviewers(
  application: Application,
  database: string,
  organisations: ApplicationContext['organisations'],
): readonly Person[] {
  return application.reviews
    .filter(({ databases }) => databases.includes(database))
    .map(({ reviewer }) => reviewer)
    .filter((reviewer) => conflictOf(application, reviewer) === undefined)
    .filter(
      ({ personId, organisation }) =>
        conflictOf(application, { personId, organisation: organisations?.get(personId) ?? organisation }) === undefined,
    )
}

/**
 * A committee's opinion on the databases it answers for: quorum, and a risk profile where several are concerned (REV-2,
 * REV-3).
 */
export function recordOpinion(
  application: Application,
  command: CommandOf<'RecordOpinion'>,
  { actor, rules, organisations }: ApplicationContext,
): Decision<ApplicationEvent> {
  const { opinion, reason, riskProfile, experts } = command
  const conflict = conflictNow(application, actor)
  if (conflict) return refuse(conflict)
  const all = databasesOf(application)
  const databases = [...new Set(command.databases ?? all)]
  const faults: Refusal[] = []
  for (const id of databases) {
    if (!all.includes(id)) faults.push(otherDatabase({ id, all, requirement: 'REV-3', path: 'databases' }))
    else if (application.opinions.has(id))
      faults.push({
        code: 'application.opinion-recorded',
        what: { en: `the opinion on ${id} is recorded`, ja: `${id} についての意見は、既に記録されています。` },
        why: {
          en: 'a committee gives its opinion on a database once, and it stands',
          ja: '審査委員会が一つのデータベースについて意見を述べるのは一度で、変更できません。',
        },
        next: {
          en: `leave ${id} out of databases; its holder decides next (DecideOnDatabase)`,
          ja: `databasesから ${id} を除いてください。次は、保有者が決定を行います（DecideOnDatabase）。`,
        },
        requirement: 'REV-2',
        path: 'databases',
      })
    else {
      const counted = countedReviewers(application, id, organisations).map(({ personId }) => personId)
      if (!counted.includes(actor.id))
        faults.push({
          code: 'application.not-a-reviewer',
          what: { en: `${actor.id} has not reviewed ${id}`, ja: `${actor.id} は ${id} の審査を行っていません。` },
          why: {
            en: "a committee's opinion is given by one of its reviewers who recorded a review without conflict",
            ja: '審査委員会の意見は、利益相反がなく審査を記録した審査委員の一人が提出します。',
          },
          next: {
            en: `record a review first (RecordReview), or have a reviewer of ${id} give the opinion`,
            ja: `先に審査を記録する（RecordReview）か、${id} を審査した審査委員が意見を提出してください。`,
          },
          requirement: 'REV-2',
          path: 'databases',
        })
      if (counted.length < rules.quorum)
        faults.push({
          code: 'application.no-quorum',
          what: {
            en: `${id} has ${counted.length} of ${rules.quorum} reviews without conflict`,
            ja: `${id} には、利益相反のない審査が${counted.length}件しかありません（必要数は${rules.quorum}件）。`,
          },
          why: {
            en: `an opinion rests on the reviews of at least ${rules.quorum} reviewers without conflict`,
            ja: `意見は、利益相反のない審査委員${rules.quorum}名以上の審査に基づきます。`,
          },
          next: {
            en: 'wait for further reviews (RecordReview), or have an operator assign more reviewers (AssignReviewers)',
            ja: '他の審査委員の審査（RecordReview）を待つか、運用者に審査委員の追加（AssignReviewers）を依頼してください。',
          },
          requirement: 'REV-2',
          path: 'databases',
        })
    }
  }
  if (all.length > 1 && riskProfile === undefined) {
    faults.push({
      code: 'application.no-risk-profile',
      what: {
        en: `${all.length} databases are concerned, and the risk profile is missing`,
        ja: `${all.length}件のデータベースに関わる申出ですが、リスクの整理（riskProfile）がありません。`,
      },
      why: {
        en: 'where several databases are concerned, their committees share one view of the risk of identification',
        ja: '複数のデータベースに関わる場合、各審査委員会は、識別リスクについて共通の整理に基づいて判断します。',
      },
      next: {
        en: 'write riskProfile with a text for each of geography, facility, death and rareItems',
        ja: 'riskProfileに、geography（地域）、facility（施設）、death（死亡）、rareItems（希少項目）をそれぞれ記載してください。',
      },
      requirement: 'REV-3',
      path: 'riskProfile',
    })
  }
  if (faults.length > 0) return refuse(...faults)
  const persons = new Map(
    databases
      .flatMap((id) => countedReviewers(application, id, organisations))
      .map((person) => [person.personId, person]),
  )
  return accept({
    type: 'OpinionRecorded',
    databases,
    opinion,
    reason,
    reviewers: [...persons.values()],
    recordedBy: asPerson(actor),
    ...(riskProfile && { riskProfile }),
    ...(experts && { experts }),
  })
}

/** A holder's decision on their own database, after its committee's opinion and apart from it (REV-2). */
export function decideOnDatabase(
  application: Application,
  { database, decision, reason }: CommandOf<'DecideOnDatabase'>,
  context: ApplicationContext,
): Decision<ApplicationEvent> {
  const { actor, rules, organisations } = context
  const path = 'database'
  const conflict = conflictNow(application, actor)
  if (conflict) return refuse(conflict)
  if (!databasesOf(application).includes(database))
    return refuse(otherDatabase({ id: database, all: databasesOf(application), requirement: 'REV-2', path }))
  if (!hasRole(actor, 'holder') || !actor.databases?.includes(database))
    return refuse({
      code: 'application.not-the-holder',
      what: {
        en: `${actor.id} does not answer for ${database}`,
        ja: `${actor.id} は ${database} の保有者の担当者ではありません。`,
      },
      why: {
        en: 'each database is decided on by its own holder',
        ja: '決定は、データベースごとに、その保有者が行います。',
      },
      next: {
        en: `a person of the holder of ${database} decides`,
        ja: `${database} の保有者の担当者が決定を行ってください。`,
      },
      requirement: 'REV-2',
      path,
    })
  if (
    [...application.reviewers, ...application.reviews.map(({ reviewer }) => reviewer)].some(
      ({ personId }) => personId === actor.id,
    )
  ) {
    return refuse({
      code: 'application.reviewed-already',
      what: {
        en: `${actor.id} is a reviewer of this application`,
        ja: `${actor.id} は、この申出の審査委員です。`,
      },
      why: {
        en: 'nobody both reviews an application and decides on it',
        ja: '同じ人が、一つの申出の審査と決定の両方を行うことはできません。',
      },
      next: {
        en: `another person of the holder of ${database} decides`,
        ja: `${database} の保有者の、別の担当者が決定を行ってください。`,
      },
      requirement: 'REV-2',
    })
  }
  if (application.decisions.has(database))
    return refuse({
      code: 'application.decided-already',
      what: { en: `${database} is decided on`, ja: `${database} については、既に決定しています。` },
      why: {
        en: 'a holder decides on a database once, and the decision stands',
        ja: '保有者の決定は一つのデータベースについて一度で、変更できません。',
      },
      next: {
        en: 'nothing is to be done; a changed plan needs a new application',
        ja: '決定は不要です。計画を変更する場合は、新しい申出を行ってください。',
      },
      requirement: 'REV-2',
      path,
    })
  const opinion = application.opinions.get(database)
  if (!opinion)
    return refuse({
      code: 'application.no-opinion',
      what: {
        en: `the committee has given no opinion on ${database}`,
        ja: `審査委員会は、${database} についてまだ意見を述べていません。`,
      },
      why: {
        en: 'a holder decides after the opinion of the committee, and apart from it',
        ja: '保有者は、審査委員会の意見の後に、それとは別に決定を行います。',
      },
      next: {
        en: 'wait for the opinion (RecordOpinion), then decide',
        ja: '意見の提出（RecordOpinion）を待ってから、決定を行ってください。',
      },
      requirement: 'REV-2',
      path,
    })
  if (decision === 'approve') {
    const faults = obstacles(application, database, opinion.opinion, { rules, organisations })
    const legal = application.form ? legalProblems(application.form, context) : []
    if (faults.length + legal.length > 0) return refuse(...faults, ...asRefusals(legal))
  }
  return accept({ type: 'DatabaseDecided', database, decision, reason, decidedBy: asPerson(actor) })
}

/** What stands against approving, by what is known at this moment. */
function obstacles(
  application: Application,
  database: string,
  opinion: string,
  { rules, organisations }: Pick<ApplicationContext, 'rules' | 'organisations'>,
): Refusal[] {
  const counted = countedReviewers(application, database, organisations).length
  return [
    ...(opinion === 'favourable'
      ? []
      : [
          {
            code: 'application.unfavourable-opinion',
            what: {
              en: `the committee's opinion on ${database} is unfavourable`,
              ja: `${database} についての審査委員会の意見は「不適当」です。`,
            },
            why: {
              en: 'against an unfavourable opinion a holder can refuse, not approve',
              ja: '意見が不適当の場合、保有者は不承認とすることはできますが、承認することはできません。',
            },
            next: {
              en: 'decide "refuse"; the applicant may then submit a changed plan as a new application',
              ja: '決定を "refuse"（不承認）としてください。提供申出者は、計画を変更して新しい申出を行えます。',
            },
            requirement: 'REV-2',
            path: 'decision',
          } satisfies Refusal,
        ]),
    ...(counted >= rules.quorum
      ? []
      : [
          {
            code: 'application.no-quorum',
            what: {
              en: `${counted} of ${rules.quorum} reviewers of ${database} are without conflict today`,
              ja: `${database} の審査委員のうち、今日の時点で利益相反がないのは${counted}名です（必要数は${rules.quorum}名）。`,
            },
            why: {
              en: `an approval rests on at least ${rules.quorum} reviewers who have no conflict on the day it is given`,
              ja: `承認は、その日に利益相反のない審査委員${rules.quorum}名以上の審査に基づきます。`,
            },
            next: {
              en: 'decide "refuse"; a new application is then reviewed by others',
              ja: '決定を "refuse"（不承認）としてください。新しい申出を、別の審査委員が審査します。',
            },
            requirement: 'REV-2',
            path: 'database',
          } satisfies Refusal,
        ]),
  ]
}

/** Faults of the form that arose since it was accepted are no format faults any more. */
export const asRefusals = (problems: readonly Refusal[]): readonly Refusal[] =>
  problems.map((problem) => ({ ...problem, code: 'application.no-longer-lawful' }))
