import type { Filter } from '@aws-sdk/client-ec2'
import { ServiceError } from '#local/simulator/errors.ts'
import type { World } from '#local/simulator/world.ts'
import { tagsSeen } from './lookup.ts'

/** What each documented filter looks at. A filter that is not listed is refused. */
export type FilterFields<T> = Readonly<Record<string, (item: T) => string | readonly string[] | undefined>>

/**
 * Values of one filter are alternatives, filters add up, `*` and `?` are wildcards.
 * Source: "List and filter your resources", https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html
 */
export function filtered<T>(
  world: World,
  items: readonly T[],
  filters: readonly Filter[] | undefined,
  idOf: (item: T) => string,
  fields: FilterFields<T>,
): T[] {
  const tests = (filters ?? []).map((filter) => {
    const name = filter.Name ?? ''
    const values = (filter.Values ?? []).map(pattern)
    const field = fieldOf(world, name, idOf, fields)
    return (item: T) => [field(item) ?? []].flat().some((text) => values.some((value) => value.test(text)))
  })
  return items.filter((item) => tests.every((test) => test(item)))
}

function fieldOf<T>(
  world: World,
  name: string,
  idOf: (item: T) => string,
  fields: FilterFields<T>,
): (item: T) => string | readonly string[] | undefined {
  if (name.startsWith('tag:')) return (item) => tagsSeen(world, idOf(item))[name.slice('tag:'.length)]
  if (name === 'tag-key') return (item) => Object.keys(tagsSeen(world, idOf(item)))
  const field = fields[name]
  if (!field) throw new ServiceError('InvalidParameterValue', `The filter '${name}' is invalid`)
  return field
}

function pattern(value: string): RegExp {
  const escaped = value
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${escaped}$`, 's')
}
