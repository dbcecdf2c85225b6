import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import * as headers from '#proof/network/headers.ts'
import * as intervals from '#proof/network/intervals.ts'
import { runs, seed } from '#test/support/effort.ts'

const TOP = 20
const values = Array.from({ length: TOP + 1 }, (_, value) => value)
const set = fc
  .array(
    fc.tuple(fc.nat(TOP), fc.nat(TOP)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const),
    { maxLength: 5 },
  )
  .map(intervals.fromPairs)
const parameters = { numRuns: runs(500, 50_000), ...(seed === undefined ? {} : { seed }) }

/** Sorted, disjoint, not adjacent: the one form a set has. */
const canonical = (value: intervals.Intervals) =>
  value.every((edge, at) => at === 0 || (at % 2 === 1 ? edge >= value[at - 1]! : edge > value[at - 1]! + 1))

test('sets of integers: each operation agrees with membership, value by value, and keeps the one form', () => {
  fc.assert(
    fc.property(set, set, (a, b) => {
      const operations = {
        union: [intervals.union(a, b), (x: boolean, y: boolean) => x || y],
        intersect: [intervals.intersect(a, b), (x: boolean, y: boolean) => x && y],
        subtract: [intervals.subtract(a, b), (x: boolean, y: boolean) => x && !y],
      } as const
      for (const [result, rule] of Object.values(operations)) {
        assert.ok(canonical(result))
        for (const value of values)
          expect(intervals.has(result, value)).toBe(rule(intervals.has(a, value), intervals.has(b, value)))
        expect(intervals.size(result)).toBe(values.filter((value) => intervals.has(result, value)).length)
      }
    }),
    parameters,
  )
})

const box = fc.record({ source: set, destination: set, protocol: set, sourcePort: set, destinationPort: set })
const headerSet = fc
  .array(box, { maxLength: 4 })
  .map((boxes) =>
    boxes.reduce<headers.Headers>((sum, fields) => headers.union(sum, headers.headers(fields)), headers.NOTHING),
  )
const packet = fc.record({
  source: fc.nat(TOP),
  destination: fc.nat(TOP),
  protocol: fc.nat(TOP),
  sourcePort: fc.nat(TOP),
  destinationPort: fc.nat(TOP),
})

test('sets of packets: each operation agrees with membership, packet by packet', () => {
  fc.assert(
    fc.property(headerSet, headerSet, fc.array(packet, { minLength: 20, maxLength: 20 }), (a, b, packets) => {
      for (const probe of packets) {
        const [inA, inB] = [headers.contains(a, probe), headers.contains(b, probe)]
        expect(headers.contains(headers.union(a, b), probe)).toBe(inA || inB)
        expect(headers.contains(headers.intersect(a, b), probe)).toBe(inA && inB)
        expect(headers.contains(headers.subtract(a, b), probe)).toBe(inA && !inB)
        const back = {
          source: probe.destination,
          destination: probe.source,
          protocol: probe.protocol,
          sourcePort: probe.destinationPort,
          destinationPort: probe.sourcePort,
        }
        expect(headers.contains(headers.reversed(a), back)).toBe(inA)
      }
    }),
    parameters,
  )
})

test('sets of packets: counting is exact, so boxes never overlap', () => {
  fc.assert(
    fc.property(headerSet, headerSet, (a, b) => {
      expect(headers.count(headers.union(a, b)) + headers.count(headers.intersect(a, b))).toBe(
        headers.count(a) + headers.count(b),
      )
      expect(headers.count(headers.subtract(a, b))).toBe(headers.count(a) - headers.count(headers.intersect(a, b)))
      assert.ok(headers.equals(headers.union(headers.subtract(a, b), headers.intersect(a, b)), a))
    }),
    parameters,
  )
})

test('a set that is not empty gives an example that is in it', () => {
  fc.assert(
    fc.property(headerSet, (a) => {
      const found = headers.example(a)
      expect(found === undefined).toBe(headers.isEmpty(a))
      if (found) assert.ok(headers.contains(a, found))
    }),
    parameters,
  )
})
