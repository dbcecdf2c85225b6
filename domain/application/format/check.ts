import type { Refusal } from '../../kernel/refusal.ts'
import type { ApplicationContext } from '../context.ts'
import type { ApplicationForm, Section } from '../form.ts'

/** One rule, or several on one subject, and the sections it needs to have the right shape. */
export interface Check<Read extends Section = Section> {
  readonly reads: readonly Read[]
  find(form: Pick<ApplicationForm, Read>, context: ApplicationContext): readonly Refusal[]
}

/** A check that is given as one value; what it reads follows from its sections. */
export const check = <Read extends Section>(rules: Check<Read>): Check => rules

/** Indexes of values that stand earlier in the list already. */
export const repeated = (values: readonly string[]) =>
  values.flatMap((value, index) => (values.indexOf(value) < index ? [index] : []))
