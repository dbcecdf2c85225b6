import { japanDate, type JapanDate } from '../kernel/decider.ts'
import { nearest } from '../kernel/nearest.ts'
import { sameOrganisation } from '../kernel/organisation.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { choices, counted } from '../kernel/shown.ts'
import type { ApplicationContext } from './context.ts'
import { problem, type ApplicationForm, type Section, type SoundSections } from './form.ts'
import { legalChecks } from './legal.ts'

/** One rule, or several on one subject, and the sections it needs to have the right shape. */
interface Check<Read extends Section = Section> {
  readonly reads: readonly Read[]
  find(form: Pick<ApplicationForm, Read>, context: ApplicationContext): readonly Refusal[]
}

const check = <Read extends Section>(rules: Check<Read>): Check => rules

/** What the format check (形式審査) finds in a form; empty where it may go to review. */
export const checkFormat = (form: ApplicationForm, context: ApplicationContext): readonly Refusal[] =>
  bounded(checkSections(form, context))

/** The same of a form of which only some sections have the right shape: every rule that needs no other section. */
export const checkSections = (sound: SoundSections, context: ApplicationContext): readonly Refusal[] =>
  checks
    .filter(({ reads }) => reads.every((section) => sound[section] !== undefined))
    .flatMap(({ find }) => find(sound as ApplicationForm, context))

/** What an event may hold of problems, in bytes of JSON: the ledger takes events of 350 000 bytes. */
const MAX_PROBLEM_BYTES = 250_000

/** As many problems as one event holds; of the rest their number. */
function bounded(problems: readonly Refusal[]): readonly Refusal[] {
  const held: Refusal[] = []
  let bytes = 0
  for (const each of problems) {
    bytes += new TextEncoder().encode(JSON.stringify(each)).length
    if (bytes > MAX_PROBLEM_BYTES) return [...held, unlisted(problems.length - held.length)]
    held.push(each)
  }
  return held
}

const unlisted = (count: number): Refusal => ({
  code: 'form.rule',
  what: { en: `${counted(count, 'problem is', 'problems are')} not listed`, ja: `ほかに${count}件の指摘があります。` },
  why: {
    en: 'one record of the ledger holds no more problems than those above',
    ja: '台帳の一つの記録に収まる指摘は、以上までです。',
  },
  next: {
    en: 'correct the problems above and submit again; what is left is then listed',
    ja: '以上の指摘を修正して再度提出してください。残りの指摘は、そのときに示します。',
  },
  requirement: 'APP-1',
  path: 'form',
})

const consent = check({
  reads: ['guidelines'],
  find: ({ guidelines }, { rules, now }) => [
    ...(guidelines.version === rules.guidelinesVersion
      ? []
      : [
          problem({
            requirement: 'APP-1',
            path: 'guidelines.version',
            what: {
              en: `edition ${guidelines.version} of the guidelines is accepted`,
              ja: `ガイドラインの第${guidelines.version}版を了承するとされています。`,
            },
            why: {
              en: `the edition in force is ${rules.guidelinesVersion}`,
              ja: `現行は第${rules.guidelinesVersion}版です。`,
            },
            next: {
              en: `read edition ${rules.guidelinesVersion}, accept it and write "${rules.guidelinesVersion}"`,
              ja: `第${rules.guidelinesVersion}版を読んで了承し、"${rules.guidelinesVersion}" と記載してください。`,
            },
          }),
        ]),
    ...(guidelines.institutionApproval.approvedOn <= japanDate(now)
      ? []
      : [
          problem({
            requirement: 'APP-1',
            path: 'guidelines.institutionApproval.approvedOn',
            what: {
              en: `${guidelines.institutionApproval.approvedOn} lies in the future`,
              ja: `${guidelines.institutionApproval.approvedOn}は未来の日付です。`,
            },
            why: {
              en: 'the institution approves before the application is submitted',
              ja: '申出の前に、所属機関の承認を受ける必要があります。',
            },
            next: {
              en: 'submit after the institution has approved, with the date of its approval',
              ja: '所属機関の承認を受けた後に、その承認日を記載して提出してください。',
            },
          }),
        ]),
  ],
})

