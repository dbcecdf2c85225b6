import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import type { Problem } from '#lib/kernel/config/problem.ts'
import { configData, parseData, problemsOf } from '#test/support/config.ts'

/** Words of the libraries that read the file: they name neither unit nor example, and are nobody's language. */
const LIBRARY_WORDS = /Invalid input|Too big|Too small|must match pattern|expected (string|number|array|object)\b/
/** A text without a Japanese letter, with half-width brackets or with a sentence in the plain style. */
const NOT_JAPANESE = /^[^\p{sc=Hiragana}]*$|[ぁ-ん一-龠]\(|\)[ぁ-ん一-龠]|(である|だ|する|した|ない)$/u

/** What every refusal of a configuration keeps to. */
export function expectWhole({ code, what, why, next }: Problem): void {
  expect(code).toMatch(/^config\.[a-z0-9-]+$/)
  for (const { en, ja } of [what, why, next]) {
    expect(en).toMatch(/./)
    expect(en).not.toMatch(LIBRARY_WORDS)
    expect(ja).not.toMatch(NOT_JAPANESE)
  }
}

/** A change that makes a configuration one that may not stand; path and requirement are what the refusal must name. */
export interface RefusalRow {
  readonly name: string
  readonly environment: 'demo' | 'example-production'
  readonly change: (data: any) => void
  readonly path: string
  readonly requirement?: string
}

/** A test for each row. */
export function refusesEach(rows: readonly RefusalRow[]): void {
  for (const { name, environment, change, path, requirement } of rows) {
    test(`refused: ${name}`, () => {
      const data = configData(environment)
      change(data)
      const problems = problemsOf(() => parseData(data))
      const problem = problems.find((candidate) => candidate.path === path)
      assert.ok(problem, `expected a problem at ${path}, got ${JSON.stringify(problems)}`)
      if (requirement) expect(problem.requirement).toBe(requirement)
      for (const each of problems) expectWhole(each)
    })
  }
}
