import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import { validate } from '@cedar-policy/cedar-wasm/nodejs'
import { policies, schema } from './support.ts'
import { expectThat } from '../support/expect.ts'

test('[ARC-4] the policies are valid against the schema, in strict mode and without a warning', () => {
  const answer = validate({ schema, policies: { staticPolicies: policies }, validationSettings: { mode: 'strict' } })
  expectThat(answer.type, JSON.stringify(answer)).toBe('success')
  assert.ok(answer.type === 'success')
  expect(answer.validationErrors).toEqual([])
  expect(answer.validationWarnings).toEqual([])
})
