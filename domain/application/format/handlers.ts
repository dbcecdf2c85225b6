import { sameOrganisation } from '../../kernel/organisation.ts'
import type { Refusal } from '../../kernel/refusal.ts'
import { choices } from '../../kernel/shown.ts'
import { problem } from '../form.ts'
import { check, repeated } from './check.ts'

export const handlers = check({
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
