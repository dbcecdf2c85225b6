/** Time as a parameter: functions are given the real one, tests a virtual one. */
export interface Clock {
  /** milliseconds since 1970 */
  now(): number
  sleep(milliseconds: number): Promise<void>
}
