import type { JapanDate } from '../../kernel/decider.ts'

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

export const previousDay = (day: JapanDate): JapanDate =>
  new Date(Date.parse(`${day}T00:00:00.000Z`) - 24 * 60 * 60 * 1000).toISOString().slice(0, 10)
