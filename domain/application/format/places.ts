import { sameOrganisation } from '../../kernel/organisation.ts'
import { problem } from '../form.ts'
import { check, repeated } from './check.ts'

const kindsOfPlace = {
  use: { en: 'use, where people work', ja: '利用場所（use）' },
  storage: { en: 'storage, where data are kept', ja: '保管場所（storage）' },
} as const

export const placesOfHandling = check({
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
