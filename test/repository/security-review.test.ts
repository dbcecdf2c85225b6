import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'

const root = join(import.meta.dirname, '..', '..')

test('[SEC-1] every test that the security review names is there', () => {
  const text = readFileSync(join(root, 'docs', 'security-review.md'), 'utf8')
  const named = [...text.matchAll(/`(test\/[^`]+\.ts)` "([^"]+)"/g)]
  assert.ok(named.length > 60, `${named.length}`)
  const missing = named
    .filter(
      ([, file = '', words = '']) =>
        !existsSync(join(root, file)) || !readFileSync(join(root, file), 'utf8').includes(words),
    )
    .map(([all]) => all)
  expect(missing).toEqual([])
})
