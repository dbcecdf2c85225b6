import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { canonicalJson, digestOf } from '#domain/ledger/canonical.ts'
import { emptyHead, GENESIS, recordHash, sealEvents, type LedgerRecord } from '#domain/ledger/record.ts'
import { verifyStream } from '#domain/ledger/verify.ts'

const stream = 'project/A-2026-0001'
const actor = { id: 'o.mori', organisation: 'Renkei operations', roles: ['operator'], factors: ['pwd', 'otp'] } as const
const at = '2026-11-22T03:00:00.000Z'
const event = fc.record({
  type: fc.constantFrom('HandlerRemoved', 'ProjectSuspended'),
  reason: fc.string({ unit: 'binary', maxLength: 12 }),
  extra: fc.jsonValue({ maxDepth: 2 }),
})
const storable = (value: unknown) => {
  try {
    canonicalJson(value)
    return true
  } catch {
    return false
  }
}
const chain = fc
  .array(event.filter(storable), { minLength: 2, maxLength: 8 })
  .map((events) => sealEvents(stream, emptyHead, events, { at, actor }))
const copy = (records: readonly LedgerRecord[]) =>
  structuredClone(records) as { -readonly [Key in keyof LedgerRecord]: LedgerRecord[Key] }[]

test('[LOG-3] a stream as it was written verifies, in one append or in several', () => {
  fc.assert(
    fc.property(chain, fc.nat(8), (records, at_) => {
      const head = records.at(-1)!
      expect(verifyStream(stream, records)).toEqual({ ok: true, head: { sequence: head.sequence, hash: head.hash } })
      const split = Math.min(at_, records.length)
      const events = records.map((record) => record.event)
      const first = sealEvents(stream, emptyHead, events.slice(0, split), { at, actor })
      const last = first.at(-1)
      const rest = sealEvents(
        stream,
        last ? { sequence: last.sequence, hash: last.hash } : emptyHead,
        events.slice(split),
        { at, actor },
      )
      expect([...first, ...rest]).toEqual(records)
    }),
  )
})

/** Changes one leaf or one key of a JSON value to something else. */
function changeOneByte(value: unknown, pick: number): unknown {
  if (typeof value === 'string') {
    if (value === '') return 'x'
    const place = pick % value.length
    return value.slice(0, place) + String.fromCharCode(value.charCodeAt(place) ^ 1) + value.slice(place + 1)
  }
  if (typeof value === 'number') return value === 0 ? 1 : -value
  if (typeof value === 'boolean') return !value
  if (value === null) return 0
  if (Array.isArray(value))
    return value.length === 0 ? [0] : value.with(pick % value.length, changeOneByte(value[pick % value.length], pick))
  const entries = Object.entries(value as object)
  if (entries.length === 0) return { x: 0 }
  const place = pick % entries.length
  return Object.fromEntries(
    entries.map(([key, item], index) => [
      key,
      index === place ? changeOneByte(item, Math.floor(pick / entries.length)) : item,
    ]),
  )
}

test('[C-5] one changed byte anywhere in any record is found, at that record', () => {
  fc.assert(
    fc.property(
      chain,
      fc.nat(),
      fc.constantFrom('stream', 'sequence', 'at', 'actor', 'event', 'previousHash', 'hash' as const),
      fc.nat(),
      (records, place, field, pick) => {
        const index = place % records.length
        const broken = copy(records)
        const record = broken[index]! as unknown as Record<string, unknown>
        record[field] = changeOneByte(record[field], pick)
        const found = verifyStream(stream, broken)
        expect(found.ok).toBe(false)
        assert.ok(!found.ok && found.sequence === index + 1)
      },
    ),
  )
})

test('[C-5] a forger who also recomputes the changed record’s hash is found at the next record', () => {
  fc.assert(
    fc.property(chain, (records) => {
      const broken = copy(records)
      broken[0]!.event = { type: 'ProjectSuspended', reason: 'forged' }
      broken[0]!.hash = recordHash(broken[0]!)
      fc.pre(broken[0]!.hash !== records[0]!.hash)
      const found = verifyStream(stream, broken)
      assert.ok(!found.ok && found.sequence === 2)
    }),
  )
})

test('[C-5] a removed, repeated, inserted or reordered record is found', () => {
  fc.assert(
    fc.property(chain, fc.nat(), fc.constantFrom('remove', 'repeat', 'insert', 'swap'), (records, place, how) => {
      const index = place % (records.length - 1)
      const broken = copy(records)
      if (how === 'remove') broken.splice(index, 1)
      if (how === 'repeat') broken.splice(index, 0, broken[index]!)
      if (how === 'insert') {
        const before =
          index === 0 ? emptyHead : { sequence: records[index - 1]!.sequence, hash: records[index - 1]!.hash }
        broken.splice(index, 0, ...sealEvents(stream, before, [{ type: 'inserted' }], { at, actor }))
      }
      if (how === 'swap') broken.splice(index, 2, broken[index + 1]!, broken[index]!)
      expect(verifyStream(stream, broken).ok).toBe(false)
    }),
  )
})

test('[C-5] a cut-off tail, or a stream written anew from the start, is found by the head of a receipt', () => {
  fc.assert(
    fc.property(chain, fc.nat(), (records, cut) => {
      const last = records.at(-1)!
      const receipt = { sequence: last.sequence, hash: last.hash }
      expect(verifyStream(stream, records, receipt).ok).toBe(true)
      expect(verifyStream(stream, records.slice(0, cut % records.length), receipt).ok).toBe(false)
      const rewritten = sealEvents(
        stream,
        emptyHead,
        records.map(() => ({ type: 'rewritten' })),
        { at, actor },
      )
      expect(verifyStream(stream, rewritten).ok).toBe(true)
      expect(verifyStream(stream, rewritten, receipt).ok).toBe(false)
    }),
  )
})

test('[C-5] an older receipt still holds when the stream has grown', () => {
  fc.assert(
    fc.property(chain, fc.nat(), (records, place) => {
      const receipted = records[place % records.length]!
      expect(verifyStream(stream, records, { sequence: receipted.sequence, hash: receipted.hash }).ok).toBe(true)
    }),
  )
})

test('[C-5] the hash does not depend on the order of members, nor on members without a value', () => {
  expect(digestOf({ a: 1, b: { c: 2, d: 3 } })).toBe(digestOf({ b: { d: 3, c: 2 }, a: 1, e: undefined }))
  expect(digestOf({ a: 1 })).toBe('015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862')
  expect(GENESIS.length).toBe(64)
})

test('[C-5] what storage would silently change is refused before it is hashed', () => {
  for (const value of [
    { text: 'broken \uD800' },
    { '\uDC00': 1 },
    { nested: [{ n: Number.NaN }] },
    { n: Number.POSITIVE_INFINITY },
    { n: 2 ** 53 },
  ]) {
    expect(() => sealEvents(stream, emptyHead, [value], { at, actor })).toThrow()
  }
})
