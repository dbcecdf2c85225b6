import { japanDate } from '../../kernel/decider.ts'
import type { Refusal } from '../../kernel/refusal.ts'
import type { ApplicationContext } from '../context.ts'
import type { ApplicationForm } from '../form.ts'
import {
  dataOfTheFuture,
  dataPeriodReversed,
  dataTooOld,
  noRationale,
  repeatedDatabase,
  unknownDatabase,
} from '../refusals/extracts.ts'
import { shiftMonths } from './calendar.ts'
import { check, repeated } from './check.ts'

type Extract = ApplicationForm['extracts'][number]

export const extracts = check({
  reads: ['extracts', 'provision'],
  find: ({ extracts: asked, provision }, context) => [
    ...repeated(asked.map(({ database }) => database)).map((index) => repeatedDatabase(index, asked[index]?.database)),
    ...asked.flatMap((extract, index) => {
      const path = `extracts[${index}]`
      return [
        ...databaseOf(extract, context, `${path}.database`),
        ...periodOf(extract, provision, context, `${path}.period`),
        ...rationaleOf(extract, context, `${path}.rationale`),
      ]
    }),
  ],
})

function databaseOf({ database }: Extract, { databases }: ApplicationContext, path: string): readonly Refusal[] {
  const known = databases.map(({ id }) => id)
  return known.includes(database) ? [] : [unknownDatabase(path, database, known)]
}

/** Data that exist; on-site the recent ones only. */
function periodOf(
  { period }: Extract,
  { route }: ApplicationForm['provision'],
  { rules, now }: ApplicationContext,
  path: string,
): readonly Refusal[] {
  const { from, until } = period
  const today = japanDate(now)
  const years = rules.limits.onSiteDataYears
  const oldest = shiftMonths(today, -12 * years)
  const found: Refusal[] = []
  if (from > until) found.push(dataPeriodReversed(path, period))
  if (until > today) found.push(dataOfTheFuture(`${path}.until`, until, today))
  if (route === 'on-site' && from < oldest) found.push(dataTooOld({ path: `${path}.from`, from, oldest, years }))
  return found
}

/** What is asked for is the minimum, with a reason; presets need none. */
const rationaleOf = ({ rationale, type }: Extract, { rules }: ApplicationContext, path: string): readonly Refusal[] =>
  rationale.trim() === '' && !rules.presets.includes(type) ? [noRationale(path, rules.presets)] : []
