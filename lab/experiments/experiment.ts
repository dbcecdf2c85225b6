/** What one experiment found. */
export interface Experiment {
  readonly id: string
  readonly title: string
  /** requirement and invariant ids it shows */
  readonly shows: readonly string[]
  readonly ok: boolean
  /** what was measured, in words */
  readonly found: string
  /** figures and details, for the report */
  readonly details: unknown
}

/** Text that stands in every query: it must never be seen on the wire. */
export const MARKER = 'CLEAR-TEXT-MARKER-4711'
export const seconds = (milliseconds: number) => Math.round(milliseconds / 100) / 10
