import { existsSync, globSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from '@jest/globals'
import { coverage } from '#checks/coverage.ts'
import { loadRegister, requirementDocument, requirementsOf } from '#checks/requirements.ts'
import { expectThat } from '../support/expect.ts'
import { read, root } from './support.ts'

const register = loadRegister(root)
const requirements = requirementsOf(register)

test('docs/requirements.md says what the register says: npm run docs writes it', () => {
  expect(read('docs/requirements.md')).toBe(requirementDocument(register))
})

test('every requirement belongs to a context of the architecture', () => {
  for (const file of ['docs/architecture.md', 'docs/architecture.ja.md']) {
    const text = read(file)
    expectThat(
      requirements
        .filter(({ context }) => !text.includes(`\`${context}\``))
        .map(({ id, context }) => `${id} ${context}`),
      file,
    ).toEqual([])
  }
})

test('the contexts of the architecture name what is built of them, no more and no less', () => {
  for (const file of ['docs/architecture.md', 'docs/architecture.ja.md']) {
    const rows = [...read(file).matchAll(/^\| `([a-z]+)` \|.*\| ([^|]+) \|$/gm)].map(([, context, ids = '']) => ({
      context,
      built: (ids.match(/[A-Z]+-\d+/g) ?? []).filter((id) => !id.startsWith('C-')).sort(),
    }))
    expectThat(rows, file).toEqual(
      rows.map(({ context }) => ({
        context,
        built: requirements
          .filter((each) => each.context === context && each.state === 'built')
          .map(({ id }) => id)
          .sort(),
      })),
    )
    expect(rows.length).toBeGreaterThan(5)
  }
})

/** The file itself and what it imports of `test/`, however far. */
function withImports(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen
  seen.add(file)
  for (const [, path = ''] of read(file).matchAll(/from '(\.[^']+\.ts)'/g)) {
    const imported = join(dirname(file), path)
    if (imported.startsWith('test/') && existsSync(join(root, imported))) withImports(imported, seen)
  }
  return seen
}

/** Ids of rows: of the tables from which `test(`[${requirement}] …` takes its names. */
const idsOfTables = (text: string) =>
  [...text.matchAll(/\b(?:requirement|expected): '([A-Z]+-\d+)[' ]/g)].map(([, id = '']) => id)

/** Ids that a test carries in its name, written out or taken from a row. */
const named = new Set([
  ...coverage(root)
    .requirements.filter(({ tests }) => tests.length > 0)
    .map(({ id }) => id),
  ...globSync('test/**/*.test.ts', { cwd: root })
    .filter((file) => /\btest\(`\[\$\{/.test(read(file)))
    .flatMap((file) => [...withImports(file)])
    .flatMap((file) => idsOfTables(read(file))),
])

test('what is built has a test that carries its id, and what is planned has none', () => {
  const ids = (state: string) => requirements.filter((each) => each.state === state).map(({ id }) => id)
  expect(ids('built').filter((id) => !named.has(id))).toEqual([])
  expect(ids('planned').filter((id) => named.has(id))).toEqual([])
})

test('ids of tables are seen in the file of the test and in what it imports', () => {
  expect([...withImports('test/checks/weakened.test.ts')]).toContain('test/checks/weakened/vpn.ts')
  expect(idsOfTables("{ requirement: 'NET-2', x: 1, expected: 'APP-3 form.handlers' }")).toEqual(['NET-2', 'APP-3'])
  expect(named.size).toBeGreaterThan(50)
})
