import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { jsonSchema } from '#lib/kernel/config/json-schema.ts'
import { parseConfig } from '#lib/kernel/config/load.ts'
import { configData, configText, parseData, problemsOf, TODAY } from '#test/support/config.ts'

const accepted = (work: () => unknown) => problemsOf(work).length === 0

test('both shipped configurations are accepted', () => {
  for (const name of ['demo', 'example-production'] as const)
    assert.ok(accepted(() => parseConfig(name, configText(name), TODAY)))
})

test('config/schema.json is in step with the schema (npm run schema writes it)', () => {
  expect(readFileSync(join(import.meta.dirname, '..', '..', '..', 'config', 'schema.json'), 'utf8')).toBe(jsonSchema())
})

test('random text is refused with a message, never a crash', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
      assert.ok(!accepted(() => parseConfig('random.yaml', text, TODAY)))
    }),
    { numRuns: 500 },
  )
})

test('a shipped file with random bytes in it is accepted or refused, never a crash', () => {
  const original = configText('demo')
  fc.assert(
    fc.property(
      fc.nat(original.length),
      fc.nat(40),
      fc.string({ unit: 'binary', maxLength: 20 }),
      (at, cut, insert) => {
        problemsOf(() => parseConfig('random.yaml', original.slice(0, at) + insert + original.slice(at + cut), TODAY))
      },
    ),
    { numRuns: 500 },
  )
})

/** All places of a value where another may stand. */
function paths(value: unknown, at: readonly PropertyKey[] = []): PropertyKey[][] {
  if (value === null || typeof value !== 'object') return [[...at]]
  return [
    [...at],
    ...Object.entries(value).flatMap(([key, inner]) => paths(inner, [...at, Array.isArray(value) ? Number(key) : key])),
  ]
}

const hostile = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '__proto__',
    'constructor',
    '../../etc/passwd',
    '${AWS::AccountId}',
    '{{resolve:secretsmanager:x}}',
    '"; drop',
    '\u202e',
    '\0',
    'a'.repeat(5000),
    -1,
    0,
    1e308,
    Number.NaN,
    null,
    [],
    {},
    true,
  ),
  fc.anything({ maxDepth: 2 }),
)

test('any value anywhere is accepted or refused with a path, never a crash', () => {
  const places = paths(configData('demo')).filter((path) => path.length > 0)
  fc.assert(
    fc.property(fc.constantFrom(...places), hostile, (path, value) => {
      const data = configData('demo')
      const parent = path.slice(0, -1).reduce<any>((inner, key) => inner[key], data)
      parent[path.at(-1)!] = value
      let text: () => unknown
      try {
        JSON.stringify(data)
        text = () => parseData(data)
      } catch {
        return
      }
      for (const problem of problemsOf(text)) assert.ok(problem.why.en.length > 0 && problem.next.ja.length > 0)
    }),
    { numRuns: 1000 },
  )
})
