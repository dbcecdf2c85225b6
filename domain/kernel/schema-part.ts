import type { z } from 'zod'

/** A value inside of another, and the schema it was held against. */
export interface Located {
  readonly schema: z.core.$ZodType | undefined
  readonly value: unknown
}

/** As much of a zod definition as leads from a value to its parts. */
interface Definition {
  readonly innerType?: z.core.$ZodType
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>
  readonly element?: z.core.$ZodType
  /** of a tuple */
  readonly items?: readonly z.core.$ZodType[]
  readonly keyType?: z.core.$ZodType
  readonly valueType?: z.core.$ZodType
  readonly options?: readonly z.core.$ZodType[]
  readonly discriminator?: string
  readonly values?: readonly unknown[]
  /** of a number `safeint` where it must be whole */
  readonly format?: string
}

export const definitionOf = (schema: z.core.$ZodType | undefined): Definition => (schema?._zod.def ?? {}) as Definition

/** The value at a path, and the schema it was held against. */
export function locate(schema: z.core.$ZodType, value: unknown, path: readonly PropertyKey[]): Located {
  let at: Located = { schema: chosen(schema, value), value }
  for (const key of path) {
    const { shape, element, items, valueType } = definitionOf(at.schema)
    const part = memberOf(at.value, key)
    const inner =
      typeof key === 'number' ? (items?.[key] ?? element) : (memberOf(shape, key) as z.core.$ZodType | undefined)
    at = { schema: chosen(inner ?? valueType, part), value: part }
  }
  return at
}

/** Through what only wraps a schema; of a union the option that the value's discriminator names. */
function chosen(schema: z.core.$ZodType | undefined, value: unknown): z.core.$ZodType | undefined {
  const { innerType, options, discriminator } = definitionOf(schema)
  if (innerType !== undefined) return chosen(innerType, value)
  if (options === undefined || discriminator === undefined) return schema
  const name = memberOf(value, discriminator)
  return (
    options.find((option) =>
      definitionOf(memberOf(definitionOf(option).shape, discriminator) as z.core.$ZodType).values?.includes(name),
    ) ?? schema
  )
}

/** The names of the parts that a value of this schema has. */
export const partsOf = (schema: z.core.$ZodType | undefined, value: unknown): readonly string[] =>
  Object.keys(definitionOf(chosen(schema, value)).shape ?? {})

const memberOf = (value: unknown, key: PropertyKey): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<PropertyKey, unknown>)[key]
    : undefined
