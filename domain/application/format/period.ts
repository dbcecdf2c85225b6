import { japanDate } from '../../kernel/decider.ts'
import { usePast, usePeriodReversed, useTooLong } from '../refusals/period.ts'
import { previousDay, shiftMonths } from './calendar.ts'
import { check } from './check.ts'

export const period = check({
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
    if (from > until) return [usePeriodReversed(plan.period)]
    if (until < today) return [usePast(until, today)]
    const last = previousDay(shiftMonths(from, months))
    return until <= last ? [] : [useTooLong({ period: plan.period, route, months, last })]
  },
})
