import type { z } from 'zod'
import type { Refusal } from './refusal.ts'

export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusals: readonly Refusal[] }

export interface Reporting {
  /** the rejection's code */
  readonly code: string
  /** what the paths begin with, e.g. `form` */
  readonly root: string
  /** the requirement that a path belongs to, where it has one */
  requirementOf(path: readonly PropertyKey[]): string | undefined
}

/** Parses untrusted data once, at the edge; every fault has its path, what was found, and what to write instead. */
export function parse<T>(schema: z.ZodType<T>, value: unknown, reporting: Reporting): Parsed<T> {
  const result = schema.safeParse(value)
  if (result.success) return { ok: true, value: result.data }
  return { ok: false, refusals: result.error.issues.flatMap((issue) => explain(issue, value, reporting)) }
}

function explain(
  issue: z.core.$ZodIssue,
  root: unknown,
  { code, root: rootName, requirementOf }: Reporting,
): Refusal[] {
  const rejection = (path: readonly PropertyKey[], message: string, remedy: string): Refusal => {
    const requirement = requirementOf(path)
    return {
      code,
      path: pathText(rootName, path),
      what: { en: message, ja: message },
      why: { en: message, ja: message },
      next: { en: remedy, ja: remedy },
      ...(requirement !== undefined && { requirement }),
    }
  }
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) =>
      rejection([...issue.path, key], 'is not a part of this section', 'remove it, or check its spelling'),
    )
  }
  const found = issue.path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    root,
  )
  const remedy = remedyOf(issue)
  return [
    found === undefined
      ? rejection(issue.path, 'is missing', remedy)
      : rejection(issue.path, `cannot be ${show(found)}`, remedy),
  ]
}

function remedyOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return `write ${issue.values.map(String).join(' or ')}`
  if (issue.code === 'invalid_type') return `write a value of type ${issue.expected}`
  if (issue.code === 'too_small') return `write at least ${issue.minimum}`
  if (issue.code === 'too_big') return `write at most ${issue.maximum}`
  return issue.message
}

/** `form.handlers[2].email` */
function pathText(root: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : `${text}.${String(key)}`),
    root,
  )
}

function show(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'object' && value !== null) return 'an object'
  const text = typeof value === 'string' ? `"${value.replaceAll(/[\p{Cc}\p{Cs}]/gu, '�')}"` : String(value)
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}
