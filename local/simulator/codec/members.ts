import type { NormalizedSchema } from '@smithy/core/schema'
import { ServiceError } from '../errors.ts'

interface Structure {
  readonly members: ReadonlyMap<string, NormalizedSchema>
  readonly required: readonly string[]
}

const structures = new WeakMap<object, Structure>()

/**
 * Members of a Smithy structure, with those that the model requires (a structure schema carries their count; they come
 * first).
 */
export function structure(schema: NormalizedSchema): Structure {
  const raw = schema.getSchema() as unknown as object
  const known = structures.get(raw)
  if (known) return known
  const members = new Map(schema.structIterator())
  const count = Array.isArray(raw) && typeof raw[6] === 'number' ? raw[6] : 0
  const made = { members, required: [...members.keys()].slice(0, count) }
  structures.set(raw, made)
  return made
}

/** Refuses a structure that lacks a required member, at any depth. */
export function requireMembers(schema: NormalizedSchema, value: unknown, code: string, path = ''): void {
  if (schema.isListSchema()) {
    for (const [index, item] of (value as unknown[]).entries())
      requireMembers(schema.getValueSchema(), item, code, `${path}[${index}]`)
  } else if (schema.isStructSchema()) {
    const { members, required } = structure(schema)
    const given = value as Record<string, unknown>
    for (const name of required) {
      if (given[name] === undefined || given[name] === null)
        throw new ServiceError(code, `The request must contain the parameter ${path}${name}`)
    }
    for (const [name, member] of members) {
      if (given[name] !== undefined && given[name] !== null)
        requireMembers(member, given[name], code, `${path}${name}.`)
    }
  }
}
