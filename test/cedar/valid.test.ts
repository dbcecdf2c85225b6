import assert from 'node:assert/strict'
import { test } from 'node:test'
import { validate } from '@cedar-policy/cedar-wasm/nodejs'
import { policies, schema } from './kit.ts'

test('[ARC-4] the policies are valid against the schema, in strict mode and without a warning', () => {
  const answer = validate({ schema, policies: { staticPolicies: policies }, validationSettings: { mode: 'strict' } })
  assert.equal(answer.type, 'success', JSON.stringify(answer))
  assert.ok(answer.type === 'success')
  assert.deepEqual(answer.validationErrors, [])
  assert.deepEqual(answer.validationWarnings, [])
})
