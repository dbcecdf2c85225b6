import { sameOrganisation } from '../../kernel/organisation.ts'
import type { Refusal } from '../../kernel/refusal.ts'
import type { ApplicationForm } from '../form.ts'
import { lackingPlace, peopleInVisiting, repeatedPlace, storedOutside, strangeFacility } from '../refusals/places.ts'
import { check, repeated } from './check.ts'

type Place = ApplicationForm['plan']['places'][number]

export const placesOfHandling = check({
  reads: ['plan', 'applicant', 'provision'],
  find: ({ plan, applicant, provision }) => [
    ...lackingKinds(plan.places),
    ...repeatedIds(plan.places),
    ...plan.places.flatMap((place, index) =>
      facilityOf(place, { plan, applicant, provision }, `plan.places[${index}]`),
    ),
  ],
})

const lackingKinds = (places: readonly Place[]) =>
  (['use', 'storage'] as const).filter((kind) => !places.some((place) => place.kind === kind)).map(lackingPlace)

const repeatedIds = (places: readonly Place[]) =>
  repeated(places.map(({ id }) => id)).map((index) => repeatedPlace(index, places[index]?.id))

/** People sit at facilities of the applicant and of outsourced bodies; Visiting data stay where they are (APP-3). */
function facilityOf(
  place: Place,
  { plan, applicant, provision }: Pick<ApplicationForm, 'plan' | 'applicant' | 'provision'>,
  path: string,
): readonly Refusal[] {
  if (place.facility === 'visiting') return place.kind === 'use' ? [peopleInVisiting(`${path}.facility`)] : []
  const bodies = [applicant.organisation, ...plan.outsourcing.map(({ organisation }) => organisation)]
  if (!bodies.some((body) => sameOrganisation(body, place.organisation)))
    return [strangeFacility(`${path}.organisation`, place.organisation, applicant.organisation)]
  if (place.kind === 'storage' && provision.route === 'visiting')
    return [storedOutside(`${path}.facility`, place.facility)]
  return []
}
