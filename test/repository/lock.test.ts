import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { complete } from '#scripts/complete-lock.ts'

const text = readFileSync(join(import.meta.dirname, '..', '..', 'package-lock.json'), 'utf8')

test('package-lock.json names every platform package, so that npm ci works with npm 10 and 11', () => {
  expect(complete(JSON.parse(text)).added).toEqual([])
})

test('package-lock.json names no registry host', () => {
  expect(text).not.toMatch(/"resolved"/)
})

test('a lock file without a platform package gets it, with its platform', () => {
  const { lock, added } = complete({
    packages: {
      '': {},
      'node_modules/tool': { version: '1.0.0', optionalDependencies: { '@tool/binding-linux-x64-musl': '1.0.0' } },
    },
  })
  expect(added).toEqual(['@tool/binding-linux-x64-musl'])
  expect(lock.packages['node_modules/@tool/binding-linux-x64-musl']).toEqual({
    version: '1.0.0',
    cpu: ['x64'],
    dev: true,
    license: 'MIT',
    optional: true,
    os: ['linux'],
    libc: ['musl'],
  })
})
