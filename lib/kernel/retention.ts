import { RetentionDays } from 'aws-cdk-lib/aws-logs'

/** What CloudWatch Logs allows of one year and longer (LOG-3: never below one year searchable). */
const allowed = [
  RetentionDays.ONE_YEAR,
  RetentionDays.THIRTEEN_MONTHS,
  RetentionDays.EIGHTEEN_MONTHS,
  RetentionDays.TWO_YEARS,
  RetentionDays.THREE_YEARS,
  RetentionDays.FIVE_YEARS,
  RetentionDays.SIX_YEARS,
  RetentionDays.SEVEN_YEARS,
  RetentionDays.EIGHT_YEARS,
  RetentionDays.NINE_YEARS,
  RetentionDays.TEN_YEARS,
] as const

/** The shortest retention CloudWatch Logs offers that is not below `days`, and never below one year (LOG-3). */
export function searchableRetention(days: number): RetentionDays {
  return allowed.find((offered) => offered >= days) ?? RetentionDays.INFINITE
}
