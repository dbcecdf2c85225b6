import type { Refusal } from '../../kernel/refusal.ts'

/** One fault of a form that has the right shape. */
export const problem = ({ path, ...fault }: Required<Omit<Refusal, 'code'>>): Refusal => ({
  code: 'form.rule',
  ...fault,
  path: `form.${path}`,
})
