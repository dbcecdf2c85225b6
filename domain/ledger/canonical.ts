import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'

/**
 * RFC 8785 canonical JSON. Throws TypeError for what has no canonical form: a function, a non-finite number,
 * or a string that is not well-formed Unicode (storage would change it, and the hash with it).
 */
export function canonicalJson(value: unknown): string {
  assertWellFormed(value)
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError('a value without a JSON form cannot be recorded')
  return text
}

/** SHA-256 of the canonical JSON, 64 lower-case hexadecimal digits. */
export const digestOf = (value: unknown): string => createHash('sha256').update(canonicalJson(value), 'utf8').digest('hex')

function assertWellFormed(value: unknown): void {
  if (typeof value === 'string' && !value.isWellFormed()) throw new TypeError('text that is not well-formed Unicode cannot be recorded')
  if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      assertWellFormed(key)
      assertWellFormed(item)
    }
  }
}
