import type { Actor, Rejection } from '../../domain/kernel.ts'

/** What is asked of whom: an action on one aggregate in its present state. */
export interface AuthorizationQuestion {
  readonly actor: Actor
  /** type of a command, or what a query reads */
  readonly action: string
  readonly aggregate: 'application' | 'project'
  readonly id: string
  readonly state: unknown
}

/** Empty where the actor may; otherwise why not (ARC-4). */
export async function authorize({ actor }: AuthorizationQuestion): Promise<readonly Rejection[]> {
  return actor.factors.length >= 2 ? [] : [oneFactor]
}

const oneFactor: Rejection = {
  code: 'request.one-factor', message: 'this session was opened with one factor', requirement: 'AUTH-1', remedy: 'sign in again with two factors of different kinds',
}
