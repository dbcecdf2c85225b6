import { irrelevant, KNOWN, type Known } from './known.ts'
import type { Links, NamedTemplate } from './links.ts'
import { gapAt, type Gap, type Id } from './network.ts'

/** A resource with every reference in it followed. */
export interface Resource {
  readonly id: Id
  readonly stack: string
  readonly type: string
  readonly properties: Readonly<Record<string, any>>
}

type RawResource = NamedTemplate['template']['Resources'][string]

/** All resources that can matter, by type, and a list of what could not be understood. */
export class Resources {
  readonly gaps: Gap[] = []
  readonly #byType = new Map<string, Resource[]>()
  readonly #byId = new Map<Id, Resource>()

  constructor(stacks: readonly NamedTemplate[], links: Links) {
    for (const { name, template } of stacks)
      for (const [logicalId, raw] of Object.entries(template.Resources)) this.#take(name, logicalId, raw, links)
  }

  #take(stack: string, logicalId: string, raw: RawResource, links: Links): void {
    if (irrelevant(raw.Type)) return
    const id = `${stack}/${logicalId}`
    const known = KNOWN[raw.Type]
    if (!known) {
      const next = 'add the type to proof/network/model/known.ts, with a reader or a reason'
      return this.gap(id, `${raw.Type} is not in the model: it may open a way`, next)
    }
    if ('Condition' in raw)
      this.gap(id, 'whether it exists depends on a condition', 'decide it in the configuration, not at deployment')
    const properties = links.follow(stack, raw.Properties ?? {}) as Record<string, unknown>
    this.#checkProperties(id, properties, known)
    const resource: Resource = { id, stack, type: raw.Type, properties }
    this.#byId.set(id, resource)
    const same = this.#byType.get(raw.Type)
    if (same) same.push(resource)
    else this.#byType.set(raw.Type, [resource])
  }

  /** Every property is known, and those that must have one value have it. */
  #checkProperties(id: Id, properties: Readonly<Record<string, unknown>>, { read, ignored, fixed = {} }: Known): void {
    for (const [property, value] of Object.entries(properties)) {
      const path = `${id}.${property}`
      const only = fixed[property]
      if (only) {
        if (value !== only.value)
          this.gap(path, `${JSON.stringify(value)} is not in the model`, `write ${JSON.stringify(only.value)}`)
      } else if (!read.includes(property) && !ignored.includes(property))
        this.gap(path, UNKNOWN_PROPERTY, 'add it to proof/network/model/known.ts')
    }
    for (const [property, { value, byDefault }] of Object.entries(fixed))
      if (!byDefault && !(property in properties))
        this.gap(`${id}.${property}`, "AWS's default is not in the model", `write ${JSON.stringify(value)}`)
  }

  gap(path: string, what: string, next = 'write it out in the template, or teach the model'): void {
    this.gaps.push(gapAt(path, what, next))
  }

  all(type: string): readonly Resource[] {
    return this.#byType.get(type) ?? []
  }

  /** The resource of a type that a property names; a gap where there is none. */
  named(type: string, id: unknown, where: string): Resource | undefined {
    const found = typeof id === 'string' ? this.#byId.get(id) : undefined
    if (found?.type === type) return found
    this.gap(where, `${JSON.stringify(id)} is no ${type} of this assembly`)
    return undefined
  }

  /** Whether an object holds nothing but these keys; a gap for each other one. */
  only(value: unknown, keys: readonly string[], where: string): void {
    if (typeof value !== 'object' || value === null) return
    for (const [key, member] of Object.entries(value))
      if (!keys.includes(key) && member !== undefined) this.gap(`${where}.${key}`, UNKNOWN_PROPERTY)
  }

  /** An IPv4 network as text; a gap and nothing where it is none. */
  cidr(value: unknown, where: string): string | undefined {
    if (typeof value === 'string' && /^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/.test(value)) return value
    this.gap(where, `${JSON.stringify(value)} is no IPv4 network`)
    return undefined
  }

  strings(value: unknown, where: string): string[] {
    if (value === undefined) return []
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value
    this.gap(where, `${JSON.stringify(value)} is no list of names`)
    return []
  }
}

const UNKNOWN_PROPERTY = 'the property is not in the model: it may change where packets go'