const contactPerson = check({
  reads: ['contact', 'applicant'],
  find: ({ contact, applicant }) =>
    sameOrganisation(contact.organisation, applicant.organisation)
      ? []
      : [
          problem({
            requirement: 'APP-1',
            path: 'contact.organisation',
            what: {
              en: `${contact.organisation} is not the applicant ${applicant.organisation}`,
              ja: `${contact.organisation}は、提供申出者である${applicant.organisation}ではありません。`,
            },
            why: {
              en: 'the contact person is a member of the applicant',
              ja: '担当者は、提供申出者に所属する人です。',
            },
            next: {
              en: 'name a contact person of the applicant; somebody else acts as contact.agent',
              ja: '提供申出者に所属する担当者を記載してください。それ以外の人は、代理人（contact.agent）として記載します。',
            },
          }),
        ],
})

const applicantEvidence = check({
  reads: ['applicant'],
  find: ({ applicant }, { rules }) => {
    const demanded = rules.evidence[applicant.type]
    const given = new Set(applicant.evidence.map(({ kind }) => kind))
    return demanded
      .filter((kind) => !given.has(kind))
      .map((kind) =>
        problem({
          requirement: 'APP-8',
          path: 'applicant.evidence',
          what: { en: `the document ${kind} is missing`, ja: `文書 ${kind} がありません。` },
          why: {
            en: `an applicant of type ${applicant.type} proves itself with ${demanded.join(' and ')}`,
            ja: `種別が ${applicant.type} の提供申出者は、${demanded.join('、')} によって証明します。`,
          },
          next: {
            en: `add {"kind": "${kind}", "sha256": "<64 hexadecimal digits of the document>"}`,
            ja: `{"kind": "${kind}", "sha256": "<文書のSHA-256、16進数64桁>"} を追加してください。`,
          },
        }),
      )
  },
})

const handlers = check({
  reads: ['handlers', 'applicant', 'plan'],
  find: ({ handlers: people, applicant, plan }) => {
    const places = new Map(plan.places.map((place) => [place.id, place]))
    const usable = choices(plan.places.filter(({ kind }) => kind === 'use').map(({ id }) => id))
    const contractors = plan.outsourcing.map(({ organisation }) => organisation)
    return [
      ...repeated(people.map(({ email }) => email.toLowerCase())).map((index) =>
        problem({
          requirement: 'APP-2',
          path: `handlers[${index}].email`,
          what: {
            en: `${people[index]?.email} is the address of another handler`,
            ja: `${people[index]?.email} は、別の取扱者のアドレスと同じです。`,
          },
          why: {
            en: 'messages for a handler reach that person alone',
            ja: '取扱者への連絡は、本人だけに届く必要があります。',
          },
          next: {
            en: 'give every handler an address of their own',
            ja: '取扱者ごとに、本人専用のメールアドレスを記載してください。',
          },
        }),
      ),
      ...repeated(people.map(({ personId }) => personId)).map((index) =>
        problem({
          requirement: 'AUTH-3',
          path: `handlers[${index}].personId`,
          what: {
            en: `${people[index]?.personId} is listed before as another handler`,
            ja: `${people[index]?.personId} は、既に別の取扱者として記載されています。`,
          },
          why: {
            en: 'every person has one account of their own, never shared',
            ja: 'アカウントは一人に一つで、共用できません。',
          },
          next: {
            en: 'list every person once, each with their own account',
            ja: '一人を一回だけ、本人のアカウントのIDで記載してください。',
          },
        }),
      ),
      ...(people.some(
        ({ fullTime, organisation }) => fullTime && sameOrganisation(organisation, applicant.organisation),
      )
        ? []
        : [
            problem({
              requirement: 'APP-2',
              path: 'handlers',
              what: {
                en: `no handler is a full-time member of ${applicant.organisation}`,
                ja: `${applicant.organisation}に常勤する取扱者がいません。`,
              },
              why: {
                en: 'at least one handler is a full-time member of the applicant, who answers for the data',
                ja: 'データに責任を持つため、提供申出者に常勤する取扱者が少なくとも一名必要です。',
              },
              next: {
                en: 'add at least one full-time handler of the applicant ("fullTime": true)',
                ja: '提供申出者に常勤する取扱者（"fullTime": true）を一名以上追加してください。',
              },
            }),
          ]),
      ...people.flatMap((person, index) => {
        const path = `handlers[${index}]`
        const own = sameOrganisation(person.organisation, applicant.organisation)
        const contracted = contractors.some((organisation) => sameOrganisation(organisation, person.organisation))
        const outsourced = !own && contracted
        const found: Refusal[] = []
        if (places.get(person.place)?.kind !== 'use')
          found.push(
            problem({
              requirement: 'APP-2',
              path: `${path}.place`,
              what: {
                en: `"${person.place}" is no place of use in plan.places`,
                ja: `「${person.place}」は、plan.placesの利用場所（kind: use）にありません。`,
              },
              why: {
                en: 'every handler works at a place of use of the research plan',
                ja: '取扱者は、研究計画に記載した利用場所で作業します。',
              },
              next: {
                en: `write the id of a place whose kind is use: ${usable.en}`,
                ja: `kindがuseである場所のIDを記載してください（${usable.ja}）。`,
              },
            }),
          )
        if (!own && !contracted)
          found.push(
            problem({
              requirement: 'AUTH-3',
              path: `${path}.organisation`,
              what: {
                en: `${person.organisation} is neither the applicant nor an outsourced body`,
                ja: `${person.organisation}は、提供申出者でも委託先でもありません。`,
              },
              why: {
                en: 'handlers belong to the applicant or to a body that plan.outsourcing names',
                ja: '取扱者は、提供申出者又はplan.outsourcingに記載した委託先に所属する人に限ります。',
              },
              next: {
                en: 'list the body in plan.outsourcing, or leave the person out',
                ja: 'その機関をplan.outsourcingに記載するか、この人を除いてください。',
              },
            }),
          )
        if (person.outsourced !== outsourced)
          found.push(
            problem({
              requirement: 'APP-2',
              path: `${path}.outsourced`,
              what: {
                en: `${String(person.outsourced)} does not agree with the organisation ${person.organisation}`,
                ja: `${String(person.outsourced)} は、所属機関（${person.organisation}）と合いません。`,
              },
              why: {
                en: 'outsourced staff are those of a body in plan.outsourcing, and nobody else',
                ja: '委託先の取扱者とは、plan.outsourcingに記載した機関に所属する人だけを指します。',
              },
              next: { en: `write ${String(outsourced)}`, ja: `${String(outsourced)} と記載してください。` },
            }),
          )
        return found
      }),
    ]
  },
})

