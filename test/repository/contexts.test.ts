import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { expectThat } from '../support/expect.ts'

const root = join(import.meta.dirname, '..', '..')
const layers = ['domain', 'lambda', 'lib', 'policies', 'test'] as const

interface Named {
  /** words of the contexts, each a folder of one layer or more */
  readonly contexts: readonly string[]
  /** folders that are no context, by path */
  readonly beside: readonly string[]
}

/** What the first columns of the architecture's tables name between backticks. */
function foldersNamed(text: string): Named {
  const first = [...text.matchAll(/^\| (`[^|]+`) \|/gm)].map(([, cell = '']) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
  )
  return {
    contexts: first.filter(([name]) => /^[a-z]+$/.test(name ?? '')).flat(),
    beside: first.filter(([name]) => name?.endsWith('/')).flat(),
  }
}

/** Folders that a layer has and the text does not name, and rows to which no folder belongs. */
function difference({ contexts, beside }: Named, folders: readonly string[]) {
  const word = (path: string) => path.split('/')[1] ?? ''
  const known = (path: string) => beside.includes(path) || contexts.includes(word(path))
  return {
    foldersWithoutRow: folders.filter((path) => !known(path)),
    rowsWithoutFolder: [
      ...contexts.filter((name) => !folders.some((path) => word(path) === name && !beside.includes(path))),
      ...beside.filter((path) => !existsSync(join(root, path))),
    ],
    namedTwice: [...contexts, ...beside].filter((name, index, all) => all.indexOf(name) !== index),
  }
}

const agreed = { foldersWithoutRow: [], rowsWithoutFolder: [], namedTwice: [] }

test('the architecture has one row for every folder of every layer, and no row without a folder', () => {
  const folders = layers.flatMap((layer) =>
    readdirSync(join(root, layer), { withFileTypes: true })
      .filter((each) => each.isDirectory())
      .map(({ name }) => `${layer}/${name}/`),
  )
  expect(folders.length).toBeGreaterThan(20)
  for (const file of ['docs/architecture.md', 'docs/architecture.ja.md'])
    expectThat(difference(foldersNamed(readFileSync(join(root, file), 'utf8')), folders), file).toEqual(agreed)
})

test('a folder without a row, a row without a folder and a row too many would be found', () => {
  const named = foldersNamed(
    '| `kernel` | shared |\n| `portal` | screens |\n| `test/kernel/` `docs/` | x |\n| `docs/` | y |',
  )
  expect(difference(named, ['domain/kernel/', 'test/kernel/', 'lib/egress/'])).toEqual({
    foldersWithoutRow: ['lib/egress/'],
    rowsWithoutFolder: ['portal'],
    namedTwice: ['docs/'],
  })
  expect(foldersNamed('| `gate` | x |\n| `lab/` `test/lab/` | y |\n| C-1 | `test/lab` |')).toEqual({
    contexts: ['gate'],
    beside: ['lab/', 'test/lab/'],
  })
})
