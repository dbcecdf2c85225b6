/**
 * Exact sets of integers as sorted, disjoint, non-adjacent closed intervals, flat: `[first, last, first, last, …]`.
 * Every operation is linear in the number of intervals.
 */
export type Intervals = readonly number[]

export const EMPTY: Intervals = []

export const interval = (first: number, last: number): Intervals => (first <= last ? [first, last] : EMPTY)

/** The set of the given intervals, in any order, overlapping or not. */
export function fromPairs(pairs: readonly (readonly [number, number])[]): Intervals {
  const sorted = pairs.filter(([first, last]) => first <= last).sort((a, b) => a[0] - b[0])
  const result: number[] = []
  for (const [first, last] of sorted) append(result, first, last)
  return result
}

/** Adds an interval whose first is not below any first already there. */
function append(result: number[], first: number, last: number): void {
  const end = result.length - 1
  if (end > 0 && first <= result[end]! + 1) result[end] = Math.max(result[end]!, last)
  else result.push(first, last)
}

export const isEmpty = (set: Intervals) => set.length === 0

/** Number of integers in the set. */
export function size(set: Intervals): number {
  let sum = 0
  for (let at = 0; at < set.length; at += 2) sum += set[at + 1]! - set[at]! + 1
  return sum
}

export function has(set: Intervals, value: number): boolean {
  let low = 0
  let high = set.length / 2 - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    if (value < set[2 * middle]!) high = middle - 1
    else if (value > set[2 * middle + 1]!) low = middle + 1
    else return true
  }
  return false
}

/** How much longer one set must be than the other for looking up to be faster than walking both. */
const LONGER = 16

export function intersect(a: Intervals, b: Intervals): Intervals {
  if (a.length === 0 || b.length === 0 || a[a.length - 1]! < b[0]! || b[b.length - 1]! < a[0]!) return EMPTY
  if (a.length > LONGER * b.length) return lookUp(b, a)
  if (b.length > LONGER * a.length) return lookUp(a, b)
  const result: number[] = []
  let i = 0
  let j = 0
  while (i < a.length && j < b.length) {
    const first = Math.max(a[i]!, b[j]!)
    const last = Math.min(a[i + 1]!, b[j + 1]!)
    if (first <= last) result.push(first, last)
    if (a[i + 1]! < b[j + 1]!) i += 2
    else j += 2
  }
  return result
}

/** The part of a short set that is in a long one. */
function lookUp(short: Intervals, long: Intervals): Intervals {
  const result: number[] = []
  for (let at = 0; at < short.length; at += 2) {
    for (let k = firstEndingAt(long, short[at]!); k < long.length && long[k]! <= short[at + 1]!; k += 2)
      result.push(Math.max(short[at]!, long[k]!), Math.min(short[at + 1]!, long[k + 1]!))
  }
  return result
}

/** Place of the first interval that does not end before a value. */
function firstEndingAt(set: Intervals, value: number): number {
  let low = 0
  let high = set.length / 2
  while (low < high) {
    const middle = (low + high) >> 1
    if (set[2 * middle + 1]! < value) low = middle + 1
    else high = middle
  }
  return 2 * low
}

export function union(a: Intervals, b: Intervals): Intervals {
  if (a.length === 0) return b
  if (b.length === 0) return a
  const result: number[] = []
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    if (j >= b.length || (i < a.length && a[i]! <= b[j]!)) {
      append(result, a[i]!, a[i + 1]!)
      i += 2
    } else {
      append(result, b[j]!, b[j + 1]!)
      j += 2
    }
  }
  return result
}

export function subtract(a: Intervals, b: Intervals): Intervals {
  if (a.length === 0 || b.length === 0) return a
  const result: number[] = []
  let j = firstEndingAt(b, a[0]!)
  for (let i = 0; i < a.length; i += 2) {
    let first = a[i]!
    const last = a[i + 1]!
    while (j < b.length && b[j + 1]! < first) j += 2
    for (let k = j; first <= last; k += 2) {
      if (k >= b.length || b[k]! > last) {
        result.push(first, last)
        break
      }
      if (b[k]! > first) result.push(first, b[k]! - 1)
      first = b[k + 1]! + 1
    }
  }
  return result
}
