import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { digestOf } from '#domain/ledger/canonical.ts'
import { parseRequest } from '#lambda/ledger/command/request.ts'
import { expectThat } from '#test/support/expect.ts'

const key = '11111111-2222-3333-4444-555555555555'
const submit = (form: string) =>
  parseRequest(
    `{"stream":"application/A-1","idempotencyKey":"${key}","command":{"type":"SubmitApplication","form":${form}}}`,
  )
const reasons = (parsed: ReturnType<typeof parseRequest>) => (parsed.ok ? [] : parsed.refusals.map(({ path }) => path))

test('[ARC-4] what cannot be recorded as it stands is refused before anything is decided: depth, numbers, broken text', () => {
  for (const form of [
    '['.repeat(5_000) + ']'.repeat(5_000),
    '1e400',
    '-1e400',
    '9007199254740993',
    '"\\ud800"',
    '{"\\ud800":1}',
  ])
    expectThat(reasons(submit(form)), form.slice(0, 20)).toEqual(['command'])
  assert.ok(submit('{"a":[1,"東都",null,true]}').ok)
})

test('[ARC-4] no name of a property is more than a name', () => {
  for (const body of [
    `{"__proto__":{"stream":"project/P-1"},"idempotencyKey":"${key}","command":{"type":"Grant"}}`,
    `{"stream":"project/__proto__","idempotencyKey":"${key}","command":{"type":"Grant"}}`,
    `{"stream":"application/A-1","idempotencyKey":"${key}","command":{"type":"__proto__"}}`,
    `{"stream":"project/P-1/../x","idempotencyKey":"${key}","command":{"type":"ResumeProject","reason":"x"}}`,
    `{"stream":"idempotency/x","idempotencyKey":"${key}","command":{"type":"Grant"}}`,
    `{"stream":"cell/1","idempotencyKey":"${key}","command":{"type":"PlaceTaken","projectId":"P-1"}}`,
  ])
    expectThat(parseRequest(body).ok, body).toBe(false)
  const review = parseRequest(
    `{"stream":"application/A-1","idempotencyKey":"${key}","command":{"type":"RecordReview","verdict":"favourable","comment":"x","checklist":{"__proto__":{"verdict":"met","comment":"x"}}}}`,
  )
  assert.ok(review.ok && review.request.command.type === 'RecordReview')
  expectThat(
    [Object.keys(review.request.command.checklist), 'verdict' in review.request.command.checklist],
    'it answers no item',
  ).toEqual([[], false])
  expect(({} as { polluted?: unknown }).polluted).toBe(undefined)
})

test('[ARC-4] any text is refused or parsed, never a crash; what is parsed can be hashed', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (text) => {
      for (const parsed of [parseRequest(text), submit(text)]) {
        if (parsed.ok) expect(digestOf({ command: parsed.request.command })).toMatch(/^[0-9a-f]{64}$/)
        else assert.ok(parsed.refusals.every(({ next }) => next.en.length > 0))
      }
    }),
    { numRuns: 1_000 },
  )
})
