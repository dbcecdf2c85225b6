import { isMachine, type Actor } from '../kernel/decider.ts'
import { organisationKey } from '../kernel/organisation.ts'
import type { AttributeValue, Entity, EntityUid } from '../ledger/aggregate.ts'
import { factorKinds } from './factors.ts'

/** A Cedar id in our namespace. */
export const uid = (type: string, id: string): EntityUid => ({ type: `Renkei::${type}`, id })
export const persons = (ids: readonly string[]): AttributeValue[] =>
  [...new Set(ids)].map((id) => ({ __entity: uid('Person', id) }))
/** A person as a value of a request's context. */
export const personValue = (id: string): AttributeValue => ({ __entity: uid('Person', id) })
export const organisations = (names: readonly string[]): AttributeValue[] => [...new Set(names.map(organisationKey))]

/**
 * The actor as principal: a machine only where role and id both say so; whoever else claims `system` is a person
 * without that role.
 */
export function principalOf(actor: Actor): Entity {
  if (isMachine(actor)) return { uid: uid('Machine', actor.id), attrs: {}, parents: [uid('Role', 'system')] }
  return {
    uid: uid('Person', actor.id),
    attrs: {
      organisation: organisationKey(actor.organisation),
      factorKinds: factorKinds(actor.factors),
      databases: [...(actor.databases ?? [])],
    },
    parents: actor.roles.filter((role) => role !== 'system').map((role) => uid('Role', role)),
  }
}

/** The platform as resource: what lists are asked of. */
export const platformEntity = (): Entity => ({ uid: uid('Platform', 'renkei'), attrs: {}, parents: [] })
