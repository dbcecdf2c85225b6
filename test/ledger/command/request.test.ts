import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { digestOf } from '#domain/ledger/canonical.ts'
import { jsonBreak } from '#lambda/ledger/command/json-break.ts'
import { aggregates } from '#domain/registry.ts'
import { parseRequest } from '#lambda/ledger/command/request.ts'
import { expectThat } from '#test/support/expect.ts'

const key = '11111111-2222-3333-4444-555555555555'
const submit = (form: string) =>
  parseRequest(
    aggregates,
    `{"stream":"application/A-1","idempotencyKey":"${key}","command":{"type":"SubmitApplication","form":${form}}}`,
  )
const reasons = (parsed: ReturnType<typeof parseRequest>) => (parsed.ok ? [] : parsed.refusals.map(({ path }) => path))

test('[ARC-4] what cannot be recorded as it stands is refused undecided: depth, numbers, broken text', () => {
  const bodies = [
    { form: '['.repeat(5_000) + ']'.repeat(5_000), path: `command.form${'[0]'.repeat(64)}` },
    { form: '1e400', path: 'command.form' },
    { form: '{"a":[1,-1e400]}', path: 'command.form.a[1]' },
    { form: '9007199254740993', path: 'command.form' },
    { form: '"\\ud800"', path: 'command.form' },
    { form: '{"\\ud800":1}', path: 'command.form.\\u{d800}' },
  ]
  for (const { form, path } of bodies) expectThat(reasons(submit(form)), form.slice(0, 20)).toEqual([path])
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
    expectThat(parseRequest(aggregates, body).ok, body).toBe(false)
  const review = parseRequest(
    aggregates,
    `{"stream":"application/A-1","idempotencyKey":"${key}","command":{"type":"RecordReview","verdict":"favourable",` +
      '"comment":"x","checklist":{"__proto__":{"verdict":"met","comment":"x"}}}}',
  )
  expectThat(reasons(review), 'an item of this name is refused, not dropped').toEqual(['command.checklist.__proto__'])
  expect(({} as { polluted?: unknown }).polluted).toBe(undefined)
})

test('[ARC-4] any text is refused or parsed, never a crash; what is parsed can be hashed', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (text) => {
      for (const parsed of [parseRequest(aggregates, text), submit(text)]) {
        if (parsed.ok) expect(digestOf({ command: parsed.request.command })).toMatch(/^[0-9a-f]{64}$/)
        else assert.ok(parsed.refusals.every(({ next }) => next.en.length > 0))
      }
    }),
    { numRuns: 1_000 },
  )
})

const first = (text: string) => {
  const parsed = parseRequest(aggregates, text)
  assert.ok(!parsed.ok)
  return parsed.refusals[0]!
}

test('[ARC-4] a body that is no JSON is told the place at which it breaks', () => {
  const bodies = [
    { text: '', said: 'the body is empty' },
    { text: '[]', said: 'the body is a list of 0 entries' },
    { text: 'null', said: 'the body is null' },
    { text: '{"stream": "project/P-1",\n "command": }', said: 'line 2, column 13: } cannot stand there' },
    { text: '{"stream": "project/P-1"', said: 'ends too early, at line 1, column 25' },
    { text: '{"stream": "a\u0007"}', said: 'line 1, column 14' },
    { text: '\uFEFF{}', said: 'line 1, column 1: \\u{feff} cannot stand there' },
    { text: "{'stream': 1}", said: 'line 1, column 2' },
    { text: '{"a": 01}', said: 'line 1, column 8' },
    { text: '{"a": 1,}', said: 'line 1, column 9' },
    { text: '{} {}', said: 'line 1, column 4' },
  ]
  for (const { text, said } of bodies) expectThat(first(text).what.en, text).toContain(said)
})

test('[ARC-4] the place at which a text stops being JSON is found for exactly those texts that are none', () => {
  const broken = fc
    .tuple(fc.json(), fc.nat(), fc.string({ minLength: 0, maxLength: 2 }))
    .map(
      ([text, at, put]) => `${text.slice(0, at % (text.length + 1))}${put}${text.slice((at % (text.length + 1)) + 1)}`,
    )
  fc.assert(
    fc.property(fc.oneof(fc.json(), broken, fc.string({ unit: 'binary' })), (text) => {
      const at = jsonBreak(text)
      expect(at === undefined).toBe(isJson(text))
      if (at !== undefined) assert.ok(at >= 0 && at <= text.length)
    }),
    { numRuns: 2_000 },
  )
})

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

test('[ARC-4] every fault of a request is told at once, and nothing may stand beside the command unheeded', () => {
  const parsed = parseRequest(
    aggregates,
    '{"stream":"project","idempotencykey":"12345678","actor":"p.sato","command":{"x":"\\ud800"}}',
  )
  assert.ok(!parsed.ok)
  const told = parsed.refusals.map(({ code, path }) => `${code} ${path}`)
  expect(told.sort()).toEqual(
    ['actor', 'command.x', 'idempotencyKey', 'idempotencykey', 'stream'].map((path) => `request.malformed ${path}`),
  )
  const misspelt = parsed.refusals.find(({ path }) => path === 'idempotencykey')
  expect(misspelt?.next.en).toContain('did you mean "idempotencyKey"?')
})

test('[ARC-4] a fault of a command is told in our own words, with what may be written', () => {
  const bodies = [
    { command: '{"type":"SuspendProjekt"}', path: 'command.type', next: 'did you mean "SuspendProject"?' },
    { command: '{"type":"SuspendProject"}', path: 'command.reason', next: '1 to 4000 characters' },
    { command: '{"type":"EndProject","cause":"over"}', path: 'command.cause', next: '"expiry" or "end-of-use"' },
    { command: '{"type":"Grant"}', path: 'command.type', next: 'write "RemoveHandler"' },
    { command: '7', path: 'command', next: 'an object' },
  ]
  for (const { command, path, next } of bodies) {
    const refusal = first(`{"stream":"project/P-1","idempotencyKey":"${key}","command":${command}}`)
    expectThat([refusal.path, refusal.next.en], command).toEqual([path, expect.stringContaining(next)])
    assert.ok(!/Invalid|expected/u.test(refusal.what.en + refusal.next.en), 'none of zod’s own words')
  }
})
