import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  creationToken,
  desktopGroupName,
  keyAlias,
  storeGroupName,
  userName,
} from '#domain/project/provisioning/resource-names.ts'
import { seed } from '#test/support/effort.ts'

test('[C-10] a person in a project has one user name, that Active Directory and Linux take', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (projectId, personId) => {
      const name = userName(projectId, personId)
      expect(name).toMatch(/^[a-z][a-z2-7]{19}$/)
      expect(userName(projectId, personId)).toBe(name)
    }),
    { seed },
  )
})

test('[NET-5] no two places share a user name, however their ids are cut', () => {
  const places = fc.uniqueArray(fc.tuple(fc.string({ maxLength: 6 }), fc.string({ maxLength: 6 })), {
    selector: JSON.stringify,
    minLength: 2,
  })
  fc.assert(
    fc.property(places, (all) => {
      expect(new Set(all.map(([project, person]) => userName(project, person))).size).toBe(all.length)
    }),
    { seed },
  )
  expect(userName('a', 'bc')).not.toBe(userName('ab', 'c'))
})

test('[NET-5] names stay within what AWS takes and apart from each other, however long the project id', () => {
  const long = 'P'.repeat(400)
  for (const [name, most] of [
    [keyAlias, 256],
    [desktopGroupName, 255],
    [storeGroupName, 255],
    [creationToken, 64],
  ] as const) {
    assert.ok(name('demo', long).length <= most)
    expect(name('demo', `${long}1`)).not.toBe(name('demo', `${long}2`))
  }
})