const kindsOfPlace = {
  use: { en: 'use, where people work', ja: '利用場所（use）' },
  storage: { en: 'storage, where data are kept', ja: '保管場所（storage）' },
} as const

const placesOfHandling = check({
  reads: ['plan', 'applicant', 'provision'],
  find: ({ plan, applicant, provision }) => {
    const bodies = [applicant.organisation, ...plan.outsourcing.map(({ organisation }) => organisation)]
    const lacking = (['use', 'storage'] as const).filter((kind) => !plan.places.some((place) => place.kind === kind))
    return [
      ...lacking.map((kind) =>
        problem({
          requirement: 'APP-3',
          path: 'plan.places',
          what: { en: `there is no place of ${kind}`, ja: `${kindsOfPlace[kind].ja}がありません。` },
          why: {
            en: `a plan names at least one place of ${kindsOfPlace[kind].en}`,
            ja: '研究計画には、利用場所と保管場所をそれぞれ一つ以上記載します。',
          },
          next: {
            en: `add a place whose kind is "${kind}"`,
            ja: `kindが "${kind}" の場所を追加してください。`,
          },
        }),
      ),
      ...repeated(plan.places.map(({ id }) => id)).map((index) =>
        problem({
          requirement: 'APP-3',
          path: `plan.places[${index}].id`,
          what: {
            en: `"${plan.places[index]?.id}" is the id of another place`,
            ja: `「${plan.places[index]?.id}」は、別の場所のIDと同じです。`,
          },
          why: { en: 'handlers name their place by its id', ja: '取扱者は、場所をIDで示します。' },
          next: { en: 'give every place an id of its own', ja: '場所ごとに異なるIDを付けてください。' },
        }),
      ),
      ...plan.places.flatMap((place, index) => {
        const path = `plan.places[${index}]`
        if (place.facility === 'visiting') {
          return place.kind === 'use'
            ? [
                problem({
                  requirement: 'APP-3',
                  path: `${path}.facility`,
                  what: {
                    en: 'the Visiting environment is named as a place of use',
                    ja: '利用場所としてVisiting環境が記載されています。',
                  },
                  why: {
                    en: 'data are stored in the Visiting environment; people sit elsewhere, at a terminal',
                    ja: 'Visiting環境はデータを保管する場所です。人は、端末のある別の場所で作業します。',
                  },
                  next: {
                    en: 'name the room in which the terminal stands (facility applicant or contractor)',
                    ja: '端末を置く部屋を記載してください（facilityは applicant 又は contractor）。',
                  },
                }),
              ]
            : []
        }
        if (!bodies.some((body) => sameOrganisation(body, place.organisation)))
          return [
            problem({
              requirement: 'APP-3',
              path: `${path}.organisation`,
              what: {
                en: `${place.organisation} is neither the applicant nor an outsourced body`,
                ja: `${place.organisation}は、提供申出者でも委託先でもありません。`,
              },
              why: {
                en: 'data are handled at facilities of the applicant and of outsourced bodies only',
                ja: 'データを取り扱う場所は、提供申出者又は委託先の施設に限ります。',
              },
              next: {
                en: `name a facility of ${applicant.organisation}, or list the body in plan.outsourcing`,
                ja: `${applicant.organisation}の施設を記載するか、その機関をplan.outsourcingに記載してください。`,
              },
            }),
          ]
        if (place.kind === 'storage' && provision.route === 'visiting')
          return [
            problem({
              requirement: 'APP-3',
              path: `${path}.facility`,
              what: {
                en: `data are to be stored at a facility of type ${place.facility}, outside the Visiting environment`,
                ja: `Visiting環境の外（${place.facility}）が保管場所とされています。`,
              },
              why: {
                en: 'with route visiting, data never leave the Visiting environment',
                ja: '提供方法がvisitingの場合、データがVisiting環境の外に出ることはありません。',
              },
              next: {
                en: 'write facility "visiting", or leave this place out',
                ja: 'facilityを "visiting" とするか、この場所を除いてください。',
              },
            }),
          ]
        return []
      }),
    ]
  },
})

