import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import { parseForm } from '#domain/application/parse-form.ts'
import { localised, refusalLines, type Refusal } from '#domain/kernel/refusal.ts'
import { aggregates } from '#domain/registry.ts'
import { parseRequest } from '#lambda/ledger/command/request.ts'
import * as ofRequests from '#lambda/ledger/refusals.ts'
import { forOperator, notPermitted, oneFactor } from '#lambda/people/refusals.ts'
import { demoForm } from '#test/application/support.ts'
import { expectThat } from '#test/support/expect.ts'
import { assertWellWritten } from '#test/support/refusal.ts'

test('[ARC-4] what any request may be refused with says what, why and next in both languages', () => {
  const said: Readonly<Record<string, string | undefined>> = {
    'request.nobody': 'AUTH-3',
    'request.failed': undefined,
    'request.idempotency-key-reused': 'C-10',
    'request.too-busy': 'C-10',
    'request.not-found': undefined,
    'request.malformed': undefined,
    'form.too-large': undefined,
  }
  const refusals = Object.values(ofRequests).map((each) =>
    typeof each === 'function' ? each('r-1' as string & number) : each,
  )
  expect(new Set(refusals.map(({ code }) => code))).toEqual(new Set(Object.keys(said)))
  for (const refusal of refusals) {
    assertWellWritten(refusal)
    expectThat(refusal.requirement, refusal.code).toBe(said[refusal.code])
  }
})

test('[ARC-4] who may not do something is told no more, and an operator which roles the command takes', () => {
  const plain = notPermitted('Withdraw')
  const told = forOperator(plain, ['applicant-side', 'operator'])
  for (const refusal of [oneFactor, plain, told]) assertWellWritten(refusal)
  expect([oneFactor.code, oneFactor.requirement]).toEqual(['request.one-factor', 'AUTH-1'])
  for (const { code, requirement } of [plain, told])
    expect([code, requirement]).toEqual(['request.not-permitted', 'ARC-4'])
  expect(told.next.en).toContain('the contact person, the agent or the representative or an operator')
  expect(told.what).toEqual(plain.what)
})

test('[APP-1] a form that is no form, and one that is too large, are refused in both languages', () => {
  const form = demoForm()
  const huge = { ...form.extracts[0], variables: Array.from({ length: 100 }, () => '項'.repeat(200)) }
  for (const value of [undefined, 7, [], {}, { ...form, extracts: Array.from({ length: 20 }, () => huge) }]) {
    const parsed = parseForm(value)
    assert.ok(!parsed.ok)
    for (const refusal of parsed.refusals) {
      assertWellWritten(refusal)
      expect(refusal.requirement).toMatch(/^APP-/)
    }
  }
})

test('[ARC-4] a malformed request is refused in both languages', () => {
  for (const text of [null, '[', '{}', '{"stream":"x","command":{"a":1e400},"b":1}', '{"__proto__":1}']) {
    const parsed = parseRequest(aggregates, text)
    assert.ok(!parsed.ok && parsed.refusals.length > 0)
    for (const refusal of parsed.refusals) assertWellWritten(refusal)
  }
})

test('[ARC-4] a refusal is read in one language: what with its place, why with its requirement, next', () => {
  const refusal: Refusal = {
    code: 'form.rule',
    what: { en: 'the list is empty', ja: '一覧が空です。' },
    why: { en: 'one entry is needed', ja: '一件以上必要です。' },
    next: { en: 'add one', ja: '追加してください。' },
    requirement: 'APP-2',
    path: 'form.handlers',
  }
  expect(refusalLines(refusal)).toEqual([
    'form.handlers: the list is empty',
    '  why:  one entry is needed (APP-2)',
    '  next: add one',
  ])
  expect(refusalLines(refusal, 'ja')[1]).toContain('一件以上必要です。')
  expect(localised(refusal, 'ja')).toEqual({
    code: 'form.rule',
    what: '一覧が空です。',
    why: '一件以上必要です。',
    next: '追加してください。',
    requirement: 'APP-2',
    path: 'form.handlers',
  })
})
