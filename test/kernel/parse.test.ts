import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import * as z from 'zod'
import { applicationCommand } from '#domain/application/commands.ts'
import { formSchema } from '#domain/application/form.ts'
import { nearest } from '#domain/kernel/nearest.ts'
import { parse } from '#domain/kernel/parse.ts'
import type { Refusal } from '#domain/kernel/refusal.ts'
import { wordings } from '#domain/kernel/wording.ts'
import { projectCommand } from '#domain/project/commands.ts'
import { expectThat } from '#test/support/expect.ts'
import { assertWellWritten } from '#test/support/refusal.ts'

const parsed = (schema: z.ZodType, value: unknown): readonly Refusal[] => {
  const result = parse(schema, value, { code: 'form.shape', root: 'form' })
  return result.ok ? [] : result.refusals
}

const months = z
  .int()
  .min(1)
  .max(60)
  .register(wordings, { unit: { en: 'months', ja: 'か月' } })
const schema = z.strictObject({
  alarmEmail: z.email().optional(),
  months: months.optional(),
  hours: z.number().gt(0).lt(24).multipleOf(0.5).optional(),
  until: z.iso.date().optional(),
  code: z
    .string()
    .regex(/^[a-z]{2}$/)
    .optional(),
  name: z.string().min(2).max(5).optional(),
  list: z.array(z.boolean()).min(1).max(2).optional(),
  kind: z.enum(['visiting', 'media']).optional(),
  accepted: z.literal(true).optional(),
  items: z.record(z.string().regex(/^[a-z]+$/), z.number()).optional(),
  either: z.union([z.number(), z.strictObject({ a: z.string() })]).optional(),
  command: z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('Suspend'), reason: z.string() }),
      z.strictObject({ type: z.literal('Resume') }),
    ])
    .optional(),
  rule: z
    .string()
    .refine((text) => text === 'x')
    .optional(),
  set: z.set(z.number()).optional(),
})

/** Every kind of fault that zod finds, with what is said of it. */
const faults = [
  { value: { alarmMail: 'x' }, path: 'form.alarmMail', next: 'did you mean "alarmEmail"?' },
  { value: { something: 'x' }, path: 'form.something', next: 'remove it' },
  { value: { months: '15m' }, path: 'form.months', what: '"15m"', next: 'a whole number without quotes: months' },
  { value: { months: 1.5 }, path: 'form.months', what: '1.5', next: 'a whole number' },
  { value: { months: 0 }, path: 'form.months', why: 'at least 1 months', next: 'write at least 1 months' },
  { value: { months: 61 }, path: 'form.months', next: 'at most 60 months' },
  { value: { hours: 0 }, path: 'form.hours', next: 'more than 0' },
  { value: { hours: 24 }, path: 'form.hours', next: 'less than 24' },
  { value: { hours: 0.7 }, path: 'form.hours', next: 'a multiple of 0.5' },
  { value: { hours: NaN }, path: 'form.hours', what: 'NaN', next: 'a number' },
  { value: { until: '2028-02-30' }, path: 'form.until', what: '"2028-02-30"', next: 'e.g. 2026-11-22' },
  { value: { alarmEmail: 'x' }, path: 'form.alarmEmail', next: 'e.g. hanako@example.jp' },
  { value: { code: 'X' }, path: 'form.code', what: '"X"', next: '/^[a-z]{2}$/' },
  { value: { name: 'x' }, path: 'form.name', what: '1 character', next: 'at least 2 characters' },
  { value: { name: 'x'.repeat(6) }, path: 'form.name', what: '6 characters', next: 'at most 5 characters' },
  { value: { list: [] }, path: 'form.list', what: 'the list is empty', next: 'at least 1 entry' },
  { value: { list: [true, true, true] }, path: 'form.list', what: '3 entries', next: 'at most 2 entries' },
  { value: { list: ['x'] }, path: 'form.list[0]', what: '"x"', next: 'true or false' },
  { value: { kind: 'visitng' }, path: 'form.kind', next: 'did you mean "visiting"? Write "visiting" or "media"' },
  { value: { kind: null }, path: 'form.kind', what: 'null', next: '"visiting" or "media"' },
  { value: { accepted: false }, path: 'form.accepted', what: 'false', next: 'write true' },
  { value: { items: { A: 1 } }, path: 'form.items.A', next: 'correct the name' },
  { value: { items: { a: 'x' } }, path: 'form.items.a', next: 'a number without quotes' },
  { value: { either: { a: 1 } }, path: 'form.either.a', next: 'a text in quotes' },
  { value: { command: {} }, path: 'form.command.type', what: 'missing', next: '"Suspend" or "Resume"' },
  { value: { command: { type: 'Resum' } }, path: 'form.command.type', next: 'did you mean "Resume"?' },
  { value: { command: { type: 'Suspend' } }, path: 'form.command.reason', what: 'missing', next: 'a text in quotes' },
  { value: { command: 7 }, path: 'form.command', what: '7', next: 'an object' },
  { value: { command: { type: 'Suspend', reson: 1, reason: 'x' } }, path: 'form.command.reson', next: '"reason"' },
  { value: { rule: 'y' }, path: 'form.rule', what: '"y"', next: 'correct this part' },
  { value: { set: new Set(['x']) }, path: 'form.set', next: 'a number without quotes' },
  { value: 'x', path: 'form', what: '"x"', next: 'an object' },
  { value: undefined, path: 'form', what: 'missing', next: 'an object' },
]
for (const { value, path, what, why, next } of faults) {
  const shown = value instanceof Object ? JSON.stringify(value) : String(value)
  test(`[ARC-4] ${shown} is refused at ${path} in the platform's own words`, () => {
    const refusals = parsed(schema, value)
    const found = refusals.find((refusal) => refusal.path === path)
    assert.ok(found, JSON.stringify(refusals))
    expect(found.next.en).toContain(next)
    if (what !== undefined) expect(found.what.en).toContain(what)
    if (why !== undefined) expect(found.why.en).toContain(why)
    for (const refusal of refusals) assertWellWritten(refusal)
    assert.ok(!/Invalid|received/u.test(JSON.stringify(refusals)), 'none of the library’s words')
  })
}

