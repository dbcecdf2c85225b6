import type { ConfigInput } from './schema.ts'

/** Thrown where a rule reads a part whose shape is wrong; `fromParts` catches it, nobody else sees it. */
class WrongShape extends Error {}

/**
 * The configuration in which some parts have a wrong shape, for the rules to read: what is right reads as it is, what
 * is not cannot be read at all. So one answer tells faults of shape and of rules together, and no rule judges a value
 * that is not what its type says. Nothing where the whole is wrong: a list, say, or a single word.
 * @param wrong paths of the faults, as Zod gives them
 */
export function readableParts(data: unknown, wrong: readonly (readonly PropertyKey[])[]): ConfigInput | undefined {
  const faults = new Set(wrong.map(pathKey))
  const view = (value: unknown, path: readonly PropertyKey[]): unknown => {
    if (faults.has(pathKey(path))) throw new WrongShape()
    if (value === null || typeof value !== 'object') return value
    return new Proxy(value, {
      get: (target, key) => {
        const inner: unknown = Reflect.get(target, key)
        return Object.hasOwn(target, key) || inner === undefined ? view(inner, [...path, key]) : inner
      },
    })
  }
  return faults.has(pathKey([])) ? undefined : (view(data, []) as ConfigInput)
}

const pathKey = (path: readonly PropertyKey[]) => JSON.stringify(path.map(String))

/** What a rule makes of the parts it reads; nothing where one of them cannot be read. */
export function fromParts<T>(read: () => readonly T[]): readonly T[] {
  try {
    return read()
  } catch (error) {
    if (error instanceof WrongShape) return []
    throw error
  }
}

/** The same for each element of a list, so that one that cannot be read does not hide the others. */
export const fromEach = <E, T>(list: readonly E[], read: (element: E, index: number) => readonly T[]): T[] =>
  Array.from({ length: list.length }, (_, index) => fromParts(() => read(list[index]!, index))).flat()
