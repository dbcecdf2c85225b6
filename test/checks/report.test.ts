import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { escapeHtml, renderHtml } from '#checks/report/html.ts'
import { renderSummary } from '#checks/report/summary.ts'
import type { Verdict } from '#checks/verdict.ts'

const verdict = (text: string): Verdict => ({
  environment: text,
  at: '2026-11-22T00:00:00.000Z',
  ok: false,
  seconds: 1,
  figures: [],
  stacks: [{ name: text, resources: 1 }],
  checks: [{ id: 'guard', title: { en: text, ja: text }, judged: text, seconds: 1, findings: 1 }],
  open: [
    {
      check: 'guard',
      rule: text,
      severity: 'error',
      path: text,
      location: text,
      what: text,
      why: text,
      next: text,
      requirement: text,
    },
  ],
  acknowledged: [
    {
      finding: { check: 'nag', rule: text, severity: 'error', path: text, what: text, next: text },
      by: {
        path: text,
        rule: text,
        reason: text,
        owner: text,
        secondOwner: `${text}2`,
        expires: text,
        requirement: text,
      },
    },
  ],
  requirements: [{ id: text, en: text, ja: text, tests: [text], rules: [text] }],
})

test('nothing from a configuration or a template becomes markup in the report', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[<>"'&a-z/=;-]{1,30}$/), (text) => {
      const hostile = `x<img src=x onerror=alert(1)>${text}"'&`
      const page = renderHtml(verdict(hostile))
      assert.ok(!page.includes(hostile))
      assert.ok(!/<img|<script|onerror=alert\(1\)>/i.test(page))
      expect(page.match(/<\/?[a-z][a-z0-9]*/g)).toEqual(renderHtml(verdict('x')).match(/<\/?[a-z][a-z0-9]*/g))
    }),
    { numRuns: 50 },
  )
})

test('the report is one file: no script, nothing fetched, a policy that forbids both', () => {
  const page = renderHtml(verdict('x'))
  assert.ok(!/<script|<link|<img|src=|https?:\/\//.test(page))
  expect(page).toMatch(/Content-Security-Policy" content="default-src 'none'/)
  expect(page).toMatch(/<html lang="en">/)
})

test('escaping can be undone: no two texts look the same in the report', () => {
  const unescape = (text: string) => text.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
  fc.assert(fc.property(fc.string(), (text) => unescape(escapeHtml(text)) === text && !/[<>"']/.test(escapeHtml(text))))
})

test('[C-8] the summary names the rule, the place and the way out of every open finding', () => {
  const text = renderSummary(verdict('NAMED'))
  expect(text).toMatch(/guard: NAMED \(NAMED\)\n\s+NAMED\n\s+why: {2}NAMED\n\s+next: NAMED\n\s+NAMED at NAMED/)
  expect(text).toMatch(/✗ 1 open/)
})
