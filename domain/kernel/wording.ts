import * as z from 'zod'
import type { Bilingual } from './refusal.ts'

/** What a person is told where a value does not fit its schema: the rule, and what to write instead. */
interface Wording {
  readonly why?: Bilingual
  readonly next?: Bilingual
  /** what a number counts, e.g. months */
  readonly unit?: Bilingual
}

/** Wordings by schema. A schema made from another by `describe` has its wording too. */
export const wordings = z.registry<Wording>()
