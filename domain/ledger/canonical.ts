import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'

/**
 * RFC 8785 canonical JSON. Throws TypeError for what has no canonical form: a function, a non-finite number, and for
 * what storage would change, and the hash with it: an integer that a number cannot hold exactly, a string that is not
 * well-formed Unicode.
 */
export function canonicalJson(value: unknown): string {
  assertStorable(value)
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError('a value without a JSON form cannot be recorded')
  return text
}

/** SHA-256 of the canonical JSON, 64 lower-case hexadecimal digits. */
export const digestOf = (value: unknown): string =>
  createHash('sha256').update(canonicalJson(value), 'utf8').digest('hex')

function assertStorable(value: unknown): void {
  if (typeof value === 'string' && !value.isWellFormed())
    throw new TypeError('text that is not well-formed Unicode cannot be recorded')
  if (typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER)
    throw new TypeError('a number beyond 2^53 - 1 cannot be recorded')
  if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      assertStorable(key)
      assertStorable(item)
    }
  }
}
