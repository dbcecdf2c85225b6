import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { organisationKey, sameOrganisation } from '#domain/kernel/organisation.ts'
import { line, prose } from '#domain/kernel/fields.ts'
import { refuses, until } from '../application/support.ts'
import { people } from '../support/people.ts'
import { expectThat } from '../support/expect.ts'

/** Spellings of one organisation that a reader takes for the same. */
const spellings = [
  { name: '東都医科大学', other: '東都\u200B医科大学', how: 'zero-width space' },
  { name: '東都医科大学', other: '東都医科大学\u200D', how: 'zero-width joiner' },
  { name: '東都医科大学', other: '\uFEFF東都医科大学', how: 'byte order mark' },
  { name: '東都医科大学', other: '東都医\u00AD科大学', how: 'soft hyphen' },
  { name: '東都医科大学', other: '東都医科大学\u{E0101}', how: 'variation selector' },
  { name: '東都医科大学', other: '\u202E東都医科大学\u202C', how: 'direction override' },
  { name: '東都医科大学', other: '東都　医科大学', how: 'a space between' },
  { name: '東都医科大学', other: '東都・医科大学', how: 'a middle dot' },
  { name: 'Toto Medical University', other: 'ＴＯＴＯ Ｍｅｄｉｃａｌ University', how: 'full width' },
  { name: 'Toto Medical University', other: 'Tоtо Medical University', how: 'Cyrillic о' },
  { name: 'Toto Medical University', other: 'Toto Medical-University.', how: 'punctuation' },
  { name: 'Straße GmbH', other: 'STRASSE GmbH', how: 'sharp s' },
  { name: 'エヌ工業', other: 'エヌエ業', how: 'katakana for an ideograph' },
  { name: 'ミナト統計㈱', other: 'ミナト統計(株)', how: 'a sign for a word' },
]

test('[REV-2] no spelling makes another organisation of one', () => {
  for (const { name, other, how } of spellings) assert.ok(sameOrganisation(name, other), how)
  for (const [a, b] of [
    ['東都医科大学', '西都医科大学'],
    ['Alpha Pharma', 'Beta Pharma'],
    ['北信大学', '北信大学病院'],
  ] as const)
    assert.ok(!sameOrganisation(a, b), `${a} ${b}`)
})

test('[REV-2] what is compared does not change when it is compared again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (name) => {
      expect(organisationKey(organisationKey(name))).toBe(organisationKey(name))
    }),
    { numRuns: 2_000 },
  )
})

test('[REV-2] a reviewer of the applicant is found out however their organisation is spelled', () => {
  const application = until('CheckFormat')
  for (const organisation of ['東都\u200B医科大学', '東都・医科大学', '東都 医科 大学', '東都医科大学\u{E0101}']) {
    const reviewers = [people.reviewer, people.secondReviewer].map(({ id, organisation: own }, index) => ({
      personId: id,
      organisation: index === 0 ? organisation : own,
    }))
    refuses(application, people.operator, { type: 'AssignReviewers', reviewers }, 'conflict-of-interest')
  }
})

test('[REV-2] an organisation of nothing that can be compared is none', () => {
  for (const organisation of ['\u200B', '・', '---', '\u2060\u2060']) {
    refuses(
      until('AssignReviewers'),
      { ...people.reviewer, organisation },
      { type: 'RecordReview', checklist: {}, verdict: 'favourable', comment: 'x' },
      'conflict-of-interest',
    )
  }
})

test('[APP-1] no text holds what a reader cannot see, or what turns the direction of writing', () => {
  for (const hidden of ['\u200B', '\u202E', '\u2066', '\uFEFF', '\u2028', '\u0000', '\u{E0041}']) {
    expectThat(line.safeParse(`研究${hidden}計画`).success, hidden.codePointAt(0)?.toString(16)).toBe(false)
    expectThat(prose.safeParse(`研究${hidden}計画`).success, hidden.codePointAt(0)?.toString(16)).toBe(false)
  }
  assert.ok(line.safeParse('葛\u{E0100}飾区 渡邉').success, 'variants of ideographs in names are kept')
  assert.ok(prose.safeParse('一行\n二行\t三').success)
})
