import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { refusalLines } from '#domain/kernel/refusal.ts'
import { loadConfig, parseConfig } from '#lib/kernel/config/load.ts'
import { configText, problemsOf, TODAY } from '#test/support/config.ts'
import { expectWhole } from './support.ts'

const texts = [
  { name: 'an anchor', text: 'a: &x 1', what: /&x/ },
  { name: 'an alias', text: 'a: &x 1\nb: *x', what: /\*x/ },
  { name: 'a duplicate key', text: 'region: a\nregion: b', what: /DUPLICATE_KEY/ },
  { name: 'two documents', text: 'a: 1\n---\nb: 2', what: /2 YAML documents/ },
  { name: 'a custom tag', text: 'a: !!js/function "x"', what: /TAG_RESOLVE_FAILED/ },
  { name: 'no document', text: '', what: /./ },
  { name: 'a list', text: '- 1', what: /./ },
  { name: 'more than a mebibyte', text: 'a'.repeat(1_048_577), what: /1048577 bytes/ },
]
for (const { name, text, what } of texts) {
  test(`refused: a file with ${name}`, () => {
    const problems = problemsOf(() => parseConfig('test.yaml', text, TODAY))
    assert.ok(problems.length > 0)
    expect(problems.map((problem) => problem.what.en).join('\n')).toMatch(what)
    for (const each of problems) expectWhole(each)
  })
}

test('a file full of faults of YAML shows the first three and counts the others', () => {
  const text = configText('demo').replaceAll('  ', '\t')
  const problems = problemsOf(() => parseConfig('test.yaml', text, TODAY))
  expect(problems.length).toBe(4)
  expect(problems.at(-1)!.what.en).toMatch(/^found \d+ further faults of YAML$/)
})

describe('a file that cannot be read as text', () => {
  const folder = mkdtempSync(join(tmpdir(), 'renkei-config-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  mkdirSync(join(folder, 'folder.yaml'))
  writeFileSync(join(folder, 'shift-jis.yaml'), Buffer.from([0x61, 0x3a, 0x20, 0x93, 0xfa, 0x96, 0x7b]))
  writeFileSync(join(folder, 'utf-16.yaml'), Buffer.from('\ufeffa: 1', 'utf16le'))
  writeFileSync(join(folder, 'large.yaml'), 'a'.repeat(1_048_577))
  for (const { file, code, text } of [
    { file: 'folder.yaml', code: 'config.unreadable', text: /it is a folder/ },
    { file: 'absent.yaml', code: 'config.unreadable', text: /there is no such file/ },
    { file: 'shift-jis.yaml', code: 'config.not-utf8', text: /save the file as UTF-8/ },
    { file: 'utf-16.yaml', code: 'config.not-utf8', text: /UTF-16/ },
    { file: 'large.yaml', code: 'config.too-large', text: /1048577 bytes/ },
  ])
    test(`is refused for that and nothing else: ${file}`, () => {
      const problems = problemsOf(() => loadConfig(join(folder, file), TODAY))
      expect(problems.map((problem) => problem.code)).toEqual([code])
      expect(refusalLines(problems[0]!).join('\n')).toMatch(text)
      expectWhole(problems[0]!)
    })
})

test('an environment that is missing is refused with those that there are', () => {
  const [problem] = problemsOf(() => loadConfig(join(import.meta.dirname, '../../../config/absent.yaml'), TODAY))
  expect(problem!.next.en).toMatch(/: demo, example-production$/)
})
