import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Finding } from './finding.ts'
import { loadRegister } from './requirements.ts'

/** A requirement and who speaks for it. */
export interface Covered {
  readonly id: string
  readonly en: string
  readonly ja: string
  /** test files with a test that names it */
  readonly tests: readonly string[]
  /** rules in `policies/checks/guard` and limits that name it */
  readonly rules: readonly string[]
}

/** `test('[NET-2] …` or several: `test('[NET-2][C-3] …`; also `it` and `describe`. */
const testName = /\b(?:test|it|describe|suite)(?:\.\w+)?\(\s*(['"`])((?:\[[A-Z]+-\d+\]\s*)+)/g
const bracketed = /\[([A-Z]+-\d+)\]/g

/** Which requirements are named by tests and rules; an id that the register does not hold is a finding. */
export function coverage(root: string): { requirements: Covered[]; findings: Finding[] } {
  const known = loadRegister(root)
  const tests = idsByFile(root, 'test/**/*.test.ts', (text) =>
    [...text.matchAll(testName)].flatMap((match) => idsIn(match[2]!)),
  )
  const rules = idsByFile(root, 'policies/checks/guard/**/*.guard', (text) =>
    [...text.matchAll(/^rule ([A-Z]+)_(\d+)_/gm)].map((match) => `${match[1]}-${match[2]}`),
  )
  const limits = idsByFile(root, 'policies/checks/limits.yaml', (text) =>
    [...text.matchAll(/requirement: ([A-Z]+-\d+)/g)].map((match) => match[1]!),
  )
  const named = [...tests, ...rules, ...limits]
  return {
    requirements: Object.entries(known).map(([id, { en, ja }]) => ({
      id,
      en,
      ja,
      tests: filesOf(tests, id),
      rules: filesOf([...rules, ...limits], id),
    })),
    findings: named
      .filter(({ id }) => !(id in known))
      .map(({ id, file }) => ({
        check: 'coverage',
        rule: 'unknown-requirement',
        severity: 'error',
        path: file,
        what: `${id} is no requirement`,
        next: 'name an id of policies/evidence/requirements.yaml',
      })),
  }
}

interface Named {
  readonly id: string
  readonly file: string
}

const idsIn = (text: string) => [...text.matchAll(bracketed)].map((match) => match[1]!)
const idsByFile = (root: string, pattern: string, ids: (text: string) => string[]): Named[] =>
  globSync(pattern, { cwd: root })
    .sort()
    .flatMap((file) => [...new Set(ids(readFileSync(join(root, file), 'utf8')))].map((id) => ({ id, file })))
const filesOf = (named: readonly Named[], id: string) => named.filter((one) => one.id === id).map(({ file }) => file)
