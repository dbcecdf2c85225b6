import { japanDate } from '../kernel/decider.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { ApplicationContext, PublishedDatabase } from './context.ts'
import { problem, type ApplicationForm } from './form.ts'
import { linkable } from './linkability.ts'

type LegalContext = Pick<ApplicationContext, 'now' | 'databases' | 'rules'>

/**
 * Faults that depend on the day and on the standing of databases and applicant: checked with the format,
 * and again at every decision and at the grant, by what then holds (PUB-4, PDB-1, PDB-4, PUB-3).
 */
export const legalProblems = (form: ApplicationForm, context: LegalContext): readonly Refusal[] =>
  legalChecks.flatMap(({ find }) => find(form, context))

const published = ({ databases }: LegalContext) => new Map(databases.map((database) => [database.id, database]))

const standing = {
  reads: ['extracts', 'applicant', 'provision', 'plan'] as const,
  find(
    form: Pick<ApplicationForm, 'extracts' | 'applicant' | 'provision' | 'plan'>,
    context: LegalContext,
  ): readonly Refusal[] {
    const known = published(context)
    return form.extracts.flatMap(({ database }, index) => {
      const facts = known.get(database)
      return facts ? ofDatabase(form, facts, `extracts[${index}].database`, japanDate(context.now)) : []
    })
  },
}

function ofDatabase(
  { applicant, provision, plan }: Pick<ApplicationForm, 'applicant' | 'provision' | 'plan'>,
  database: PublishedDatabase,
  path: string,
  today: string,
): Refusal[] {
  const found: Refusal[] = []
  const { id, kind, dataKind, accreditation, exception } = database
  if (kind === 'private' && (accreditation?.status !== 'accredited' || accreditation.validTo < today)) {
    found.push(
      problem({
        requirement: 'PDB-1',
        path,
        what: {
          en: `${id} holds no accreditation that is valid today (${today})`,
          ja: `${id} には、本日（${today}）有効な認定がありません。`,
        },
        why: {
          en: 'a private database provides data only while its holder is accredited',
          ja: '民間のデータベースがデータを提供できるのは、保有者の認定が有効な間だけです。',
        },
        next: {
          en: 'leave it out until its holder is accredited again',
          ja: '保有者が再び認定を受けるまで、このデータベースを除いてください。',
        },
      }),
    )
  }
  if (kind === 'private' && dataKind === 'pseudonymised') {
    const held = applicant.accreditation
    const why = {
      en: `pseudonymised data, as in ${id}, go only to users who hold accreditation I or II for the whole use`,
      ja: `${id} は仮名化データを保有しています。提供を受けられるのは、利用期間を通じて、I型又はII型の認定を受けた利用者だけです。`,
    }
    if (!held)
      found.push(
        problem({
          requirement: 'PDB-4',
          path: 'applicant.accreditation',
          what: { en: 'the accreditation is missing', ja: '認定の記載がありません。' },
          why,
          next: {
            en: 'give class (I or II), number and last day, e.g. {"class": "II", "number": …, "validTo": "2029-03-31"}',
            ja: '型、番号、有効期限を記載してください（例：{"class": "II", "number": "認定利用-2026-017", "validTo": "2029-03-31"}）。',
          },
        }),
      )
    else if (held.validTo < plan.period.until)
      found.push(
        problem({
          requirement: 'PDB-4',
          path: 'applicant.accreditation.validTo',
          what: {
            en: `the accreditation ends on ${held.validTo}, before the use ends on ${plan.period.until}`,
            ja: `認定の有効期限（${held.validTo}）が、利用の最終日（${plan.period.until}）より前です。`,
          },
          why,
          next: {
            en: `end the use by ${held.validTo}, or submit with the renewed accreditation`,
            ja: `利用の最終日を${held.validTo}以前とするか、更新後の認定を記載して提出してください。`,
          },
        }),
      )
  }
  if (provision.route === 'visiting' && database.provisionRoute === 'visiting') return found
  if (
    dataKind === 'pseudonymised' &&
    kind === 'public' &&
    provision.route !== 'visiting' &&
    (exception === undefined || exception.expires < today)
  ) {
    found.push(
      problem({
        requirement: 'PUB-3',
        path: 'provision.route',
        what: {
          en: `${id} holds pseudonymised data, and the route is ${provision.route}`,
          ja: `${id} は仮名化データを保有していますが、提供方法が ${provision.route} とされています。`,
        },
        why: {
          en: 'pseudonymised data of public databases stay in the Visiting environment; no exception is in force',
          ja: '公的データベースの仮名化データは、Visiting環境でのみ利用できます。有効な例外もありません。',
        },
        next: { en: 'write "visiting"', ja: '"visiting" と記載してください。' },
      }),
    )
  } else if (provision.route !== database.provisionRoute) {
    found.push(
      problem({
        requirement: 'PUB-3',
        path: 'provision.route',
        what: {
          en: `${id} is provided by route ${database.provisionRoute}, not ${provision.route}`,
          ja: `${id} の提供方法は ${database.provisionRoute} であり、${provision.route} ではありません。`,
        },
        why: {
          en: 'the holder of a database decides by which route it is provided, and an application has one route',
          ja: '提供方法は保有者がデータベースごとに定めます。一つの申出の提供方法は一つです。',
        },
        next: {
          en: `write "${database.provisionRoute}", or ask for ${id} in another application`,
          ja: `"${database.provisionRoute}" と記載するか、${id} を別の申出としてください。`,
        },
      }),
    )
  }
  return found
}