const extracts = check({
  reads: ['extracts', 'provision'],
  find: ({ extracts: asked, provision }, { rules, now, databases }) => {
    const known = databases.map(({ id }) => id)
    const today = japanDate(now)
    const years = rules.limits.onSiteDataYears
    const oldest = shiftMonths(today, -12 * years)
    return [
      ...repeated(asked.map(({ database }) => database)).map((index) =>
        problem({
          requirement: 'APP-4',
          path: `extracts[${index}].database`,
          what: {
            en: `${asked[index]?.database} is asked for twice`,
            ja: `${asked[index]?.database} が重複して記載されています。`,
          },
          why: {
            en: 'what is asked of a database stands in one entry, so that it can be judged as a whole',
            ja: '一つのデータベースに求める内容は、全体を審査できるよう、一件にまとめます。',
          },
          next: {
            en: 'write one entry for each database, with all its conditions and variables',
            ja: 'データベースごとに一件とし、条件と項目をまとめて記載してください。',
          },
        }),
      ),
      ...asked.flatMap((extract, index) => {
        const path = `extracts[${index}]`
        const found: Refusal[] = []
        if (!known.includes(extract.database)) {
          const meant = nearest(extract.database, known)
          const listed = choices(known)
          found.push(
            problem({
              requirement: 'APP-4',
              path: `${path}.database`,
              what: {
                en: `${extract.database} is not a database of this platform`,
                ja: `${extract.database} は、この基盤のデータベースではありません。`,
              },
              why: {
                en: 'only databases that are connected to this platform can be used here',
                ja: '利用できるのは、この基盤に接続しているデータベースだけです。',
              },
              next: {
                en: meant === undefined ? `write ${listed.en}` : `did you mean "${meant}"? Write ${listed.en}`,
                ja: `${meant === undefined ? '' : `「${meant}」の誤りではありませんか。`}${listed.ja} のいずれかを記載してください。`,
              },
            }),
          )
        }
        if (extract.period.from > extract.period.until)
          found.push(
            problem({
              requirement: 'APP-4',
              path: `${path}.period`,
              what: periodReversed(extract.period),
              why: {
                en: 'the period of the data has a first and a last day',
                ja: 'データの期間は、初日と最終日で示します。',
              },
              next: { en: 'exchange the two dates', ja: '二つの日付を入れ替えてください。' },
            }),
          )
        if (extract.period.until > today)
          found.push(
            problem({
              requirement: 'APP-4',
              path: `${path}.period.until`,
              what: {
                en: `${extract.period.until} lies in the future`,
                ja: `${extract.period.until}は未来の日付です。`,
              },
              why: { en: 'only data that exist can be asked for', ja: '申出の対象は、既に存在するデータに限ります。' },
              next: { en: `write ${today} or earlier`, ja: `${today}以前の日付を記載してください。` },
            }),
          )
        if (provision.route === 'on-site' && extract.period.from < oldest)
          found.push(
            problem({
              requirement: 'APP-4',
              path: `${path}.period.from`,
              what: {
                en: `${extract.period.from} is more than ${years} years ago`,
                ja: `${extract.period.from}は${years}年より前の日付です。`,
              },
              why: {
                en: `on-site use shows the last ${years} years of data`,
                ja: `オンサイト利用（on-site）で閲覧できるのは、直近${years}年分のデータです。`,
              },
              next: { en: `write ${oldest} or later`, ja: `${oldest}以降の日付を記載してください。` },
            }),
          )
        if (extract.rationale.trim() === '' && !rules.presets.includes(extract.type))
          found.push(
            problem({
              requirement: 'APP-4',
              path: `${path}.rationale`,
              what: { en: 'the rationale is empty', ja: '理由が空欄です。' },
              why: {
                en: `what is asked for is the minimum, with a reason; only presets (${rules.presets.join(', ')}) need none`,
                ja: `求めるデータは必要最小限とし、その理由を示します。不要なのは、定型のデータセット（${rules.presets.join('、')}）だけです。`,
              },
              next: {
                en: 'say why these variables, this period and these persons are the minimum that the purpose needs',
                ja: 'この項目、期間、対象者が利用目的に照らして必要最小限である理由を記載してください。',
              },
            }),
          )
        return found
      }),
    ]
  },
})

