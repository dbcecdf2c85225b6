import { expect, test } from '@jest/globals'
import { files, read } from './support.ts'

const GLOSSARY = 'docs/glossary.md'

interface Entry {
  readonly headword: string
  readonly japanese: string
  readonly definition: string
  readonly explanation: string
}

/** The rows of the glossary's one table, without its head. */
function entriesOf(text: string): Entry[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(1)
    .map((line) => {
      const [headword = '', japanese = '', definition = '', explanation = ''] = line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim())
      return { headword, japanese, definition, explanation }
    })
}

const entries = entriesOf(read(GLOSSARY))

/** What is written in the repository outside the glossary: source, rules and documents. */
const elsewhere = () =>
  files
    .filter((file) => /\.(ts|tsx|md|yaml|cedar|guard)$/.test(file))
    .filter((file) => file !== GLOSSARY && !file.includes('glossary.test'))
    .map(read)
    .join('\n')

/** A headword as it is met: `granted set`, `granted-set`, `grantedSet`, in the singular or with an s. */
const met = (headword: string) => new RegExp(`(?<![a-z])${headword.split(' ').join(String.raw`[\s_-]?`)}`, 'i')

test('every headword of the glossary is a word of the repository', () => {
  const text = elsewhere()
  expect(text.length).toBeGreaterThan(100_000)
  expect(entries.map(({ headword }) => headword).filter((headword) => !met(headword).test(text))).toEqual([])
})

test('the glossary gives every word once, in both languages, in the order of the alphabet', () => {
  const headwords = entries.map(({ headword }) => headword)
  expect(headwords.length).toBeGreaterThanOrEqual(40)
  expect(headwords).toEqual([...new Set(headwords)].sort())
  expect(
    entries.filter(
      ({ japanese, definition, explanation }) =>
        japanese === '' || !/^[A-Z].*\.$/.test(definition) || !/[ぁ-んァ-ヶ一-龠].*。$/.test(explanation),
    ),
  ).toEqual([])
})

test('端末 is the word of the accredited terminal alone', () => {
  expect(entries.filter(({ japanese }) => japanese.includes('端末')).map(({ headword }) => headword)).toEqual([
    'terminal',
  ])
})

test('a word that nobody uses would be found', () => {
  expect(met('granted set').test('the grantedSet of a database')).toBe(true)
  expect(met('lane').test('a plane')).toBe(false)
  expect(entriesOf('| headword | 日本語 |\n|---|---|\n| a | b | C. | d。 |')).toHaveLength(1)
})
