import type { VerdictId } from '#proof/network/verdicts.ts'
import type { Templates } from '../kit.ts'

/** One weakening of the demonstration templates, and what the proof must say of it. */
export interface Mutation {
  readonly name: string
  readonly change: (templates: Templates) => void
  /** every verdict that no longer holds, and no other */
  readonly breaks: readonly VerdictId[]
  /** one counterexample that must be among them: its verdict, parties, packet, and a word of its hops or reason */
  readonly shows: {
    readonly verdict: VerdictId
    readonly from: RegExp
    readonly to: RegExp
    readonly packet?: RegExp
    readonly word?: RegExp
  }
}

/** What a mutation that breaks nothing shows. */
export const NOTHING: Mutation['shows'] = { verdict: 'model', from: /^$/, to: /^$/ }