const periodReversed = ({ from, until }: { readonly from: string; readonly until: string }) => ({
  en: `the period ends on ${until}, before it begins on ${from}`,
  ja: `最終日（${until}）が初日（${from}）より前の日付です。`,
})

const period = check({
  reads: ['plan', 'provision'],
  find: ({ plan, provision }, { rules, now }) => {
    const { from, until } = plan.period
    const { route } = provision
    const today = japanDate(now)
    const months = {
      media: rules.limits.mediaMonths,
      visiting: rules.limits.visitingMonths,
      'on-site': rules.limits.onSiteMonths,
    }[route]
    if (from > until)
      return [
        problem({
          requirement: 'APP-5',
          path: 'plan.period',
          what: periodReversed(plan.period),
          why: { en: 'the period of use has a first and a last day', ja: '利用期間は、初日と最終日で示します。' },
          next: { en: 'exchange the two dates', ja: '二つの日付を入れ替えてください。' },
        }),
      ]
    if (until < today)
      return [
        problem({
          requirement: 'APP-5',
          path: 'plan.period.until',
          what: {
            en: `${until} is past: today is ${today} in Japan`,
            ja: `${until}は過去の日付です（日本時間の本日は${today}）。`,
          },
          why: {
            en: 'nothing is granted for a period that is over',
            ja: '終わった期間の利用を申し出ることはできません。',
          },
          next: {
            en: `write the last day of the use intended, ${today} or later`,
            ja: `予定する利用の最終日を、${today}以降の日付で記載してください。`,
          },
        }),
      ]
    const last = previousDay(shiftMonths(from, months))
    return until <= last
      ? []
      : [
          problem({
            requirement: 'APP-5',
            path: 'plan.period.until',
            what: {
              en: `${until} is more than ${months} months after the first day ${from}`,
              ja: `${until}は、初日（${from}）から${months}か月を超えています。`,
            },
            why: {
              en: `use by route ${route} runs ${months} months at most`,
              ja: `提供方法が${route}の場合、利用期間は最長${months}か月です。`,
            },
            next: {
              en: `write ${last} or earlier; an extension is a change application`,
              ja: `${last}以前の日付を記載してください。延長は、変更の申出により行います。`,
            },
          }),
        ]
  },
})

const checks: readonly Check[] = [
  consent,
  contactPerson,
  applicantEvidence,
  handlers,
  placesOfHandling,
  extracts,
  period,
  ...legalChecks,
]

/** Indexes of values that stand earlier in the list already. */
const repeated = (values: readonly string[]) =>
  values.flatMap((value, index) => (values.indexOf(value) < index ? [index] : []))

/** The same day some months later or earlier; the last of the month where that month is shorter. */
export function shiftMonths(day: JapanDate, months: number): JapanDate {
  const date = new Date(`${day}T00:00:00.000Z`)
  const dayOfMonth = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() + months)
  const lastOfMonth = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  date.setUTCDate(Math.min(dayOfMonth, lastOfMonth))
  return date.toISOString().slice(0, 10)
}

const previousDay = (day: JapanDate): JapanDate =>
  new Date(Date.parse(`${day}T00:00:00.000Z`) - 24 * 60 * 60 * 1000).toISOString().slice(0, 10)
