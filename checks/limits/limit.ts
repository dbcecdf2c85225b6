import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import type { Finding } from '../finding.ts'
import { resourcePath, type StackTemplate } from '../assembly.ts'

const limit = z.strictObject({
  value: z.union([z.int(), z.array(z.string())]),
  source: z.string().min(1),
  requirement: z
    .string()
    .regex(/^[A-Z]+-\d+$/)
    .optional(),
})

/** Numbers of `policies/checks/limits.yaml` by name. */
export class Limits {
  readonly #entries: Record<string, z.infer<typeof limit>>

  constructor(entries: Record<string, z.infer<typeof limit>>) {
    this.#entries = entries
  }

  /** A number of the file. */
  number(name: string): number {
    const { value } = this.#entry(name)
    if (typeof value !== 'number') throw new Error(`policies/checks/limits.yaml: ${name} is no number`)
    return value
  }

  /** A list of the file. */
  list(name: string): readonly string[] {
    const { value } = this.#entry(name)
    if (typeof value === 'number') throw new Error(`policies/checks/limits.yaml: ${name} is no list`)
    return value
  }

  /** A finding that names the limit, its source and its requirement. */
  exceeded(name: string, stack: StackTemplate, logicalId: string | undefined, what: string, next: string): Finding {
    const { source, requirement } = this.#entry(name)
    return {
      check: 'limits',
      rule: name,
      severity: 'error',
      path: resourcePath(stack, logicalId),
      what: `${what} (${source})`,
      next,
      requirement,
    }
  }

  #entry(name: string) {
    const entry = this.#entries[name]
    if (!entry) throw new Error(`policies/checks/limits.yaml has no ${name}`)
    return entry
  }
}

/** A deploy-time rule: reads every template at once, because several limits are counted over stacks. */
export type LimitRule = (stacks: readonly StackTemplate[], limits: Limits) => Finding[]

/** Reads `policies/checks/limits.yaml`. */
export function loadLimits(root: string): Limits {
  return new Limits(
    z.record(z.string(), limit).parse(parse(readFileSync(join(root, 'policies', 'checks', 'limits.yaml'), 'utf8'))),
  )
}
