import type { z } from 'zod'
import { parse } from '#domain/kernel/parse.ts'
import { pathText } from '#domain/kernel/shown.ts'
import type { Problem } from './problem.ts'
import { schema } from './schema.ts'

/** Which requirement asks for a key; named when the key is missing or wrong. */
const requirements: Readonly<Record<string, string>> = {
  legalBasis: 'ARC-2',
  holder: 'ARC-2',
  kind: 'ARC-2',
  dataKind: 'PUB-2',
  linkRoute: 'LNK-3',
  provisionRoute: 'PUB-3',
  responsibilityBoundary: 'NET-6',
  peer: 'NET-2',
  identityProvider: 'AUTH-1',
  retention: 'LOG-3',
  lock: 'LOG-3',
  alarmEmail: 'LOG-4',
}

/**
 * Faults of shape, each with what stands there, unit and example. An unknown key is told at the section it stands in.
 */
export function shapeProblems(data: unknown, issues: readonly z.core.$ZodIssue[]): Problem[] {
  const parsed = parse(schema, data, {
    code: 'config.shape',
    root: '',
    requirementOf: (path) => requirements[String(path.findLast((part) => typeof part === 'string'))],
  })
  const sections = new Map(
    issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => [pathText('', [...issue.path, key]), pathText('', issue.path)] as const)
        : [],
    ),
  )
  return parsed.ok
    ? []
    : parsed.refusals.map(({ path = '', ...rest }) => ({ ...rest, path: sections.get(path) ?? path }))
}

/** The parts that no rule can read: an unknown key beside them, or one entry too many, spoils nothing. */
export const unreadablePaths = (issues: readonly z.core.$ZodIssue[]): readonly (readonly PropertyKey[])[] =>
  issues
    .filter(
      (issue) =>
        issue.code !== 'unrecognized_keys' &&
        !((issue.code === 'too_big' || issue.code === 'too_small') && issue.origin === 'array'),
    )
    .map(({ path }) => path)
