import { gapAt, type Gap, type Id } from './network.ts'
import { irrelevant, KNOWN } from './known.ts'
import type { Links, NamedTemplate } from './links.ts'

/** A resource with every reference in it followed. */
export interface Resource {
  readonly id: Id
  readonly stack: string
  readonly type: string
  readonly properties: Readonly<Record<string, any>>
}

/** All resources that can matter, by type, and a list of what could not be understood. */
export class Resources {
  readonly gaps: Gap[] = []
  readonly #byType = new Map<string, Resource[]>()
  readonly #byId = new Map<Id, Resource>()

  constructor(stacks: readonly NamedTemplate[], links: Links) {
    for (const { name: stack, template } of stacks) {
      for (const [logicalId, raw] of Object.entries(template.Resources)) {
        const id = `${stack}/${logicalId}`
        if (irrelevant(raw.Type)) continue
        const known = KNOWN[raw.Type]
        if (!known) {
          this.gap(
            id,
            `${raw.Type} is not in the model: it may open a way`,
            'add the type to proof/network/model/known.ts, with a reader or a reason',
          )
          continue
        }
        if ('Condition' in raw)
          this.gap(id, 'whether it exists depends on a condition', 'decide it in the configuration, not at deployment')
        const properties = links.follow(stack, raw.Properties ?? {}) as Record<string, unknown>
        for (const [property, value] of Object.entries(properties)) {
          const fixed = known.fixed?.[property]
          if (fixed) {
            if (value !== fixed.value)
              this.gap(
                `${id}.${property}`,
                `${JSON.stringify(value)} is not in the model`,
                `write ${JSON.stringify(fixed.value)}`,
              )
          } else if (!known.read.includes(property) && !known.ignored.includes(property)) {
            this.gap(
              `${id}.${property}`,
              `the property is not in the model: it may change where packets go`,
              'add it to proof/network/model/known.ts',
            )
          }
        }
        for (const [property, { value, byDefault }] of Object.entries(known.fixed ?? {})) {
          if (!byDefault && !(property in properties))
            this.gap(`${id}.${property}`, "AWS's default is not in the model", `write ${JSON.stringify(value)}`)
        }
        const resource: Resource = { id, stack, type: raw.Type, properties }
        this.#byId.set(id, resource)
        const same = this.#byType.get(raw.Type)
        if (same) same.push(resource)
        else this.#byType.set(raw.Type, [resource])
      }
    }
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
    for (const key of Object.keys(value))
      if (!keys.includes(key) && (value as Record<string, unknown>)[key] !== undefined)
        this.gap(`${where}.${key}`, 'the property is not in the model: it may change where packets go')
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
