import { accept, japanDate, refuse, type Decision } from '../kernel/decider.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { ProjectGrant } from './project-grant.ts'
import { mayAdminister } from './administer.ts'
import { conflictOf, conflictRefusal } from './conflicts.ts'
import type { ApplicationContext } from './context.ts'
import type { ApplicationEvent } from './events.ts'
import { legalProblems } from './legal.ts'
import { missingPledges } from './pledge.ts'
import { asRefusals } from './decision.ts'
import { databasesOf, type Application } from './state.ts'

/** A project carries its application's number (申出番号, LOG-2). */
const projectIdOf = (applicationId: string) => applicationId

/** Grants exactly what was approved, when everything CON-1 asks for is there (CON-2: no grant is written by hand). */
export function grant(application: Application, context: ApplicationContext): Decision<ApplicationEvent> {
  const { actor, rules, now, cell } = context
  const { form } = application
  const notAllowed = mayAdminister(application, actor, { machine: true })
  if (notAllowed) return refuse(notAllowed)
  if (!form)
    return refuse({
      code: 'application.no-form',
      what: { en: 'there is no form to grant', ja: '利用許可の対象となる申出書がありません。' },
      why: {
        en: 'exactly what a form asks for, and was approved, is granted',
        ja: '利用許可は、申出書に記載され承認された内容にのみ与えます。',
      },
      next: {
        en: 'submit the application first (SubmitApplication)',
        ja: '先に申出書を提出してください（SubmitApplication）。',
      },
      requirement: 'CON-1',
    })
  const missing: Refusal[] = [
    ...undecided(application, context.organisations),
    ...missingPledges(application, rules.terms.version),
    ...asRefusals(legalProblems(form, context)),
  ]
  const today = japanDate(now)
  const { from, until } = form.plan.period
  if (until < today)
    missing.push({
      code: 'application.period-over',
      what: {
        en: `the period of use ended on ${until}, and today is ${today}`,
        ja: `利用期間は${until}に終わっています（本日は${today}）。`,
      },
      why: {
        en: 'nothing is granted for a period that is over',
        ja: '終わった期間に利用許可を与えることはできません。',
      },
      next: {
        en: 'submit a new application whose last day of use is yet to come',
        ja: '利用の最終日が今日以降となる、新しい申出を行ってください。',
      },
      requirement: 'APP-5',
    })
  if (form.provision.route !== 'visiting')
    missing.push({
      code: 'application.not-visiting',
      what: {
        en: `the form asks for provision by route ${form.provision.route}`,
        ja: `申出書の提供方法は ${form.provision.route} です。`,
      },
      why: {
        en: 'a project is opened here only for use in the Visiting environment (route visiting)',
        ja: '研究プロジェクトは、Visiting環境（visiting）での利用についてのみ開設します。',
      },
      next: {
        en: 'nothing is to be granted here; the holder provides the data by its own procedure',
        ja: 'ここでの利用許可は不要です。データは、保有者がその手続で提供します。',
      },
      requirement: 'PUB-3',
    })
  if (cell === undefined)
    missing.push({
      code: 'application.no-room',
      what: { en: 'no cell has room for another project', ja: '研究プロジェクトを収める空きのあるセルがありません。' },
      why: {
        en: 'a cell holds the number of projects that the configuration gives it, and every grant needs a place in one',
        ja: 'セルに収める研究プロジェクトの数は構成で定められ、利用許可には必ずその一つの枠が要ります。',
      },
      next: {
        en: 'add a cell to the configuration (cells), or grant again when a project has closed',
        ja: '構成にセル（cells）を追加するか、いずれかの研究プロジェクトが終了してから、再度利用許可を行ってください。',
      },
      requirement: 'CON-1',
    })
  if (missing.length > 0 || cell === undefined) return refuse(...missing)
  const opens: ProjectGrant = {
    projectId: projectIdOf(application.applicationId),
    applicationId: application.applicationId,
    databases: databasesOf(application),
    handlers: form.handlers.map(({ personId, organisation }) => ({ personId, organisation })),
    cell,
    from: from > today ? from : today,
    until,
    applicant: {
      organisation: form.applicant.organisation,
      persons: [...new Set([form.applicant.representative.personId, form.contact.personId])],
    },
  }
  return accept({ type: 'ApplicationGranted', termsVersion: rules.terms.version, grant: opens })
}

/** Databases without an approval by somebody who had no part in the application. */
function undecided(application: Application, organisations: ApplicationContext['organisations']): readonly Refusal[] {
  return databasesOf(application).flatMap((database) => {
    const decision = application.decisions.get(database)
    if (decision?.decision !== 'approve')
      return [
        {
          code: 'application.undecided',
          what: { en: `${database} is not approved`, ja: `${database} は承認されていません。` },
          why: {
            en: 'a project gets a database only when its holder has approved',
            ja: 'データベースは、その保有者が承認した場合にのみ利用できます。',
          },
          next: {
            en: `the holder of ${database} decides first (DecideOnDatabase)`,
            ja: `先に、${database} の保有者が決定を行ってください（DecideOnDatabase）。`,
          },
          requirement: 'CON-1',
        },
      ]
    const { personId } = decision.decidedBy
    const conflict =
      conflictOf(application, decision.decidedBy) ??
      conflictOf(application, {
        personId,
        organisation: organisations?.get(personId) ?? decision.decidedBy.organisation,
      })
    return conflict === undefined
      ? []
      : [
          conflictRefusal({
            personId: decision.decidedBy.personId,
            conflict: {
              en: `decided on ${database}, and ${conflict.en}`,
              ja: `${database} について決定しましたが、${conflict.ja}`,
            },
            next: {
              en: `a person of the holder of ${database} without a part in it decides; that takes a new application`,
              ja: `${database} の保有者のうち、申出に関わりのない人が決定する必要があります。新しい申出を行ってください。`,
            },
          }),
        ]
  })
}