const linkage = {
  reads: ['plan', 'extracts'] as const,
  find({ plan, extracts }: Pick<ApplicationForm, 'plan' | 'extracts'>, context: LegalContext): readonly Refusal[] {
    const { requested, databases, reason, id4 } = plan.linkage
    const path = 'plan.linkage'
    if (!requested)
      return databases.length === 0
        ? []
        : [
            problem({
              requirement: 'LNK-2',
              path: `${path}.databases`,
              what: {
                en: `${databases.join(', ')} are named, but no linkage is requested`,
                ja: `${databases.join('、')} が記載されていますが、連結は求められていません（requested: false）。`,
              },
              why: {
                en: 'this list names the databases that are linked with one another',
                ja: 'ここには、互いに連結するデータベースを記載します。',
              },
              next: {
                en: 'write requested: true, or an empty list []',
                ja: 'requested: true とするか、空の一覧（[]）としてください。',
              },
            }),
          ]
    const found: Refusal[] = []
    const asked = new Set(extracts.map(({ database }) => database))
    const set = [...new Set(databases)]
    if (set.length < 2)
      found.push(
        problem({
          requirement: 'LNK-2',
          path: `${path}.databases`,
          what: {
            en: `linkage is requested, and ${set.length === 0 ? 'no database' : `only ${set.join()}`} is named`,
            ja: `連結が求められていますが、データベースの記載が${set.length}件です。`,
          },
          why: { en: 'a linkage joins at least two databases', ja: '連結には、二つ以上のデータベースが必要です。' },
          next: {
            en: 'name the databases to be linked with one another, e.g. ["NDB", "DPC"]',
            ja: '互いに連結するデータベースを記載してください（例：["NDB", "DPC"]）。',
          },
        }),
      )
    if (reason === undefined)
      found.push(
        problem({
          requirement: 'REV-1',
          path: `${path}.reason`,
          what: { en: 'the reason for the linkage is missing', ja: '連結の理由がありません。' },
          why: {
            en: 'linkage raises the risk of identification, so the committee judges its necessity',
            ja: '連結は識別のリスクを高めるため、審査委員会がその必要性を審査します。',
          },
          next: {
            en: 'say in reason why the purpose needs the linkage, in 1 to 4000 characters',
            ja: '利用目的に連結が必要な理由を、reasonに1〜4000文字で記載してください。',
          },
        }),
      )
    for (const id of set)
      if (!asked.has(id))
        found.push(
          problem({
            requirement: 'LNK-2',
            path: `${path}.databases`,
            what: {
              en: `${id} is to be linked, but section extracts does not ask for it`,
              ja: `${id} を連結するとされていますが、抽出（extracts）に記載がありません。`,
            },
            why: {
              en: 'only data that are asked for in extracts can be linked',
              ja: '連結できるのは、抽出（extracts）で求めたデータだけです。',
            },
            next: {
              en: `add an extract of ${id}, or leave it out here`,
              ja: `extractsに ${id} を追加するか、ここから除いてください。`,
            },
          }),
        )
    const facts = published(context)
    const known = set.flatMap((id) => facts.get(id) ?? [])
    for (const [index, a] of known.entries()) {
      for (const b of known.slice(index + 1)) {
        const answer = linkable(a, b, japanDate(context.now), context.rules.linkable)
        if (answer.allowed) continue
        const { what, why, next, requirement } = answer
        found.push(problem({ requirement, path: `${path}.databases`, what, why, next }))
      }
    }
    const weak = known.filter(({ linkRoute }) => linkRoute === 'id4').map(({ id }) => id)
    if (weak.length > 0 && id4 === undefined)
      found.push(
        problem({
          requirement: 'LNK-1',
          path: `${path}.id4`,
          what: {
            en: `${weak.join(', ')} can be linked by ID4 only, and its use is not declared`,
            ja: `${weak.join('、')} はID4でのみ連結できますが、その利用が記載されていません。`,
          },
          why: {
            en: 'ID4 is made of name, sex and birth date and joins less surely, so its use is declared with a reason',
            ja: 'ID4は氏名、性別、生年月日から作られ、連結の確実性が劣るため、理由を付けて利用を明示します。',
          },
          next: {
            en: 'declare the use of ID4 with its reason: "id4": {"reason": "…"}',
            ja: '理由を付けてID4の利用を記載してください（"id4": {"reason": "…"}）。',
          },
        }),
      )
    return found
  },
}

/** The legal rules as the format check runs them, with the sections each needs. */
export const legalChecks = [standing, linkage] as const
