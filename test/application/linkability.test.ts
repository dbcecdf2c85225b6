import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import type { PublishedDatabase } from '#domain/application/context.ts'
import { linkable } from '#domain/application/linkability.ts'
import { japanDate } from '#domain/kernel/decider.ts'
import { NOW, rules } from './support.ts'

const database = (id: string, over: Partial<PublishedDatabase> = {}): PublishedDatabase => ({
  id,
  kind: 'public',
  dataKind: 'anonymised',
  linkRoute: 'id5',
  provisionRoute: 'visiting',
  ...over,
})
const producer = database('RWD9', { kind: 'private', linkRoute: 'accredited-producer' })
const lawful = (a: PublishedDatabase, b: PublishedDatabase, on: string) => linkable(a, b, on, rules.linkable).allowed

test('[PUB-4] what is linked follows the law of the day: IDB from 2024-04-01, eight from 2025-12-01', () => {
  expect(lawful(database('IDB'), database('NDB'), '2024-03-31')).toBe(false)
  expect(lawful(database('IDB'), database('NDB'), '2024-04-01')).toBe(true)
  const eight = ['NDB', 'KAIGO', 'DPC', 'SHOMAN', 'SHOGAIJI', 'IDB', 'SHOGAI', 'NANBYO']
  const on = (day: string) => eight.filter((id) => lawful(producer, database(id), day))
  expect(on('2025-11-30')).toEqual(['NDB', 'KAIGO', 'DPC'])
  expect(on('2025-12-01')).toEqual(eight)
  expect(lawful(database('NDB'), database('CANCER'), '2026-11-22')).toBe(false)
})

test('[PUB-4] a refusal for the date cites the law', () => {
  const answer = linkable(producer, database('NANBYO'), '2025-11-30', rules.linkable)
  assert.ok(!answer.allowed && answer.why.ja.includes('令和7年政令第393号') && answer.why.en.includes('2025-12-01'))
})

test('[CAT-3] linkability is symmetric, and every allowed pair has ids, basis and date', () => {
  const all = [
    ...['NDB', 'KAIGO', 'DPC', 'SHOMAN', 'SHOGAIJI', 'IDB', 'SHOGAI', 'NANBYO', 'CANCER', 'EMR'].map((id) =>
      database(id),
    ),
    producer,
  ]
  for (const a of all) {
    for (const b of all) {
      const answer = linkable(a, b, japanDate(NOW), rules.linkable)
      expect(answer.allowed).toBe(lawful(b, a, japanDate(NOW)))
      if (answer.allowed) assert.ok(answer.basis && answer.ids.length > 0 && /^\d{4}-\d\d-\d\d$/.test(answer.from))
    }
  }
})

test('[LNK-3] a private database without an approved route is linked with nothing', () => {
  for (const linkRoute of ['none', 'id5', 'id4'] as const)
    expect(lawful(database('NDB'), { ...producer, linkRoute }, '2026-11-22')).toBe(false)
})

test('[PUB-2] pseudonymised and anonymised data are never linked', () => {
  const answer = linkable({ ...producer, dataKind: 'pseudonymised' }, database('NDB'), '2026-11-22', rules.linkable)
  assert.ok(!answer.allowed && answer.requirement === 'PUB-2')
})