test('[ARC-4] letters that steer a terminal or turn the writing are shown by their code, and long texts cut', () => {
  const hostile = `a\u202Eb\u200Bc\u0007\uD800${'x'.repeat(500)}`
  const [refusal] = parsed(z.number(), hostile)
  assert.ok(refusal)
  expect(refusal.what.en).toContain('a\\u{202e}b\\u{200b}c\\u{7}\\u{d800}x')
  expect(refusal.what.ja).toContain('a\\u{202e}b')
  assert.ok(refusal.what.en.length < 120 && refusal.what.en.isWellFormed())
  const [unknown] = parsed(z.strictObject({}), { [hostile]: 1 })
  assert.ok(unknown?.path?.startsWith('form.a\\u{202e}b') && unknown.path.length < 60)
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const [found] = parsed(z.number(), text)
      assert.ok(found?.what.en.isWellFormed() && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(found.what.en + found.what.ja))
    }),
  )
})

test('[ARC-4] an answer tells a bounded number of faults, whatever was sent, and how many it leaves out', () => {
  const names = Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`name-${index}`, 1]))
  const many = [
    {
      refusals: parsed(
        z.array(z.boolean()),
        Array.from({ length: 10_000 }, () => 0),
      ),
      left: '9800 faults',
    },
    { refusals: parsed(schema, names), left: '49800 faults' },
  ]
  for (const { refusals, left } of many) {
    expect(refusals.length).toBe(201)
    expect(refusals.at(-1)?.what.en).toBe(`${left} are not listed`)
    for (const refusal of refusals) assertWellWritten(refusal)
  }
})

test('[APP-1] every text that must have a form of its own says in both languages what to write', () => {
  const seen = new Set<z.core.$ZodType>()
  const visit = (each: z.core.$ZodType | undefined, path: string): void => {
    if (each === undefined || seen.has(each)) return
    seen.add(each)
    const def = each._zod.def as any
    const checked = def.type === 'string' && (def.format !== undefined || (def.checks ?? []).length > 0)
    const ownForm = checked && !(def.checks ?? []).every((check: any) => /length/u.test(check._zod.def.check))
    if (ownForm) expectThat(Object.keys(wordings.get(each) ?? {}).sort(), path).toEqual(['next', 'why'])
    for (const part of ['innerType', 'element', 'keyType', 'valueType']) visit(def[part], `${path}.${part}`)
    for (const [name, inner] of Object.entries(def.shape ?? {})) visit(inner as z.core.$ZodType, `${path}.${name}`)
    for (const option of def.options ?? []) visit(option, path)
  }
  for (const top of [formSchema, applicationCommand, projectCommand]) visit(top, 'form')
  assert.ok(seen.size > 50, 'the schemas were walked through')
})

test('[ARC-4] a name is taken for another only where at most one letter in three is wrong', () => {
  const names = ['stream', 'command', 'idempotencyKey']
  const meant = [
    { written: 'Stream', found: 'stream' },
    { written: 'steram', found: 'stream' },
    { written: 'comand', found: 'command' },
    { written: 'idempotency-key', found: 'idempotencyKey' },
    { written: 'actor', found: undefined },
    { written: 'x'.repeat(1_000_000), found: undefined },
  ]
  for (const { written, found } of meant) expectThat(nearest(written, names), written.slice(0, 20)).toBe(found)
})
