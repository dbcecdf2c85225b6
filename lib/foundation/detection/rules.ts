import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'

/** The rules as they are deployed and as they are tested: one file each. */
export const rulesFolder = join(import.meta.dirname, '..', '..', '..', 'policies', 'foundation', 'detection')

const event = z.record(z.string(), z.unknown())
const shared = {
  id: z.string().regex(/^[a-z]+(-[a-z]+)*$/),
  title: z.strictObject({ en: z.string().min(1).max(120), ja: z.string().min(1).max(120) }),
  requirements: z.array(z.string().regex(/^[A-Z]+-\d+$/)).min(1),
  severity: z.enum(['critical', 'high', 'medium']),
  owner: z.enum(['security-operations', 'platform-operations']).describe('who answers'),
  runbook: z.string().regex(/^docs\/runbooks\/[a-z-]+\.md$/),
  ackWithin: z
    .string()
    .regex(/^P(\d+D|T(\d+H)?(\d+M)?)$/)
    .describe('ISO 8601 duration within which the owner acknowledges'),
  examples: z.strictObject({ matches: z.array(event).min(1), ignores: z.array(event).min(1) }),
}

/** Matched by EventBridge as it happens, in this region. */
const patternRule = z.strictObject({ ...shared, pattern: event })
/** Matched in the log group of the multi-region trail: sees what is recorded in us-east-1 (sign-in, IAM) as well. */
const filterRule = z.strictObject({
  ...shared,
  filter: z.string().startsWith('{').endsWith('}').max(1024),
  threshold: z.int().min(1).default(1).describe('matches within five minutes that raise the alarm'),
})

const rule = z.union([patternRule, filterRule])

/** A rule that EventBridge matches. */
export type PatternRule = z.infer<typeof patternRule>
/** A rule that a metric filter matches in the trail's log group. */
export type FilterRule = z.infer<typeof filterRule>
/** A rule of either kind. */
export type DetectionRule = z.infer<typeof rule>

/**
 * Reads every rule, ordered by id. Throws where a file is not a rule, or not named after its id: both are our defects.
 */
export function loadRules(folder: string = rulesFolder): DetectionRule[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => {
      const parsed = rule.safeParse(parse(readFileSync(join(folder, file), 'utf8')))
      if (!parsed.success)
        throw new Error(`${join(folder, file)} is not a detection rule:\n${z.prettifyError(parsed.error)}`)
      if (parsed.data.id !== basename(file, '.yaml'))
        throw new Error(`${join(folder, file)}: its id is ${parsed.data.id}; name the file after it`)
      return parsed.data
    })
}

/** What stands for `${name}` in a pattern: a text within a text, or several values where the text is nothing else. */
export type Substitutions = Readonly<Record<string, string | readonly string[]>>

/** Puts the values of an environment into a pattern. Throws on a name it is not given. */
export function substitute(pattern: unknown, values: Substitutions): any {
  const valueOf = (name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`no value for \${${name}} in a detection pattern`)
    return value
  }
  if (typeof pattern === 'string') {
    return pattern.replace(/\$\{(\w+)\}/g, (_, name: string) => {
      const value = valueOf(name)
      if (typeof value !== 'string') throw new Error(`\${${name}} is a list: write it as an element of a list, alone`)
      return value
    })
  }
  if (Array.isArray(pattern)) {
    return pattern.flatMap((item) => {
      const alone = typeof item === 'string' ? /^\$\{(\w+)\}$/.exec(item) : null
      const value = alone ? valueOf(alone[1]!) : undefined
      return Array.isArray(value) ? value : [substitute(item, values)]
    })
  }
  if (pattern !== null && typeof pattern === 'object') {
    return Object.fromEntries(Object.entries(pattern).map(([key, value]) => [key, substitute(value, values)]))
  }
  return pattern
}
