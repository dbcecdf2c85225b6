import { expect, test } from '@jest/globals'
import { archiveKey, compareCopies, type ArchivedObject } from '#domain/ledger/copies.ts'
import { emptyHead, sealEvents } from '#domain/ledger/record.ts'

const stream = 'project/A-0001'
const actor = { id: 'o.mori', organisation: 'Renkei operations', roles: ['operator'], factors: ['pwd', 'otp'] } as const
const at = '2026-11-22T03:00:00.000Z'
const later = new Date('2026-11-22T04:00:00.000Z')
const records = sealEvents(
  stream,
  emptyHead,
  [{ type: 'ProjectOpened' }, { type: 'ProjectSuspended' }, { type: 'ProjectResumed' }],
  { at, actor },
)
const copies = records.map((record): ArchivedObject => ({
  key: archiveKey(stream, record.sequence),
  versions: 1,
  first: { ...record, signature: 'c2ln', keyId: 'key' },
}))
const with2 = (change: Partial<ArchivedObject>) =>
  copies.map((copy, index) => (index === 1 ? { ...copy, ...change } : copy))

test('[C-5] a ledger whose copies are whole shows no difference, whatever their order', () => {
  expect(compareCopies(stream, records, [...copies].reverse(), later)).toEqual([])
})

test('[C-5] a record changed after it was copied is found, even where the whole chain was computed anew', () => {
  const forged = sealEvents(
    stream,
    emptyHead,
    [{ type: 'ProjectOpened' }, { type: 'HandlerRemoved' }, { type: 'ProjectResumed' }],
    { at, actor },
  )
  expect(compareCopies(stream, forged, copies, later)).toEqual([
    'record 2 is not what was archived',
    'record 3 is not what was archived',
  ])
})

test('[C-5] a tail cut off the ledger is found by its copies', () => {
  expect(compareCopies(stream, records.slice(0, 2), copies, later)).toEqual([
    `the archive holds ${archiveKey(stream, 3)}, the ledger does not`,
  ])
})

test('[LOG-3] a copy that was put over or hidden by a delete marker is found', () => {
  expect(compareCopies(stream, records, with2({ versions: 2 }), later).join()).toMatch(
    /^the copy of record 2 was overwritten or deleted/,
  )
})

test('[C-5] a copy that is missing is a difference only once its 60 seconds are over', () => {
  const [first, , third] = copies as [ArchivedObject, ArchivedObject, ArchivedObject]
  expect(compareCopies(stream, records, [first, third], later)).toEqual(['record 2 has no copy in the archive'])
  expect(compareCopies(stream, records, [first, third], new Date(Date.parse(at) + 59_000))).toEqual([])
})

test('[C-5] a copy of another shape, or none that can be read, is no copy', () => {
  for (const first of [
    undefined,
    null,
    'text',
    [],
    {},
    { ...records[1], hash: '0'.repeat(64) },
    { ...records[1], event: { type: '\ud800' } },
  ]) {
    expect(compareCopies(stream, records, with2({ first }), later)).toEqual(['record 2 is not what was archived'])
  }
})
